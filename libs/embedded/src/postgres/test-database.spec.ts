import { Client } from 'pg';
import { createTestDatabase } from './test-database';

async function query<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

it('every test database is empty and apart from the others', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await query(one.url, 'CREATE TABLE thing (id int)');
  expect(await query(other.url, "SELECT to_regclass('thing') AS thing")).toEqual([{ thing: null }]);
  await Promise.all([one.drop(), other.drop()]);
});

it('the extensions that directories need can be created, and know letters beyond ASCII', async () => {
  const database = await createTestDatabase();
  await query(database.url, 'CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent; CREATE EXTENSION btree_gist');
  const rows = await query(
    database.url,
    "SELECT lower('ÄÖ') AS lower, unaccent('Żółw Größe') AS bare, similarity('Nöthnitz', 'nöthnitz') AS similarity",
  );
  expect(rows).toEqual([{ lower: 'äö', bare: 'Zolw Grosse', similarity: 1 }]);
  await database.drop();
});

it('dropping a test database breaks off connections that are still open', async () => {
  const database = await createTestDatabase();
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const broken = new Promise((settle) => client.on('error', settle));
  await database.drop();
  expect(await broken).toBeInstanceOf(Error);
});
