import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateCommitment1765005100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE commitment (
        id uuid PRIMARY KEY,
        kind text NOT NULL,
        stage text NOT NULL,
        supporting_id uuid,
        helping_id uuid,
        need_id uuid,
        is_frozen boolean NOT NULL,
        first_week text,
        last_week text,
        revision bigint NOT NULL
      )`);
    const underWay = (name: string, column: string) =>
      runner.query(`CREATE INDEX ${name} ON commitment (${column}) WHERE stage <> 'ended'`);
    await underWay('commitment_under_way', 'id');
    await underWay('commitment_by_supporting', 'supporting_id');
    await underWay('commitment_by_helping', 'helping_id');
    await underWay('commitment_by_need', 'need_id');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE commitment');
  }
}
