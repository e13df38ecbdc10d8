import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pots with their sums, and every movement in them. */
export class CreatePotRegister1764001200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE pot (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        currency text NOT NULL,
        contributed bigint NOT NULL,
        reserved bigint NOT NULL,
        committed bigint NOT NULL,
        opened_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX pot_by_name ON pot (name, id)');
    await runner.query(`
      CREATE TABLE pot_entry (
        pot_id uuid NOT NULL,
        revision bigint NOT NULL,
        kind text NOT NULL,
        cents bigint NOT NULL,
        currency text NOT NULL,
        grant_id uuid,
        attempt integer,
        contribution_id uuid,
        at timestamptz NOT NULL,
        PRIMARY KEY (pot_id, revision)
      )`);
    await runner.query('CREATE INDEX pot_entry_by_grant ON pot_entry (grant_id, attempt)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE pot, pot_entry');
  }
}
