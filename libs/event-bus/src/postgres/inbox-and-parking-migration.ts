import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables that consumers of the bus keep in the database of their service. */
class InboxAndParking1763800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE inbox (
        consumer_group text NOT NULL,
        topic text NOT NULL,
        key text NOT NULL,
        -- Of the last event handled; -1 when none was.
        revision bigint NOT NULL,
        PRIMARY KEY (consumer_group, topic, key)
      ) WITH (fillfactor = 80)`);
    await runner.query(`
      CREATE TABLE parked_message (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        consumer_group text NOT NULL,
        topic text NOT NULL,
        key text NOT NULL,
        partition integer NOT NULL,
        "offset" bigint NOT NULL,
        message_key bytea NOT NULL,
        headers json NOT NULL,
        value bytea NOT NULL,
        reason text NOT NULL,
        parked_at timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX parked_message_by_key ON parked_message (consumer_group, topic, key, id)`);
    await runner.query(`
      CREATE TABLE parking_audit (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        consumer_group text NOT NULL,
        topic text NOT NULL,
        key text NOT NULL,
        action text NOT NULL,
        message_id bigint,
        by_subject text NOT NULL,
        why text NOT NULL,
        at timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE parking_audit, parked_message, inbox`);
  }
}

/** Belongs to the migrations of every service that consumes. */
export const eventBusMigrations = [InboxAndParking1763800000000];
