import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where an organisation's office is, in the directory. */
export class AddAddressOfOrganisations1764000200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE organisation ADD COLUMN address jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE organisation DROP COLUMN address');
  }
}
