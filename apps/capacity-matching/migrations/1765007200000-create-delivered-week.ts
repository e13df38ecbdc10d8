import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was delivered, by allocation and week. What was delivered before needs a rebuild. */
export class CreateDeliveredWeek1765007200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE delivered_week (
        allocation_id uuid NOT NULL,
        week text NOT NULL,
        offer_id uuid NOT NULL,
        minutes integer NOT NULL,
        PRIMARY KEY (allocation_id, week)
      )`);
    await runner.query('CREATE INDEX ON delivered_week (week)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE delivered_week');
  }
}
