import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Proposals of a round that became no allocation, and why not. */
export class LeaveProposalsOut1765008000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE round_proposal ADD COLUMN left_out_for text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE round_proposal DROP COLUMN left_out_for');
  }
}
