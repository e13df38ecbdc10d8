import { createTestDatabase, type TestDatabase } from '@alliance/embedded';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { connectDatabase } from './database';
import { migrate, type Migration, pendingMigrations, readModelMigrations } from './migrations';

let testDatabase: TestDatabase;

beforeEach(async () => {
  testDatabase = await createTestDatabase();
});

afterEach(() => testDatabase.drop());

function migration(name: string, up: (runner: QueryRunner) => Promise<unknown>, transaction?: boolean): Migration {
  return class implements MigrationInterface {
    readonly name = name;
    readonly transaction = transaction;
    async up(runner: QueryRunner): Promise<void> {
      await up(runner);
    }
    async down(): Promise<void> {}
  };
}

const createThing = migration('CreateThing1700000000010', (runner) =>
  runner.query('CREATE TABLE thing AS SELECT generate_series(1, 1000) AS id'),
);

it('what is pending is applied in order, once', async () => {
  const { url } = testDatabase;
  const fillThing = migration('FillThing1700000000011', (runner) => runner.query('INSERT INTO thing VALUES (0)'));
  const database = await connectDatabase({ url, entities: [] });
  expect(await pendingMigrations(database, [createThing, fillThing])).toEqual([
    'CreateThing1700000000010',
    'FillThing1700000000011',
  ]);
  expect(await migrate({ url, migrations: [createThing] })).toEqual(['CreateThing1700000000010']);
  expect(await pendingMigrations(database, [createThing, fillThing])).toEqual(['FillThing1700000000011']);
  expect(await migrate({ url, migrations: [createThing, fillThing] })).toEqual(['FillThing1700000000011']);
  expect(await migrate({ url, migrations: [createThing, fillThing] })).toEqual([]);
  expect(await pendingMigrations(database, [createThing, fillThing])).toEqual([]);
  await database.destroy();
});

it('of four that begin at once one works and the others wait, also round an index made concurrently', async () => {
  const { url } = testDatabase;
  const indexThing = migration(
    'IndexThing1700000000011',
    (runner) => runner.query('CREATE INDEX CONCURRENTLY thing_id ON thing (id)'),
    false,
  );
  const migrations = [...readModelMigrations, createThing, indexThing];
  const applied = await Promise.all([1, 2, 3, 4].map(() => migrate({ url, migrations })));
  expect(applied.map((names) => names.length).sort()).toEqual([0, 0, 0, 3]);
});

it('a migration that fails leaves nothing of itself, and the ones before it stay', async () => {
  const { url } = testDatabase;
  const broken = migration('Broken1700000000011', async (runner) => {
    await runner.query('CREATE TABLE half ()');
    await runner.query('SELECT 1 / 0');
  });
  const migrations = [createThing, broken];
  await expect(migrate({ url, migrations })).rejects.toThrow('division by zero');
  const database = await connectDatabase({ url, entities: [] });
  expect(await pendingMigrations(database, migrations)).toEqual(['Broken1700000000011']);
  expect(await database.query("SELECT to_regclass('half') AS half, to_regclass('thing') AS thing")).toEqual([
    { half: null, thing: 'thing' },
  ]);
  await database.destroy();
});
