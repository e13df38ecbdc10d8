import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateOffer1765001000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE offer (
        id uuid PRIMARY KEY,
        organisation_id uuid NOT NULL,
        is_withdrawn boolean NOT NULL,
        paused_for text[] NOT NULL,
        facts jsonb NOT NULL,
        field_keys text[] NOT NULL,
        region_keys text[] NOT NULL,
        is_remote_possible boolean NOT NULL,
        skill_keys text[] NOT NULL,
        language_tags text[] NOT NULL,
        minutes_per_week integer NOT NULL,
        available_from date NOT NULL,
        available_until date NOT NULL,
        qualifications jsonb NOT NULL,
        published_at timestamptz NOT NULL,
        assured_at timestamptz NOT NULL,
        assurances integer NOT NULL,
        holds jsonb NOT NULL
      )`);
    await runner.query('CREATE INDEX ON offer (organisation_id)');
    await runner.query('CREATE INDEX ON offer (assured_at) WHERE NOT is_withdrawn');
    for (const column of ['field_keys', 'region_keys', 'skill_keys']) {
      await runner.query(`CREATE INDEX ON offer USING gin (${column})`);
    }
    await runner.query(`
      CREATE TABLE offer_week (
        offer_id uuid NOT NULL,
        week text NOT NULL,
        offered integer NOT NULL,
        held integer NOT NULL,
        confirmed integer NOT NULL,
        PRIMARY KEY (offer_id, week)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['offer_week', 'offer']) await runner.query(`DROP TABLE ${table}`);
  }
}
