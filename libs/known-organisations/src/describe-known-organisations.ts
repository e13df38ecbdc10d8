import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Legal form, identifiers and parent; of organisations told of before, from when they are told of again. */
export class DescribeKnownOrganisations1764001100001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE known_organisation
        ADD COLUMN legal_form text,
        ADD COLUMN identifiers jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN parent_id uuid`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE known_organisation DROP COLUMN legal_form, DROP COLUMN identifiers, DROP COLUMN parent_id`);
  }
}
