import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateMatchingRound1765004000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE matching_round (
        id uuid PRIMARY KEY,
        status text NOT NULL,
        requested_at timestamptz NOT NULL,
        ended_at timestamptz,
        time_limit_ms integer NOT NULL,
        position text NOT NULL,
        inputs_digest text NOT NULL,
        offers integer NOT NULL,
        needs integer NOT NULL,
        settings jsonb NOT NULL,
        solution jsonb,
        stopped_for text
      )`);
    await runner.query('CREATE INDEX ON matching_round (requested_at)');
    await runner.query(`
      CREATE TABLE round_proposal (
        id text PRIMARY KEY,
        round_id uuid NOT NULL,
        need_id uuid NOT NULL,
        offer_id uuid NOT NULL,
        helping_organisation_id uuid NOT NULL,
        supporting_organisation_id uuid NOT NULL,
        score integer NOT NULL,
        terms jsonb NOT NULL,
        weeks jsonb NOT NULL
      )`);
    await runner.query('CREATE INDEX ON round_proposal (round_id, score)');
    await runner.query(`
      CREATE TABLE round_unserved (
        id text PRIMARY KEY,
        round_id uuid NOT NULL,
        need_id uuid NOT NULL,
        severity integer NOT NULL,
        reason text NOT NULL,
        rule text,
        weeks jsonb NOT NULL,
        nearest_misses jsonb NOT NULL
      )`);
    await runner.query('CREATE INDEX ON round_unserved (round_id, severity)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['round_unserved', 'round_proposal', 'matching_round']) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}
