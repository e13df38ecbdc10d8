import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateShortage1765005000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE shortage (
        id uuid PRIMARY KEY,
        field_key text NOT NULL,
        region_key text NOT NULL,
        declared_on date NOT NULL,
        eased_on date
      )`);
    await runner.query('CREATE INDEX shortage_by_declaration ON shortage (declared_on, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE shortage');
  }
}
