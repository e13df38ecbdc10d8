import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tranches, each with the payment that was requested last. */
export class CreateTrancheRegister1764001700000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE tranche_register (
        id text PRIMARY KEY,
        grant_id uuid NOT NULL,
        tranche_id uuid NOT NULL,
        version integer NOT NULL,
        cents bigint NOT NULL,
        currency text NOT NULL,
        due_on date NOT NULL,
        requires_report boolean NOT NULL,
        stage text NOT NULL,
        stage_since timestamptz NOT NULL,
        approvals_needed integer,
        approvals integer NOT NULL,
        payment_id uuid,
        recipient_id uuid,
        needed_by date,
        paid_on date,
        paid_despite jsonb NOT NULL
      )`);
    await runner.query('CREATE INDEX tranche_register_by_grant ON tranche_register (grant_id, due_on)');
    await runner.query('CREATE INDEX tranche_register_by_stage ON tranche_register (stage, due_on)');
    await runner.query('CREATE INDEX tranche_register_by_recipient ON tranche_register (recipient_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tranche_register');
  }
}
