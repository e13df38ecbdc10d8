import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Grants with their amounts and where they stand, and the lines that money is asked for. */
export class CreateGrantRegister1764001400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE grant_register (
        id uuid PRIMARY KEY,
        call_id uuid NOT NULL,
        pot_id uuid NOT NULL,
        applicant_id uuid NOT NULL,
        title text NOT NULL,
        summary text NOT NULL,
        structure_id uuid,
        field_keys text[] NOT NULL,
        region_keys text[] NOT NULL,
        within_keys text[] NOT NULL,
        project_from date,
        project_to date,
        currency text NOT NULL,
        requested bigint NOT NULL,
        recommended bigint NOT NULL,
        awarded bigint NOT NULL,
        disbursed bigint NOT NULL,
        remaining bigint NOT NULL,
        spent bigint NOT NULL,
        returned bigint NOT NULL,
        proof_due_on date,
        standing text,
        survivor_id uuid,
        standing_since timestamptz,
        conflicted text[] NOT NULL,
        stage text NOT NULL,
        stage_since timestamptz NOT NULL,
        progress jsonb NOT NULL,
        drafted_at timestamptz NOT NULL,
        submitted_at timestamptz,
        awarded_at timestamptz
      )`);
    await runner.query('CREATE INDEX grant_register_by_stage ON grant_register (stage, stage_since, id)');
    await runner.query('CREATE INDEX grant_register_by_applicant ON grant_register (applicant_id)');
    await runner.query('CREATE INDEX grant_register_by_call ON grant_register (call_id)');
    await runner.query('CREATE INDEX grant_register_by_pot ON grant_register (pot_id)');
    await runner.query('CREATE INDEX grant_register_by_field ON grant_register USING gin (field_keys)');
    await runner.query('CREATE INDEX grant_register_by_region ON grant_register USING gin (within_keys)');
    await runner.query(`
      CREATE TABLE funded_line (
        grant_id uuid NOT NULL,
        line_no integer NOT NULL,
        key text NOT NULL,
        period_from date NOT NULL,
        period_to date NOT NULL,
        requested bigint NOT NULL,
        PRIMARY KEY (grant_id, line_no)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE funded_line, grant_register');
  }
}
