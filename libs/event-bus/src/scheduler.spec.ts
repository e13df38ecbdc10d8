import { createTestDatabase, type TestDatabase } from '@alliance/embedded';
import { type CommandContext, MovableClock } from '@alliance/event-sourcing';
import { connectDatabase } from '@alliance/read-models';
import type { DataSource } from 'typeorm';
import { advisoryLockLease } from './postgres/advisory-lock-lease';
import { type DueCommand, runScheduler, type ScheduledWork, type SchedulerReport } from './scheduler';
import { eventually } from './testing/consumer-database';
import { cutOffLeases } from './testing/cut-off-leases';

const MINUTE_MS = 60_000;

let server: TestDatabase;
let database: DataSource;
let clock: MovableClock;
const running: Instance[] = [];

beforeAll(async () => {
  server = await createTestDatabase();
  database = await connectDatabase({ url: server.url, entities: [] });
  await database.query('CREATE TABLE alarm (id text PRIMARY KEY, due_at timestamptz NOT NULL, is_known_done boolean)');
  await database.query('CREATE TABLE rung (command_id uuid PRIMARY KEY, id text NOT NULL)');
});
beforeEach(async () => {
  clock = new MovableClock();
  await database.query('TRUNCATE alarm, rung');
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((instance) => instance.stop()));
});
afterAll(async () => {
  await database.destroy();
  await server.drop();
});

const inMinutes = (minutes: number) => new Date(clock.now().getTime() + minutes * MINUTE_MS);

async function setAlarm(id: string, dueAt: Date): Promise<void> {
  await database.query('INSERT INTO alarm (id, due_at) VALUES ($1, $2)', [id, dueAt]);
}

async function rung(): Promise<string[]> {
  const rows = await database.query<{ id: string }[]>('SELECT id FROM rung ORDER BY id');
  return rows.map(({ id }) => id);
}

type Ring = DueCommand<'Ring', object>;

/** What is due of the alarms that are not known to be done. */
async function dueAlarms({ now, after, limit }: Parameters<ScheduledWork<Ring>['due']>[0]): Promise<Ring[]> {
  const rows = await database.query<{ id: string; due_at: Date }[]>(
    `SELECT id, due_at FROM alarm WHERE due_at <= $1 AND is_known_done IS NOT TRUE
       AND (due_at, id) > ($2, $3) ORDER BY due_at, id LIMIT $4`,
    [now, after?.occasion ?? '-infinity', after?.target ?? '', limit],
  );
  return rows.map(({ id, due_at }) => ({ type: 'Ring', target: id, data: {}, occasion: due_at.toISOString() }));
}

/** Rings once for each command id, as an aggregate does; whether the read model learns of it is left to the test. */
async function ring({ target }: Ring, { commandId }: CommandContext): Promise<void> {
  await database.query('INSERT INTO rung VALUES ($1, $2) ON CONFLICT DO NOTHING', [commandId, target]);
}

/** A process of the service. */
class Instance {
  readonly reports: SchedulerReport[] = [];
  readonly given: string[] = [];
  private readonly stopping = new AbortController();
  private readonly ended: Promise<void>;

  constructor(execute = ring) {
    running.push(this);
    const work: ScheduledWork<Ring> = {
      name: 'alarms',
      actor: { subject: 'testing.alarms', roles: [] },
      everyMs: MINUTE_MS,
      due: dueAlarms,
      execute: async (due, context) => {
        this.given.push(due.target);
        await execute(due, context);
      },
    };
    this.ended = runScheduler({
      works: [work as ScheduledWork],
      lease: advisoryLockLease({ url: server.url, name: 'scheduler', clock }),
      clock,
      signal: this.stopping.signal,
      observe: (report) => this.reports.push(report),
    });
  }

  get isActive(): boolean {
    return this.reports.some(({ kind }) => kind === 'active');
  }

  ticks(): number {
    return this.reports.filter(({ kind }) => kind === 'ticked').length;
  }

  /** Waits for the ticks that a time moved ahead brings. */
  async ticked(times = this.ticks() + 1): Promise<void> {
    await eventually(() => this.ticks() >= times);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.ended;
  }
}

describe('A scheduler', () => {
  it('gives each command when its time has come, and not before', async () => {
    await setAlarm('soon', inMinutes(5));
    await setAlarm('later', inMinutes(15));
    const instance = new Instance();
    await instance.ticked(1);
    expect(await rung()).toEqual([]);
    clock.moveAhead(5 * MINUTE_MS);
    await instance.ticked(2);
    expect(await rung()).toEqual(['soon']);
    clock.moveAhead(10 * MINUTE_MS);
    await instance.ticked(3);
    expect(await rung()).toEqual(['later', 'soon']);
  });

  it('gives what fell due while nothing ran, once, at its first tick', async () => {
    const before = new Instance();
    await before.ticked(1);
    await before.stop();
    await setAlarm('meanwhile', inMinutes(5));
    clock.moveAhead(60 * MINUTE_MS);
    const after = new Instance();
    await after.ticked(1);
    clock.moveAhead(MINUTE_MS);
    await after.ticked(2);
    expect(await rung()).toEqual(['meanwhile']);
  });

  it('is active in one process; when that dies between command and checkpoint, another repeats the command without effect', async () => {
    for (const id of ['a', 'b', 'c']) await setAlarm(id, clock.now());
    let dies: () => void = () => undefined;
    const first = new Instance(async (due, context) => {
      await ring(due, context);
      // It never learns that it has rung.
      if (due.target === 'b') await new Promise<void>((resolve) => (dies = resolve));
    });
    await eventually(() => first.given.length === 2);
    const second = new Instance();
    await eventually(() => second.reports.length > 0);
    clock.moveAhead(MINUTE_MS);
    expect([second.isActive, second.given]).toEqual([false, []]);

    await cutOffLeases(database);
    await second.ticked(1);
    dies();
    await first.stop();
    expect(second.given).toEqual(['a', 'b', 'c']);
    expect(first.given).toEqual(['a', 'b']);
    expect(await rung()).toEqual(['a', 'b', 'c']);
  });

  it('gets through all that is due, page by page, though the read model does not learn of it', async () => {
    const ids = Array.from({ length: 250 }, (_, n) => `alarm ${String(n).padStart(3, '0')}`);
    // Many at the same moment: the order has to go on within it.
    for (const [n, id] of ids.entries()) await setAlarm(id, new Date(Math.floor(n / 40)));
    const instance = new Instance();
    await instance.ticked(1);
    expect(instance.given).toEqual(ids);
    clock.moveAhead(MINUTE_MS);
    await instance.ticked(2);
    expect(await rung()).toEqual(ids);
    expect(instance.reports.at(-1)).toMatchObject({ kind: 'ticked', commands: 250 });
  });

  it('tries a passing fault again at once; a lasting one holds up nothing else and comes again', async () => {
    for (const id of ['a', 'b', 'c']) await setAlarm(id, clock.now());
    let isBroken = true;
    let isDown = true;
    const instance = new Instance(async (due, context) => {
      if (due.target === 'a' && isBroken) throw new Error('A bug.');
      if (due.target === 'b' && isDown) {
        isDown = false;
        throw Object.assign(new Error('The log does not answer.'), { name: 'StoreUnavailable' });
      }
      await ring(due, context);
    });
    await instance.ticked(1);
    expect(instance.given).toEqual(['a', 'b', 'b', 'c']);
    expect(await rung()).toEqual(['b', 'c']);
    isBroken = false;
    clock.moveAhead(MINUTE_MS);
    await instance.ticked(2);
    expect(await rung()).toEqual(['a', 'b', 'c']);
    expect(instance.reports.filter(({ kind }) => kind === 'failed')).toHaveLength(1);
  });
});
