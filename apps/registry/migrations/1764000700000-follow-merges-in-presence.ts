import type { MigrationInterface, QueryRunner } from 'typeorm';

/** For which organisation a structure was recorded, beside the one that it counts as. Merges from before need a rebuild. */
export class FollowMergesInPresence1764000700000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE presence ADD COLUMN recorded_for uuid');
    await runner.query('UPDATE presence SET recorded_for = organisation_id');
    await runner.query('ALTER TABLE presence ALTER COLUMN recorded_for SET NOT NULL');
    await runner.query('CREATE INDEX presence_by_recorded_organisation ON presence (recorded_for)');
    await runner.query('ALTER TABLE presence_organisation ADD COLUMN merged_into uuid');
    await runner.query(
      'CREATE INDEX presence_organisation_by_survivor ON presence_organisation (merged_into) WHERE merged_into IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('UPDATE presence SET organisation_id = recorded_for');
    await runner.query('ALTER TABLE presence DROP COLUMN recorded_for');
    await runner.query('ALTER TABLE presence_organisation DROP COLUMN merged_into');
  }
}
