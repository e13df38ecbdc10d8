import type { MigrationInterface, QueryRunner } from 'typeorm';

/** For the migrations of a service that keeps this read model. */
export class CreateKnownOrganisation1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE known_organisation (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        kind text NOT NULL,
        region_key text,
        status text NOT NULL,
        since timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX known_organisation_by_name ON known_organisation (name, id)');
    await runner.query('CREATE INDEX known_organisation_by_region ON known_organisation (region_key text_pattern_ops)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE known_organisation');
  }
}
