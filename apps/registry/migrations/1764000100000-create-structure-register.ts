import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The structures, by who does what where, for whom. */
export class CreateStructureRegister1764000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE structure (
        id uuid PRIMARY KEY,
        organisation_id uuid NOT NULL,
        name text NOT NULL,
        field_keys text[] NOT NULL,
        region_keys text[] NOT NULL,
        within_keys text[] NOT NULL,
        target_groups text[] NOT NULL,
        service text NOT NULL,
        operating_since date NOT NULL,
        capacity_quantity integer,
        capacity_unit text,
        capacity_assured_at timestamptz,
        stage text NOT NULL,
        stage_since timestamptz NOT NULL,
        gate jsonb NOT NULL,
        reason text,
        proposed_revision jsonb,
        recorded_by text NOT NULL,
        recorded_at timestamptz NOT NULL,
        revision bigint NOT NULL
      )`);
    await runner.query('CREATE INDEX structure_by_field ON structure USING gin (field_keys)');
    await runner.query('CREATE INDEX structure_by_region ON structure USING gin (region_keys)');
    await runner.query('CREATE INDEX structure_by_territory ON structure USING gin (within_keys)');
    await runner.query('CREATE INDEX structure_by_name ON structure (name, id)');
    await runner.query('CREATE INDEX structure_by_organisation ON structure (organisation_id)');
    await runner.query('CREATE INDEX structure_by_stage ON structure (stage, name, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE structure');
  }
}
