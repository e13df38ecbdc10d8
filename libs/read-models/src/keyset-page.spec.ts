import { createTestDatabase, type TestDatabase } from '@alliance/embedded';
import { type DataSource, EntitySchema } from 'typeorm';
import { connectDatabase } from './database';
import { InvalidCursor, type KeysetOrder, keysetPage } from './keyset-page';

interface Person {
  id: string;
  town: string;
  joinedAt: Date;
  hours: number;
}

const PersonEntity = new EntitySchema<Person>({
  name: 'person',
  columns: {
    id: { type: 'text', primary: true },
    town: { type: 'text' },
    joinedAt: { type: 'timestamptz', name: 'joined_at' },
    hours: { type: 'int' },
  },
});

type Field = keyof Person;

let testDatabase: TestDatabase;
let database: DataSource;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = await connectDatabase({ url: testDatabase.url, entities: [PersonEntity] });
  await database.query(`
    CREATE TABLE person (id text PRIMARY KEY, town text, joined_at timestamptz, hours int);
    INSERT INTO person SELECT 'p' || lpad(n::text, 2, '0'), (ARRAY['Köln', 'Ulm', 'Aachen'])[n % 3 + 1],
      timestamptz '2026-01-01' + (n % 5) * interval '1 hour', n % 2 FROM generate_series(1, 30) AS n`);
});

afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

const query = () => database.getRepository(PersonEntity).createQueryBuilder('person');

async function pages(order: readonly KeysetOrder<Field>[], limit: number): Promise<string[][]> {
  const all: string[][] = [];
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await keysetPage(query(), { order, key: 'id', limit, cursor });
    all.push(page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  return all;
}

it.each<[string, readonly KeysetOrder<Field>[], string]>([
  ['no order', [], 'id'],
  ['one field', [{ field: 'town', direction: 'ascending' }], 'town, id'],
  [
    'fields of both directions',
    [
      { field: 'hours', direction: 'descending' },
      { field: 'joinedAt', direction: 'ascending' },
      { field: 'town', direction: 'descending' },
    ],
    'hours DESC, joined_at, town DESC, id',
  ],
  ['the key itself', [{ field: 'id', direction: 'descending' }], 'id DESC'],
])('the pages of a list by %s are the list', async (_, order, sql) => {
  const expected = await database.query<{ id: string }[]>(`SELECT id FROM person ORDER BY ${sql}`);
  for (const limit of [1, 7, 30, 100]) {
    const found = await pages(order, limit);
    expect(found.flat()).toEqual(expected.map(({ id }) => id));
    expect(found).toHaveLength(Math.ceil(30 / limit));
  }
});

it('filters of the query hold on every page', async () => {
  const filtered = () => query().where('person.town = :town OR person.hours = 5', { town: 'Ulm' });
  const first = await keysetPage(filtered(), { order: [], key: 'id', limit: 6 });
  const second = await keysetPage(filtered(), { order: [], key: 'id', limit: 6, cursor: first.nextCursor });
  expect([...first.items, ...second.items].map(({ town }) => town)).toEqual(Array(10).fill('Ulm'));
  expect(second.nextCursor).toBeUndefined();
});

it('a row that comes or goes on an earlier page moves nothing on the later ones', async () => {
  const first = await keysetPage(query(), { order: [], key: 'id', limit: 10 });
  await database.query("DELETE FROM person WHERE id = 'p03'");
  const second = await keysetPage(query(), { order: [], key: 'id', limit: 10, cursor: first.nextCursor });
  await database.query("INSERT INTO person VALUES ('p03', 'Ulm', '2026-01-01T03:00:00Z', 1)");
  expect(second.items[0]?.id).toBe('p11');
});

const encode = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64url');

it.each([
  ['empty', ''],
  ['no JSON', 'äöü'],
  ['no array', encode({ joinedAt: 1 })],
  ['of another order', encode(['-joinedAt,id', '2026-01-01T00:00:00Z', 'p01'])],
  ['short of a value', encode(['joinedAt,id', '2026-01-01T00:00:00Z'])],
  ['of a value that is no scalar', encode(['joinedAt,id', null, 'p01'])],
  ['of a value that the column cannot hold', encode(['joinedAt,id', "now' --", 'p01'])],
  ['of a character that text cannot hold', encode(['joinedAt,id', '2026-01-01T00:00:00Z', '\u0000'])],
])('a cursor that is %s is refused', async (_, cursor) => {
  const order = [{ field: 'joinedAt', direction: 'ascending' }] as const;
  await expect(keysetPage(query(), { order, key: 'id', limit: 5, cursor })).rejects.toThrow(InvalidCursor);
});
