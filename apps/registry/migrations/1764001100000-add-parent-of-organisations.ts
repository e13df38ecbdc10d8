import type { MigrationInterface, QueryRunner } from 'typeorm';

/** To which other an organisation belongs, in the directory. */
export class AddParentOfOrganisations1764001100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE organisation ADD COLUMN parent_id uuid');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE organisation DROP COLUMN parent_id');
  }
}
