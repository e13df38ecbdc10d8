import type { MigrationInterface, QueryRunner } from 'typeorm';

/** For the migrations of a service that keeps this read model. */
export class CreateKnownStructure1764000100001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE known_structure (
        id uuid PRIMARY KEY,
        organisation_id uuid NOT NULL,
        name text NOT NULL,
        field_keys text[] NOT NULL,
        region_keys text[] NOT NULL,
        within_keys text[] NOT NULL,
        target_groups text[] NOT NULL,
        service text NOT NULL,
        stage text NOT NULL
      )`);
    await runner.query('CREATE INDEX known_structure_by_field ON known_structure USING gin (field_keys)');
    await runner.query('CREATE INDEX known_structure_by_region ON known_structure USING gin (region_keys)');
    await runner.query('CREATE INDEX known_structure_by_territory ON known_structure USING gin (within_keys)');
    await runner.query('CREATE TABLE known_region (key text PRIMARY KEY, name text NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE known_structure, known_region');
  }
}
