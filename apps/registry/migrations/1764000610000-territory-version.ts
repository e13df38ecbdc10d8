import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The map of regions knows after which import it is as it is. */
export class TerritoryVersion1764000610000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE territory_version (territory text PRIMARY KEY, import_id uuid NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE territory_version');
  }
}
