import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Imports of organisations: what was judged of each row, and which have applied by now. */
export class CreateOrganisationImport1764000410000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE organisation_import (
        id uuid PRIMARY KEY,
        rows integer NOT NULL,
        accepted integer NOT NULL,
        accepted_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE organisation_import_row (
        import_id uuid NOT NULL,
        line integer NOT NULL,
        verdict text NOT NULL,
        code text,
        detail text,
        organisation_id uuid,
        has_applied boolean NOT NULL,
        PRIMARY KEY (import_id, line)
      )`);
    await runner.query(
      'CREATE INDEX organisation_import_row_by_organisation ON organisation_import_row (organisation_id)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE organisation_import, organisation_import_row');
  }
}
