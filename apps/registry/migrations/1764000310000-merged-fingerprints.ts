import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which organisations are not compared any more, since they are merged. Merges from before need a rebuild of the index. */
export class MergedFingerprints1764000310000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE organisation_fingerprint ADD COLUMN merged boolean NOT NULL DEFAULT false');
    await runner.query('ALTER TABLE organisation_fingerprint ALTER COLUMN merged DROP DEFAULT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE organisation_fingerprint DROP COLUMN merged');
  }
}
