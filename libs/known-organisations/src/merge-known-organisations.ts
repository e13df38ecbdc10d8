import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where a merged organisation went. */
export class MergeKnownOrganisations1764000300001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE known_organisation ADD COLUMN merged_into uuid');
    await runner.query(
      'CREATE INDEX known_organisation_by_survivor ON known_organisation (merged_into) WHERE merged_into IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE known_organisation DROP COLUMN merged_into');
  }
}
