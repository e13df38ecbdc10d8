import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateVocabulary1765006000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE skill (
        key text PRIMARY KEY,
        name_de text NOT NULL,
        name_en text NOT NULL,
        is_retired boolean NOT NULL
      )`);
    for (const table of ['known_region', 'known_field']) {
      await runner.query(`
        CREATE TABLE ${table} (
          key text PRIMARY KEY,
          valid_from date NOT NULL,
          valid_to date,
          successor_keys text[] NOT NULL
        )`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['known_field', 'known_region', 'skill']) await runner.query(`DROP TABLE ${table}`);
  }
}
