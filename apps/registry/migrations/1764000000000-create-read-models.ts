import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables of the registry's read models: the directory of organisations, the map of regions, the fields of action. */
export class CreateReadModels1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
    await runner.query(`
      CREATE TABLE organisation (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        search_name text NOT NULL,
        kind text NOT NULL,
        legal_form text,
        stage text NOT NULL,
        stage_since timestamptz NOT NULL,
        region_key text,
        operating_since date NOT NULL,
        identifiers jsonb NOT NULL,
        registration_keys text[] NOT NULL,
        field_keys text[] NOT NULL,
        website text,
        applied_by text NOT NULL,
        applied_at timestamptz NOT NULL,
        revision bigint NOT NULL
      )`);
    await runner.query('CREATE INDEX organisation_by_words ON organisation USING gin (search_name gin_trgm_ops)');
    await runner.query('CREATE INDEX organisation_by_registration ON organisation USING gin (registration_keys)');
    await runner.query('CREATE INDEX organisation_by_field ON organisation USING gin (field_keys)');
    await runner.query('CREATE INDEX organisation_by_region ON organisation (region_key text_pattern_ops)');
    await runner.query('CREATE INDEX organisation_by_name ON organisation (name, id)');
    await runner.query('CREATE INDEX organisation_by_stage ON organisation (stage, name, id)');

    const regionColumns = `
        name text NOT NULL,
        levels text[] NOT NULL,
        prefix text NOT NULL,
        parent_key text,
        population integer,
        valid_from date NOT NULL,
        valid_to date,
        successor_keys text[] NOT NULL`;
    await runner.query(`CREATE TABLE region (key text PRIMARY KEY, ${regionColumns})`);
    await runner.query('CREATE INDEX region_by_prefix ON region (key text_pattern_ops)');
    await runner.query('CREATE INDEX region_by_name ON region USING gin (name gin_trgm_ops)');
    await runner.query(`
      CREATE TABLE region_listing (
        import_id uuid NOT NULL,
        key text NOT NULL,
        ${regionColumns},
        PRIMARY KEY (import_id, key)
      )`);

    await runner.query(`
      CREATE TABLE field_of_action (
        key text PRIMARY KEY,
        name_de text NOT NULL,
        name_en text NOT NULL,
        valid_from date NOT NULL,
        valid_to date
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE organisation, region, region_listing, field_of_action');
  }
}
