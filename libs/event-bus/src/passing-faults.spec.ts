import { createServer } from 'node:net';
import { connectDatabase } from '@alliance/read-models';
import { BusUnavailable } from './bus';
import { isPassingFault } from './passing-faults';
import { consumerDatabase } from './testing/consumer-database';

let database: Awaited<ReturnType<typeof consumerDatabase>>;
beforeAll(async () => {
  database = await consumerDatabase();
});
afterAll(() => database.close());

const faultOf = (sql: string) =>
  database.dataSource.query(sql).then(
    () => undefined,
    (error: unknown) => error,
  );

describe('A fault passes', () => {
  it.each(['serialization_failure', 'deadlock_detected', 'lock_not_available', 'query_canceled', 'disk_full'])(
    'when Postgres says %s',
    async (condition) => expect(isPassingFault(await faultOf(`DO $$ BEGIN RAISE ${condition}; END $$`))).toBe(true),
  );

  it('when the database cannot be reached', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await new Promise((resolve) => server.close(resolve));
    const attempt = connectDatabase({ url: `postgres://nobody@127.0.0.1:${port}/nothing`, entities: [] });
    const fault = await attempt.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(isPassingFault(fault)).toBe(true);
  });

  it('when bus or store are not available, also as the cause of another error', () => {
    expect(isPassingFault(new BusUnavailable('no answer'))).toBe(true);
    expect(isPassingFault(new Error('could not tell', { cause: new BusUnavailable('no answer') }))).toBe(true);
  });
});

describe('A fault lasts', () => {
  it.each(['unique_violation', 'check_violation', 'undefined_table', 'division_by_zero', 'in_failed_sql_transaction'])(
    'when Postgres says %s',
    async (condition) => expect(isPassingFault(await faultOf(`DO $$ BEGIN RAISE ${condition}; END $$`))).toBe(false),
  );

  it('when it is a bug, or no error at all', () => {
    const itself: Error & { cause?: unknown } = new TypeError('x is undefined');
    itself.cause = itself;
    expect([itself, new Error('no'), 'no', undefined].map(isPassingFault)).toEqual([false, false, false, false]);
  });
});
