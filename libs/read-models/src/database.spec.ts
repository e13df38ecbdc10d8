import { setTimeout } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase } from '@alliance/embedded';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { DataSource } from 'typeorm';
import { connectDatabase, isDatabaseUnavailable } from './database';

let testDatabase: TestDatabase;
let database: DataSource;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = await connectDatabase({ url: testDatabase.url, entities: [], poolSize: 2 });
});

afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

it('a server that is not there is a database that is unavailable', async () => {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  const url = `postgres://nobody@127.0.0.1:${port}/nothing`;
  expect(isDatabaseUnavailable(await failureOf(connectDatabase({ url, entities: [] })))).toBe(true);
});

it('a server that hangs up is a database that is unavailable', async () => {
  const server = createServer((socket) => socket.destroy());
  const url = `postgres://nobody@127.0.0.1:${await listening(server)}/nothing`;
  expect(isDatabaseUnavailable(await failureOf(connectDatabase({ url, entities: [] })))).toBe(true);
  server.close();
});

it('a server that accepts and is silent is a database that is unavailable', async () => {
  const server = createServer();
  const url = `postgres://nobody@127.0.0.1:${await listening(server)}/nothing`;
  expect(isDatabaseUnavailable(await failureOf(connectDatabase({ url, entities: [] })))).toBe(true);
  server.close();
});

it('a connection that breaks during a statement means unavailable, and others work again soon', async () => {
  const broken = failureOf(database.query('SELECT pg_sleep(60)'));
  await expectEventually(async () => {
    const killed = await database.query<unknown[]>(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep%' AND state = 'active'`,
    );
    return killed.length === 1;
  });
  expect(isDatabaseUnavailable(await broken)).toBe(true);
  await expectEventually(async () => (await failureOf(database.query('SELECT 1'))) === undefined);
});

it.each([0, 20])(
  'a connection that breaks within a transaction, %d ms before its next statement, means unavailable',
  async (ms) => {
    const failure = await failureOf(
      database.transaction(async (tx) => {
        const [me] = await tx.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
        await database.query('SELECT pg_terminate_backend($1)', [me?.pid]);
        if (ms > 0) await setTimeout(ms);
        await tx.query('SELECT 1');
      }),
    );
    expect(isDatabaseUnavailable(failure)).toBe(true);
  },
);

it('the URL may demand TLS, and then nothing goes over the wire without', async () => {
  // The cluster of the tests knows no TLS, which shows that it was asked for.
  const failure = await failureOf(connectDatabase({ url: `${testDatabase.url}?sslmode=verify-full`, entities: [] }));
  expect(String(failure)).toContain('does not support SSL');
});

it('a fault in the question is not a database that is unavailable', async () => {
  for (const statement of ['SELECT 1 / 0', 'SELECT', 'SELEC', 'SELECT * FROM nothing', "SELECT 'a'::int"]) {
    expect(isDatabaseUnavailable(await failureOf(database.query(statement)))).toBe(false);
  }
  expect(isDatabaseUnavailable(new Error('no'))).toBe(false);
  expect(isDatabaseUnavailable('no')).toBe(false);
});

async function expectEventually(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await setTimeout(20);
}
