import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Fields of action know what took their place. */
export class FieldSuccessors1764000600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE field_of_action ADD COLUMN successor_keys text[] NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE field_of_action DROP COLUMN successor_keys');
  }
}
