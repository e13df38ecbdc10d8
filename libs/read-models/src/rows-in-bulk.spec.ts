import { createTestDatabase, type TestDatabase } from '@alliance/embedded';
import type { RecordedEvent } from '@alliance/event-sourcing';
import type { DataSource } from 'typeorm';
import { connectDatabase } from './database';
import { foldIntoRows, type RowFold, upsertRows } from './rows-in-bulk';

let testDatabase: TestDatabase;
let database: DataSource;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = await connectDatabase({ url: testDatabase.url, entities: [] });
  await database.query(`CREATE TABLE grant_register (
    id uuid PRIMARY KEY, name text, "amountMinor" bigint, since date, at timestamptz, tags text[], facts jsonb
  )`);
});

afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

beforeEach(() => database.query('TRUNCATE grant_register'));

const one = '00000000-0000-4000-8000-000000000001';
const two = '00000000-0000-4000-8000-000000000002';

const register = () =>
  database.query('SELECT id, name, "amountMinor", since::text, at, tags, facts FROM grant_register ORDER BY id');

it('values of every kind arrive as they are', async () => {
  const full = {
    id: one,
    name: `O'Neill "ü" \\ $1 \n 𝔘`,
    amountMinor: 9_007_199_254_740_993n,
    since: '1994-04-01',
    at: new Date('2026-03-01T10:00:00.123Z'),
    tags: ['a,b', '"c"', ''],
    facts: { nested: [1, null, { deep: true }] },
  };
  const empty = { id: two, name: null, amountMinor: null, since: null, at: null, tags: [], facts: null };
  await upsertRows(database.manager, 'grant_register', ['id'], [full, empty]);
  expect(await register()).toEqual([{ ...full, amountMinor: '9007199254740993' }, empty]);
});

it('a row whose key exists is replaced in the given columns, and the last of a key counts', async () => {
  await upsertRows(database.manager, 'grant_register', ['id'], [{ id: one, name: 'first', tags: ['kept'] }]);
  const rows = [
    { id: one, name: 'second' },
    { id: two, name: 'new' },
    { id: one, name: 'third' },
  ];
  await upsertRows(database.manager, 'grant_register', ['id'], rows);
  expect(await register()).toMatchObject([
    { id: one, name: 'third', tags: ['kept'] },
    { id: two, name: 'new' },
  ]);
});

it('no rows and rows of nothing but their key are fine', async () => {
  await upsertRows(database.manager, 'grant_register', ['id'], []);
  await upsertRows(database.manager, 'grant_register', ['id'], [{ id: one }]);
  await upsertRows(database.manager, 'grant_register', ['id'], [{ id: one }]);
  expect(await register()).toMatchObject([{ id: one, name: null }]);
});

interface Row {
  readonly id: string;
  readonly name: string;
  readonly since: string | null;
  readonly at: string | null;
}

const naming: RowFold<Row> = {
  table: 'grant_register',
  keyColumn: 'id',
  keyOf: ({ data }) => (data as { id?: string }).id,
  evolve: (row, { type, data }) => {
    const { id, name } = data as { id: string; name: string };
    if (type === 'Deleted') return undefined;
    if (type === 'Ignored') return row;
    return row ? { ...row, name: `${row.name}${name}` } : { id, name, since: '1994-04-01', at: '2026-03-01T10:00:00Z' };
  },
};

function event(type: string, data: object): RecordedEvent {
  return { type, data } as RecordedEvent;
}

it('events become rows in their order, over several batches, as in one', async () => {
  const events = [
    event('Named', { id: one, name: 'a' }),
    event('Named', { id: two, name: 'x' }),
    event('Named', { id: one, name: 'b' }),
    event('Named', {}),
    event('Deleted', { id: two }),
    event('Named', { id: one, name: 'c' }),
    event('Ignored', { id: one }),
    event('Named', { id: two, name: 'y' }),
    event('Deleted', { id: '00000000-0000-4000-8000-000000000003' }),
  ];
  await foldIntoRows(database.manager, naming, events);
  const inOne = await register();
  expect(inOne).toMatchObject([
    { id: one, name: 'abc', since: '1994-04-01', at: new Date('2026-03-01T10:00:00Z') },
    { id: two, name: 'y' },
  ]);

  await database.query('TRUNCATE grant_register');
  for (const each of events) await foldIntoRows(database.manager, naming, [each]);
  expect(await register()).toEqual(inOne);
});
