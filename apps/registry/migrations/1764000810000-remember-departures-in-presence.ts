import type { MigrationInterface, QueryRunner } from 'typeorm';

/** On which day an organisation left, for what is told of its structures afterwards. Departures from before need a rebuild. */
export class RememberDeparturesInPresence1764000810000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE presence_organisation ADD COLUMN left_on date');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE presence_organisation DROP COLUMN left_on');
  }
}
