import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What offers promised of each week when it ended. Those from before need a rebuild. */
export class CountWhatWasPromised1765007000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE offer ADD COLUMN past jsonb NOT NULL DEFAULT '{"before": "", "weeks": []}'`);
    await runner.query('ALTER TABLE offer_week ADD COLUMN promised integer NOT NULL DEFAULT 0');
    await runner.query('CREATE INDEX ON offer_week (week)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX offer_week_week_idx');
    await runner.query('ALTER TABLE offer_week DROP COLUMN promised');
    await runner.query('ALTER TABLE offer DROP COLUMN past');
  }
}
