import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateAllocation1765003000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE allocation (
        id uuid PRIMARY KEY,
        offer_id uuid NOT NULL,
        need_id uuid NOT NULL,
        supporting_id uuid NOT NULL,
        helping_id uuid NOT NULL,
        round_id uuid,
        stage text NOT NULL,
        reason_code text,
        weeks jsonb NOT NULL,
        minutes integer NOT NULL,
        reports jsonb NOT NULL,
        delivered_minutes integer NOT NULL,
        is_disputed boolean NOT NULL,
        expires_at timestamptz NOT NULL,
        proposed_at timestamptz NOT NULL,
        secured_at timestamptz,
        accepted_helping_at timestamptz,
        accepted_supporting_at timestamptz,
        started_at timestamptz,
        ended_at timestamptz
      )`);
    await runner.query('CREATE INDEX allocation_by_proposal ON allocation (proposed_at, id)');
    await runner.query('CREATE INDEX allocation_by_offer ON allocation (offer_id)');
    await runner.query('CREATE INDEX allocation_by_need ON allocation (need_id)');
    await runner.query('CREATE INDEX allocation_by_supporting ON allocation (supporting_id)');
    await runner.query('CREATE INDEX allocation_by_helping ON allocation (helping_id)');
    await runner.query(`CREATE INDEX allocation_by_expiry ON allocation (id, expires_at) WHERE stage = 'proposed'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE allocation');
  }
}
