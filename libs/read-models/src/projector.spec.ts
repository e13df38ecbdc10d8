import { createTestDatabase, type TestDatabase } from '@alliance/embedded';
import { type LogPosition, systemClock } from '@alliance/event-sourcing';
import type { DataSource } from 'typeorm';
import { connectDatabase } from './database';
import { migrate } from './migrations';
import { PostgresRows } from './postgres-rows';
import type { Projection } from './projection';
import { type ProjectorReport, runProjector } from './projector';
import { MemoryLog, tallied, tallies, tallyMigrations } from './tally.given';

let testDatabase: TestDatabase;
let database: DataSource;
let rows: PostgresRows;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await migrate({ url: testDatabase.url, migrations: tallyMigrations });
  database = await connectDatabase({ url: testDatabase.url, entities: [] });
  rows = new PostgresRows(database);
});

afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

beforeEach(() => database.query('TRUNCATE tally, checkpoint'));

interface Run {
  /** Resolves with the first report of which this is true. */
  until(condition: (report: ProjectorReport) => boolean): Promise<ProjectorReport>;
  stop(): Promise<void>;
}

function start(log: MemoryLog, projection: Projection = tallies): Run {
  const stop = new AbortController();
  const reports: ProjectorReport[] = [];
  let changed = () => {};
  const observe = (report: ProjectorReport) => {
    reports.push(report);
    changed();
  };
  const running = runProjector({ projection, log, rows, clock: systemClock, signal: stop.signal, observe });
  return {
    async until(condition) {
      for (;;) {
        const found = reports.find(condition);
        if (found) return found;
        await new Promise<void>((resolve) => (changed = resolve));
      }
    },
    async stop() {
      stop.abort();
      await running;
    },
  };
}

const reached = (position: LogPosition) => (report: ProjectorReport) =>
  report.kind === 'projected' && report.position.commit >= position.commit;
const failed = (report: ProjectorReport) => report.kind === 'failed';

it('rows and checkpoint follow the log, past and live', async () => {
  const log = new MemoryLog();
  log.append('a', 'b', 'a');
  const run = start(log);
  await run.until(reached(log.end));
  log.append('b', 'c');
  await run.until(reached(log.end));
  await run.stop();
  expect(await tallied(database)).toEqual({ a: 2, b: 2, c: 1 });
  expect(await rows.loadCheckpoint('tallies')).toEqual(log.end);
});

it('a projector that begins again goes on at the checkpoint', async () => {
  const log = new MemoryLog();
  const end = log.append('a', 'b');
  for (const names of [[], ['a'], []]) {
    log.append(...names);
    const run = start(log);
    await run.until(reached(log.end));
    await run.stop();
  }
  expect(end).not.toEqual(log.end);
  expect(await tallied(database)).toEqual({ a: 2, b: 1 });
});

it('a failed batch leaves neither rows nor checkpoint, and is tried again', async () => {
  const log = new MemoryLog();
  log.append('a', 'a', 'b');
  let failures = 0;
  const run = start(log, {
    ...tallies,
    async apply(tx, events) {
      await tallies.apply(tx, events);
      failures += 1;
      if (failures <= 2) {
        expect(await tallied(tx)).toEqual({ a: 2, b: 1 });
        expect(await tallied(database)).toEqual({});
        throw new Error('planted');
      }
    },
  });
  expect(await run.until(failed)).toMatchObject({ error: { message: 'planted' }, failuresInARow: 1 });
  await run.until(reached(log.end));
  await run.stop();
  expect(await tallied(database)).toEqual({ a: 2, b: 1 });
});

it('a batch whose failed statement was swallowed counts as failed', async () => {
  const log = new MemoryLog();
  log.append('a');
  let first = true;
  const run = start(log, {
    ...tallies,
    async apply(tx, events) {
      if (first) await tx.query('SELECT 1 / 0').catch(() => undefined);
      else await tallies.apply(tx, events);
      first = false;
    },
  });
  await run.until(failed);
  await run.until(reached(log.end));
  await run.stop();
  expect(await tallied(database)).toEqual({ a: 1 });
});

it('of two processes at the same projection only one writes each batch', async () => {
  const log = new MemoryLog();
  const runs = [start(log), start(log)];
  for (let i = 0; i < 50; i += 1) {
    log.append('a', 'b');
    await Promise.race(runs.map((run) => run.until(reached(log.end))));
  }
  await Promise.all(runs.map((run) => run.stop()));
  expect(await tallied(database)).toEqual({ a: 50, b: 50 });
});

it('the second process takes over where the first has stopped', async () => {
  const log = new MemoryLog();
  log.append('a');
  const first = start(log);
  await first.until(reached(log.end));
  const second = start(log);
  log.append('a');
  await Promise.race([first, second].map((run) => run.until(reached(log.end))));
  await first.stop();
  log.append('a');
  await second.until(reached(log.end));
  await second.stop();
  expect(await tallied(database)).toEqual({ a: 3 });
});

it('it ends only when the batch under way is finished', async () => {
  const log = new MemoryLog();
  log.append('a');
  let begun = () => {};
  const beginning = new Promise<void>((resolve) => (begun = resolve));
  const run = start(log, {
    ...tallies,
    async apply(tx, events) {
      begun();
      await tx.query('SELECT pg_sleep(0.1)');
      await tallies.apply(tx, events);
    },
  });
  await beginning;
  await run.stop();
  expect(await tallied(database)).toEqual({ a: 1 });
});

it('a commit with a checkpoint does not wait for the disk', async () => {
  const waits = async (tx: Pick<DataSource, 'query'>) =>
    (await tx.query<{ synchronous_commit: string }[]>('SHOW synchronous_commit'))[0]?.synchronous_commit;
  const position = { commit: 1n, prepare: 1n };
  for (const expected of [undefined, { at: position }]) {
    await rows.transaction(async (tx) => {
      await tx.query('SET LOCAL synchronous_commit = on');
      await rows.saveCheckpoint(tx, 'tallies', position, expected);
      expect(await waits(tx)).toBe('off');
    });
  }
});

it('a lost connection is a failure like others: the projector comes back by itself', async () => {
  const log = new MemoryLog();
  log.append('a');
  let first = true;
  const run = start(log, {
    ...tallies,
    async apply(tx, events) {
      await tallies.apply(tx, events);
      if (first) {
        first = false;
        const [me] = await tx.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
        await database.query('SELECT pg_terminate_backend($1)', [me?.pid]);
      }
    },
  });
  await run.until(failed);
  await run.until(reached(log.end));
  await run.stop();
  expect(await tallied(database)).toEqual({ a: 1 });
});
