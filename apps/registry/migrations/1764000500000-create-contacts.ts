import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The vault, and the read models of contacts: what is held on which grounds, and who has read it. */
export class CreateContacts1764000500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Held: a name and the revision that accounts for it. Erased: nothing but the id and how many rows there were.
    await runner.query(`
      CREATE TABLE personal_data (
        contact_id uuid PRIMARY KEY,
        revision bigint,
        name text,
        email text,
        phone text,
        note text,
        erased_rows integer,
        CHECK (
          (erased_rows IS NULL AND revision IS NOT NULL AND name IS NOT NULL) OR
          (erased_rows IS NOT NULL AND num_nonnulls(revision, name, email, phone, note) = 0)
        )
      )`);
    await runner.query('CREATE INDEX personal_data_by_email ON personal_data (email)');

    await runner.query(`
      CREATE TABLE contact (
        id uuid PRIMARY KEY,
        organisation_id uuid NOT NULL,
        purposes text[] NOT NULL,
        consent jsonb NOT NULL,
        review_on date NOT NULL,
        stage text NOT NULL,
        stage_since timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL,
        erasure_reason text,
        erased jsonb,
        revision bigint NOT NULL
      )`);
    await runner.query('CREATE INDEX contact_by_organisation ON contact (organisation_id, recorded_at, id)');
    await runner.query('CREATE INDEX contact_by_review ON contact (review_on, id)');

    await runner.query(`
      CREATE TABLE personal_data_read (
        event_id uuid PRIMARY KEY,
        contact_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        purpose text NOT NULL,
        subject text NOT NULL,
        read_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX personal_data_read_by_time ON personal_data_read (read_at, event_id)');
    await runner.query('CREATE INDEX personal_data_read_by_contact ON personal_data_read (contact_id, read_at)');
    await runner.query('CREATE INDEX personal_data_read_by_subject ON personal_data_read (subject, read_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE personal_data, contact, personal_data_read');
  }
}
