import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How fresh organisations and structures are, beside them. Assurances from before need a rebuild. */
export class ShowFreshnessOfRecords1764000510000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['organisation', 'structure']) {
      await runner.query(`
        ALTER TABLE ${table}
          ADD COLUMN assured_facts jsonb NOT NULL DEFAULT '{}',
          ADD COLUMN assured_at timestamptz,
          ADD COLUMN stale_since timestamptz`);
      await runner.query(`CREATE INDEX ${table}_by_assurance ON ${table} (assured_at, id)`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['organisation', 'structure']) {
      await runner.query(
        `ALTER TABLE ${table} DROP COLUMN assured_facts, DROP COLUMN assured_at, DROP COLUMN stale_since`,
      );
    }
  }
}
