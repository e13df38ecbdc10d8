import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Calls, by what lists show of them. */
export class CreateCall1764001300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE call (
        id uuid PRIMARY KEY,
        pot_id uuid NOT NULL,
        title text NOT NULL,
        opens_at timestamptz NOT NULL,
        closes_at timestamptz NOT NULL,
        field_keys text[] NOT NULL,
        region_keys text[] NOT NULL,
        minimum_cents bigint NOT NULL,
        maximum_cents bigint NOT NULL,
        currency text NOT NULL
      )`);
    await runner.query('CREATE INDEX call_by_end ON call (closes_at, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE call');
  }
}
