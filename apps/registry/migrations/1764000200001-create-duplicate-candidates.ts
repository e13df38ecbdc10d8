import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The index in which likely duplicates of an organisation are looked up, and the pairs that were found. */
export class CreateDuplicateCandidates1764000200001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE organisation_fingerprint (
        organisation_id uuid PRIMARY KEY,
        fingerprint jsonb NOT NULL,
        facts jsonb NOT NULL,
        applied_by text NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE organisation_key (
        key text NOT NULL,
        organisation_id uuid NOT NULL,
        PRIMARY KEY (key, organisation_id)
      )`);
    await runner.query(`
      CREATE TABLE organisation_key_frequency (
        key text PRIMARY KEY,
        organisations integer NOT NULL
      )`);
    // Words only, which have no colon: they are looked up misspelt.
    await runner.query(
      `CREATE INDEX organisation_key_frequency_by_spelling ON organisation_key_frequency
         USING gin (key gin_trgm_ops) WITH (fastupdate = off) WHERE key NOT LIKE '%:%'`,
    );
    await runner.query(`
      CREATE TABLE duplicate_candidate (
        id uuid PRIMARY KEY,
        organisation_ids uuid[] NOT NULL,
        status text NOT NULL,
        score double precision NOT NULL,
        reasons jsonb NOT NULL,
        suspected_at timestamptz NOT NULL,
        decided_at timestamptz,
        decided_by text,
        reason_code text,
        note text,
        revision bigint NOT NULL
      )`);
    await runner.query(
      'CREATE INDEX duplicate_candidate_by_organisation ON duplicate_candidate USING gin (organisation_ids)',
    );
    await runner.query('CREATE INDEX duplicate_candidate_by_score ON duplicate_candidate (status, score, id)');
    await runner.query('CREATE INDEX duplicate_candidate_by_day ON duplicate_candidate (status, suspected_at, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE organisation_fingerprint, organisation_key, organisation_key_frequency, duplicate_candidate',
    );
  }
}
