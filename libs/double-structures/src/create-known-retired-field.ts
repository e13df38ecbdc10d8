import type { MigrationInterface, QueryRunner } from 'typeorm';

/** For the migrations of a service that keeps this read model. */
export class CreateKnownRetiredField1764000100002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE known_retired_field (
        key text PRIMARY KEY,
        valid_to date NOT NULL,
        successor_keys text[] NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE known_retired_field');
  }
}
