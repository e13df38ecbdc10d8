import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is asked for which review, and who has given it. */
export class CreateReviewTask1764001600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE reviewed_grant (
        id uuid PRIMARY KEY,
        applicant_id uuid NOT NULL,
        title text NOT NULL,
        is_in_review boolean NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE review_task (
        grant_id uuid NOT NULL REFERENCES reviewed_grant,
        subject text NOT NULL,
        assigned_at timestamptz NOT NULL,
        is_assigned boolean NOT NULL,
        submitted_at timestamptz,
        is_conflicted boolean NOT NULL,
        PRIMARY KEY (grant_id, subject)
      )`);
    await runner.query('CREATE INDEX review_task_by_subject ON review_task (subject, assigned_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE review_task, reviewed_grant');
  }
}
