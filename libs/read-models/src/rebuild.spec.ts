import { createTestDatabase, type TestDatabase } from '@alliance/embedded';
import { systemClock } from '@alliance/event-sourcing';
import type { DataSource } from 'typeorm';
import { connectDatabase } from './database';
import { migrate } from './migrations';
import { PostgresRows } from './postgres-rows';
import type { Projection } from './projection';
import { ProjectionProgress } from './projection-progress';
import { runProjector } from './projector';
import { rebuildReadModel } from './rebuild';
import { count, MemoryLog, nameOf, tallied, tallies, tallyMigrations } from './tally.given';

let testDatabase: TestDatabase;
let database: DataSource;
let rows: PostgresRows;
let progress: ProjectionProgress;

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  await migrate({ url: testDatabase.url, migrations: tallyMigrations });
  database = await connectDatabase({ url: testDatabase.url, entities: [] });
  rows = new PostgresRows(database);
  const log = { isEmptyStretch: async () => false };
  progress = new ProjectionProgress({ projections: [tallies], rows, log, clock: systemClock });
});

afterEach(async () => {
  await database.destroy();
  await testDatabase.drop();
});

/** Makes other rows of the same events than `tallies` does. */
const inCapitals: Projection = {
  ...tallies,
  apply: (tx, events) =>
    count(
      tx,
      events.map((event) => nameOf(event).toUpperCase()),
    ),
};

/** A projector of its own connections, as if in another process. */
async function startProjector(log: MemoryLog, projection: Projection): Promise<() => Promise<void>> {
  const own = await connectDatabase({ url: testDatabase.url, entities: [] });
  const stop = new AbortController();
  const options = { projection, log, rows: new PostgresRows(own), clock: systemClock, signal: stop.signal };
  const running = runProjector(options);
  return async () => {
    stop.abort();
    await running;
    await own.destroy();
  };
}

function rebuild(log: MemoryLog, options: Partial<Parameters<typeof rebuildReadModel>[0]> = {}): Promise<number> {
  const signal = new AbortController().signal;
  return rebuildReadModel({ database, projection: inCapitals, log, clock: systemClock, signal, ...options });
}

it('a rebuild makes the rows anew from all events, and the projector goes on from there', async () => {
  const log = new MemoryLog();
  log.append('a', 'b', 'a');
  const stop = await startProjector(log, tallies);
  await progress.waitForPosition('tallies', log.end, 5000);
  await stop();
  expect(await tallied(database)).toEqual({ a: 2, b: 1 });

  log.append('c');
  expect(await rebuild(log)).toBe(4);
  expect(await tallied(database)).toEqual({ A: 2, B: 1, C: 1 });
  expect(await rows.loadCheckpoint('tallies')).toEqual(log.end);

  log.append('a');
  const stopAgain = await startProjector(log, inCapitals);
  await progress.waitForPosition('tallies', log.end, 5000);
  await stopAgain();
  expect(await tallied(database)).toEqual({ A: 3, B: 1, C: 1 });
});

it('while events and queries go on, nothing is lost or doubled, and no query fails or sees half of it', async () => {
  const log = new MemoryLog();
  for (let i = 0; i < 3000; i += 1) log.append('a', 'b');
  // The old rows are of the new projection too, so that the sum tells what is lost or doubled across the switch.
  const stop = await startProjector(log, inCapitals);
  await progress.waitForPosition('tallies', log.end, 10_000);

  let over = false;
  const writing = (async () => {
    while (!over) {
      log.append('a', 'b');
      await systemClock.sleep(1);
    }
  })();
  const seen: number[] = [];
  const reading = (async () => {
    while (!over) {
      const { A = 0, B = 0 } = await tallied(database);
      seen.push(A + B);
      await systemClock.sleep(1);
    }
  })();
  const reports: number[] = [];
  for (let i = 0; i < 3; i += 1) await rebuild(log, { onProgress: ({ events }) => reports.push(events) });
  over = true;
  await Promise.all([writing, reading]);
  await progress.waitForPosition('tallies', log.end, 10_000);
  await stop();

  const each = Number(log.end.commit) / 2;
  expect(await tallied(database)).toEqual({ A: each, B: each });
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(Math.min(...seen)).toBeGreaterThanOrEqual(6000);
  expect(reports.length).toBeGreaterThan(3);
});

it('the switch waits neither for a long query nor makes others wait for it, and comes when the query is over', async () => {
  const log = new MemoryLog();
  log.append('a');
  const query = database.createQueryRunner();
  await query.startTransaction();
  await query.query('SELECT * FROM tally');
  let done = false;
  const rebuilding = rebuild(log).then(() => (done = true));
  await systemClock.sleep(700);
  expect(done).toBe(false);
  expect(await tallied(database)).toEqual({});
  await query.commitTransaction();
  await query.release();
  await rebuilding;
  expect(await tallied(database)).toEqual({ A: 1 });
});

it('columns, constraints, indexes and grants stay the same, by name and definition', async () => {
  const shape = () =>
    database.query<unknown[]>(`
      SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
        WHERE conrelid = 'tally'::regclass
      UNION ALL
      SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'tally'::regclass
      UNION ALL
      SELECT attname, format('%s %s %s %s %s', format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
        pg_get_expr(adbin, adrelid)) FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE attrelid = 'tally'::regclass AND attnum > 0
      UNION ALL
      SELECT 'grants', relacl::text FROM pg_class WHERE oid = 'tally'::regclass
      ORDER BY 1, 2`);
  await database.query('GRANT SELECT ON tally TO PUBLIC');
  const before = await shape();
  expect(before.length).toBeGreaterThan(8);
  await rebuild(new MemoryLog());
  expect(await shape()).toEqual(before);
});

it('a rebuild that was broken off changes nothing and can be run again', async () => {
  const log = new MemoryLog();
  log.append('a', 'b');
  const stop = await startProjector(log, tallies);
  await progress.waitForPosition('tallies', log.end, 5000);
  await stop();

  const breakOff = new AbortController();
  const broken = rebuild(log, { signal: breakOff.signal, onProgress: () => breakOff.abort(new Error('broken off')) });
  await expect(broken).rejects.toThrow('broken off');
  const failing = { ...inCapitals, apply: () => Promise.reject(new Error('planted')) };
  await expect(rebuild(log, { projection: failing })).rejects.toThrow('planted');
  expect(await tallied(database)).toEqual({ a: 1, b: 1 });

  await rebuild(log);
  expect(await tallied(database)).toEqual({ A: 1, B: 1 });
  expect(await database.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'rebuild%'")).toEqual([]);
});

it('a projection that has never run can be rebuilt, also of an empty log', async () => {
  const log = new MemoryLog();
  expect(await rebuild(log)).toBe(0);
  log.append('a');
  expect(await rebuild(log)).toBe(1);
  expect(await tallied(database)).toEqual({ A: 1 });
});

it('the same rebuild twice at once is refused', async () => {
  const log = new MemoryLog();
  log.append('a');
  let second: Promise<unknown> | undefined;
  await rebuild(log, {
    onProgress: () => {
      second ??= expect(rebuild(log)).rejects.toThrow('running already');
    },
  });
  await second;
  expect(await tallied(database)).toEqual({ A: 1 });
});

it('a projection that writes a table it does not name fails in the rebuild and leaves that table alone', async () => {
  await database.query('CREATE TABLE forgotten AS SELECT 1 AS id');
  const log = new MemoryLog();
  log.append('a');
  const careless: Projection = { ...tallies, apply: (tx) => tx.query('DELETE FROM forgotten') };
  await expect(rebuild(log, { projection: careless })).rejects.toThrow('"forgotten" does not exist');
  expect(await database.query('SELECT id FROM forgotten')).toEqual([{ id: 1 }]);
});

it.each([
  ['foreign key', 'CREATE TABLE other (name text REFERENCES tally)'],
  ['view', 'CREATE VIEW often AS SELECT * FROM tally WHERE counted > 1'],
  ['serial column', 'ALTER TABLE tally ADD COLUMN number serial'],
  [
    'trigger',
    'CREATE TRIGGER watch BEFORE UPDATE ON tally FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()',
  ],
])('a table with a %s is refused', async (fault, statement) => {
  await database.query(statement);
  await expect(rebuild(new MemoryLog())).rejects.toThrow(fault);
});
