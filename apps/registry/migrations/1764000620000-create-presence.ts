import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who does what where: a row for each structure, field, region and span of days. */
export class CreatePresence1764000620000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE presence (
        id text COLLATE "C" PRIMARY KEY,
        structure_id uuid NOT NULL,
        structure_name text NOT NULL,
        organisation_id uuid NOT NULL,
        organisation_name text NOT NULL,
        organisation_kind text NOT NULL,
        field_key text NOT NULL,
        service text NOT NULL,
        target_groups text[] NOT NULL,
        region_key text NOT NULL,
        within_keys text[] NOT NULL,
        present_from date NOT NULL,
        present_until date,
        status text NOT NULL
      )`);
    await runner.query('CREATE INDEX presence_by_structure ON presence (structure_id)');
    await runner.query('CREATE INDEX presence_by_organisation ON presence (organisation_id)');
    await runner.query('CREATE INDEX presence_by_territory ON presence USING gin (within_keys)');
    await runner.query('CREATE INDEX presence_by_field ON presence (field_key, id)');
    await runner.query(`
      CREATE TABLE presence_organisation (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        kind text NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE presence, presence_organisation');
  }
}
