import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateNeed1765002000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE need (
        id uuid PRIMARY KEY,
        organisation_id uuid NOT NULL,
        is_open boolean NOT NULL,
        closed_for text,
        facts jsonb NOT NULL,
        field_keys text[] NOT NULL,
        region_key text NOT NULL,
        severity integer NOT NULL,
        is_prioritised boolean NOT NULL,
        needed_by date NOT NULL,
        needed_until date NOT NULL,
        opened_at timestamptz NOT NULL,
        wanted_minutes integer NOT NULL,
        proposed_minutes integer NOT NULL,
        started_minutes integer NOT NULL,
        delivered_minutes integer NOT NULL,
        served_share double precision NOT NULL
      )`);
    await runner.query('CREATE INDEX ON need (organisation_id)');
    await runner.query('CREATE INDEX ON need (region_key text_pattern_ops) WHERE is_open');
    await runner.query('CREATE INDEX ON need USING gin (field_keys)');
    await runner.query(`
      CREATE TABLE need_supply (
        allocation_id uuid PRIMARY KEY,
        need_id uuid NOT NULL,
        offer_id uuid NOT NULL,
        status text NOT NULL,
        weeks jsonb NOT NULL,
        minutes integer NOT NULL,
        delivered_minutes integer NOT NULL
      )`);
    await runner.query('CREATE INDEX ON need_supply (need_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['need_supply', 'need']) await runner.query(`DROP TABLE ${table}`);
  }
}
