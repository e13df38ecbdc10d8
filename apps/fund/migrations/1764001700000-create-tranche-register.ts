import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tranches with their payments, and the recipients of open grants. */
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
    await runner.query(`
      CREATE TABLE open_grant (
        grant_id uuid PRIMARY KEY,
        applicant_id uuid NOT NULL,
        standing text,
        survivor_id uuid,
        since timestamptz
      )`);
    await runner.query('CREATE INDEX open_grant_by_applicant ON open_grant (applicant_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tranche_register, open_grant');
  }
}
