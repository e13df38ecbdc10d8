import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where a merged organisation went, and the payments that forbid a merge while they are pending. */
export class MergeOrganisations1764000300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE organisation ADD COLUMN merged_into uuid, ADD COLUMN merged_from_stage text');
    await runner.query(
      'CREATE INDEX organisation_by_survivor ON organisation (merged_into) WHERE merged_into IS NOT NULL',
    );
    await runner.query(`
      CREATE TABLE pending_payment (
        payment_id uuid PRIMARY KEY,
        organisation_id uuid NOT NULL,
        requested_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX pending_payment_by_organisation ON pending_payment (organisation_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE pending_payment');
    await runner.query('ALTER TABLE organisation DROP COLUMN merged_into, DROP COLUMN merged_from_stage');
  }
}
