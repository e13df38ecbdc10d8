import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the sides of an allocation say was worked, beside what it brings to a need. Words from before need a rebuild. */
export class HoursReportedForNeeds1765007100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE need_supply ADD COLUMN reports jsonb NOT NULL DEFAULT '[]'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE need_supply DROP COLUMN reports');
  }
}
