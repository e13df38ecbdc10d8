import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How fresh facts are: who assured them last and when, and what has been said of their age. */
export class CreateAssuredFact1764000400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE assured_fact (
        id text PRIMARY KEY,
        record_type text NOT NULL,
        record_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        kind text NOT NULL,
        assured_at timestamptz NOT NULL,
        assured_by_role text NOT NULL,
        assured_by_organisation_id uuid,
        standing boolean NOT NULL,
        reminded_at timestamptz,
        stale_since timestamptz
      )`);
    await runner.query('CREATE INDEX assured_fact_by_age ON assured_fact (assured_at, id)');
    await runner.query('CREATE INDEX assured_fact_by_organisation ON assured_fact (organisation_id, assured_at, id)');
    await runner.query('CREATE INDEX assured_fact_by_record ON assured_fact (record_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE assured_fact');
  }
}
