import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reports and repayments by the log; and the vault of receipt lists, whose rows hold personal data. */
export class CreateProofOfUse1764001800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE accountable_grant (
        grant_id uuid PRIMARY KEY,
        title text NOT NULL,
        recipient_organisation_id uuid,
        ended_at timestamptz,
        closed_at timestamptz
      )`);
    await runner.query(`
      CREATE TABLE grant_report (
        report_id uuid PRIMARY KEY,
        grant_id uuid NOT NULL,
        kind text NOT NULL,
        due_on date NOT NULL,
        stage text NOT NULL,
        version integer NOT NULL,
        submitted_at timestamptz,
        currency text,
        receipts bigint,
        spent bigint,
        disallowed bigint,
        reminded_of date,
        receipts_erased boolean NOT NULL
      )`);
    await runner.query('CREATE INDEX grant_report_by_grant ON grant_report (grant_id, due_on, report_id)');
    await runner.query(
      `CREATE INDEX grant_report_awaited ON grant_report (due_on, report_id) WHERE stage IN ('due', 'returned')`,
    );
    await runner.query(`
      CREATE TABLE repayment (
        repayment_id uuid PRIMARY KEY,
        grant_id uuid NOT NULL,
        cause text NOT NULL,
        currency text NOT NULL,
        principal bigint NOT NULL,
        returned bigint NOT NULL,
        due_on date NOT NULL,
        rates jsonb NOT NULL,
        received jsonb NOT NULL
      )`);
    await runner.query('CREATE INDEX repayment_by_grant ON repayment (grant_id, due_on, repayment_id)');

    await runner.query(`
      CREATE TABLE receipt_list (
        report_id uuid PRIMARY KEY,
        salt text,
        version integer,
        erased boolean NOT NULL DEFAULT false,
        CHECK (CASE WHEN erased THEN num_nonnulls(salt, version) = 0 ELSE salt IS NOT NULL END)
      )`);
    await runner.query(`
      CREATE TABLE receipt_row (
        report_id uuid NOT NULL REFERENCES receipt_list,
        "row" integer NOT NULL,
        line text NOT NULL,
        paid_on date NOT NULL,
        payee text NOT NULL,
        purpose text NOT NULL,
        cents bigint NOT NULL,
        currency text NOT NULL,
        PRIMARY KEY (report_id, "row")
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE accountable_grant, grant_report, repayment, receipt_row, receipt_list');
  }
}
