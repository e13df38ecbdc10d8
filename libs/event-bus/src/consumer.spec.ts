import { systemClock } from '@alliance/event-sourcing';
import { runConsumer } from './consumer';
import type { ConsumerReport } from './consumer-options';
import type { EventHandler } from './handlers';
import { InProcessBus } from './in-process/in-process-bus';
import { dropParked, listParked, replayParked, showParked } from './parking-commands';
import { consumerDatabase, eventually } from './testing/consumer-database';
import { thingHappenedV1, thingMessage } from './testing/thing-contract';
import type { EntityManager } from 'typeorm';

let database: Awaited<ReturnType<typeof consumerDatabase>>;
let bus: InProcessBus;
let stopping: AbortController;
let running: Promise<void>;
let reports: ConsumerReport[];

const write: EventHandler<EntityManager> = async (event, { tx }) => {
  const { what } = event.data as { what: string };
  await tx.query('INSERT INTO happened (stream, what) VALUES ($1, $2)', [event.subject, what]);
};
const operator = { by: 'subject-1', why: 'The handler has been mended.' };
const keyOf = (key: string) => ({ group: 'tests', topic: thingHappenedV1.topic, key });
const handledBy = (handle: EventHandler<EntityManager>) => [{ contract: thingHappenedV1, handle }];

beforeAll(async () => {
  database = await consumerDatabase();
});
afterAll(() => database.close());

beforeEach(async () => {
  await database.dataSource.query('TRUNCATE happened, inbox, parked_message, parking_audit');
  bus = InProcessBus.inMemory(systemClock);
  reports = [];
});
afterEach(async () => {
  stopping.abort();
  await running;
  await bus.close();
});

function consume(handle: EventHandler<EntityManager> = write): void {
  stopping = new AbortController();
  running = runConsumer({
    ...database.access,
    bus,
    group: 'tests',
    handled: handledBy(handle),
    signal: stopping.signal,
    observe: (report) => reports.push(report),
  });
}

/** Waits until transactions over so many messages have been committed. */
const covered = (messages: number) =>
  eventually(() => {
    const counts = reports.map((report) => (report.kind === 'consumed' ? report : undefined));
    const sum = counts.reduce(
      (total, count) => total + (count ? count.handled + count.seenBefore + count.parked + count.unasked : 0),
      0,
    );
    return sum >= messages;
  });

const backendOf = async (tx: EntityManager): Promise<number> => {
  const [row] = await tx.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
  return row?.pid ?? 0;
};

describe('A consumer', () => {
  it('handles the events of each stream in order, and again delivered ones not again', async () => {
    await bus.publish([thingMessage('a', 0, 'a0'), thingMessage('b', 0, 'b0'), thingMessage('a', 1, 'a1')]);
    await bus.publish([thingMessage('a', 0, 'a0'), thingMessage('a', 1, 'a1'), thingMessage('a', 2, 'a2')]);
    consume();
    await covered(6);
    expect(await database.happened('a')).toEqual(['a0', 'a1', 'a2']);
    expect(await database.happened('b')).toEqual(['b0']);
  });

  it('lets messages share a transaction, and handles a thousand of them once each', async () => {
    await bus.publish(Array.from({ length: 1000 }, (_, n) => thingMessage(`s${n % 10}`, Math.floor(n / 10), `${n}`)));
    consume();
    await covered(1000);
    expect(await database.happened('s3')).toEqual(Array.from({ length: 100 }, (_, n) => `${n * 10 + 3}`));
    expect(reports.filter(({ kind }) => kind === 'consumed').length).toBeLessThan(10);
  });

  it('passes over events that nobody asked for', async () => {
    const other = thingMessage('a', 0);
    await bus.publish([
      { ...other, headers: { ...other.headers, ce_type: 'testing.Other.v1' } },
      thingMessage('b', 0, 'b0'),
    ]);
    consume();
    await covered(2);
    expect(reports).toContainEqual(expect.objectContaining({ kind: 'consumed', handled: 1, unasked: 1 }));
    expect(await listParked(database.access)).toEqual([]);
  });

  it('reads an event to which its contract has since added a property', async () => {
    const message = thingMessage('a', 0);
    await bus.publish([{ ...message, value: Buffer.from('{"what":"rain","where":"Lviv"}') }]);
    consume();
    await covered(1);
    expect(await database.happened('a')).toEqual(['rain']);
  });

  it('waits out a lost connection and a lost transaction, and then handles the event once', async () => {
    let triesOfSecond = 0;
    await bus.publish([thingMessage('a', 0, 'a0'), thingMessage('a', 1, 'a1')]);
    consume(async (event, context) => {
      await write(event, context);
      if (event.streamRevision === 0n) return;
      triesOfSecond += 1;
      const pid = await backendOf(context.tx);
      if (triesOfSecond === 1) await database.dataSource.query('SELECT pg_terminate_backend($1)', [pid]);
      if (triesOfSecond === 2) await context.tx.query(`DO $$ BEGIN RAISE serialization_failure; END $$`);
    });
    await covered(2);
    expect(await database.happened('a')).toEqual(['a0', 'a1']);
    expect(await listParked(database.access)).toEqual([]);
    expect(triesOfSecond).toBe(3);
    expect(reports.filter(({ kind }) => kind === 'retrying').length).toBeGreaterThanOrEqual(2);
  });

  it('handles an event once when two members get it at the same time', async () => {
    const message = thingMessage('a', 0, 'a0');
    await bus.publish([message]);
    consume();
    const second = new AbortController();
    // Another bus stands for a broker that has given the partition to another member too early.
    const otherBus = InProcessBus.inMemory(systemClock);
    await otherBus.publish([message]);
    const otherRunning = runConsumer({
      ...database.access,
      bus: otherBus,
      group: 'tests',
      handled: handledBy(write),
      signal: second.signal,
      observe: (report) => reports.push(report),
    });
    await covered(2);
    second.abort();
    await otherRunning;
    await otherBus.close();
    expect(await database.happened('a')).toEqual(['a0']);
  });

  it('ends when told to, after the event under way, and leaves the rest to its successor', async () => {
    await bus.publish([thingMessage('a', 0, 'a0')]);
    let begun = false;
    consume(async (event, context) => {
      begun = true;
      await systemClock.sleep(50);
      await write(event, context);
    });
    await eventually(() => begun);
    stopping.abort();
    await running;
    expect(await database.happened('a')).toEqual(['a0']);
    await bus.publish([thingMessage('a', 1, 'a1')]);
    consume();
    await eventually(async () => (await database.happened('a')).length === 2);
    expect(await database.happened('a')).toEqual(['a0', 'a1']);
  });
});

describe('A lasting fault', () => {
  it.each<[string, EventHandler<EntityManager>]>([
    ['of the database', write],
    [
      'of the handler',
      async (event, context) =>
        (event.data as { what: string }).what === 'poison'
          ? Promise.reject(new TypeError('x is undefined'))
          : write(event, context),
    ],
    ['that the handler swallows', async (event, context) => write(event, context).catch(() => undefined)],
  ])('%s parks its key, in order, while the others flow on', async (_where, handle) => {
    await bus.publish([
      thingMessage('a', 0, 'a0'),
      thingMessage('a', 1, 'poison'),
      thingMessage('b', 0, 'b0'),
      thingMessage('a', 2, 'a2'),
      thingMessage('a', 2, 'a2'),
      thingMessage('b', 1, 'b1'),
    ]);
    consume(handle);
    await covered(6);
    expect(await database.happened('a')).toEqual(['a0']);
    expect(await database.happened('b')).toEqual(['b0', 'b1']);
    const [parked] = await listParked(database.access, 'tests');
    expect(parked).toMatchObject({ ...keyOf('a'), count: 3 });
    expect(reports).toContainEqual(expect.objectContaining({ kind: 'parked', reason: parked?.reason }));
  });

  it('of a message that is no CloudEvent, or breaks its contract, parks its key', async () => {
    const sound = thingMessage('a', 0);
    await bus.publish([
      { ...sound, key: 'with\0nul', headers: {}, value: Buffer.from([0xff, 0x00]) },
      { ...sound, value: Buffer.from('{"what":7}') },
      { ...thingMessage('b', 0), value: Buffer.from('{') },
      thingMessage('c', 0, 'c0'),
    ]);
    consume();
    await covered(4);
    const parked = await listParked(database.access);
    expect(parked.map(({ key, reason }) => [key, reason]).sort()).toEqual([
      ['a', 'ContractViolation: The data breaks the contract testing.ThingHappened.v1: /what: Expected string'],
      ['b', 'MalformedMessage: The body is not JSON in UTF-8.'],
      ['with␀nul', 'MalformedMessage: The message does not say its type.'],
    ]);
    expect(await database.happened('c')).toEqual(['c0']);
    const [kept] = await showParked(database.access, keyOf('with␀nul'), operator);
    expect(kept?.message).toMatchObject({ key: 'with\0nul', value: Buffer.from([0xff, 0x00]), offset: 0n });
  });
});

describe('Parked messages', () => {
  const park = async () => {
    await bus.publish([thingMessage('a', 0, 'poison'), thingMessage('a', 1, 'a1'), thingMessage('a', 2, 'a2')]);
    consume();
    await covered(3);
  };
  const audited = async () => {
    const rows: { action: string; by_subject: string; why: string; message_id: string | null }[] =
      await database.dataSource.query('SELECT * FROM parking_audit ORDER BY id');
    return rows.map(({ action, by_subject, why, message_id }) => [action, by_subject, why, message_id !== null]);
  };
  const mended: EventHandler<EntityManager> = async (event, { tx }) => {
    await tx.query('INSERT INTO happened (stream, what) VALUES ($1, $2)', [
      event.subject,
      `mended ${event.streamRevision}`,
    ]);
  };

  it('are shown in order, and that is recorded', async () => {
    await park();
    const shown = await showParked(database.access, keyOf('a'), operator);
    expect(shown.map(({ message }) => message.headers['ce_streamrevision'])).toEqual(['0', '1', '2']);
    expect(shown.map(({ reason }) => reason.slice(0, 16))).toEqual([
      'QueryFailedError',
      'Waits for an ear',
      'Waits for an ear',
    ]);
    expect(await audited()).toEqual([['showed', operator.by, operator.why, false]]);
  });

  it('are handled in order once their handler is mended, and then the key flows again', async () => {
    await park();
    const replay = await replayParked({ ...database.access, handled: handledBy(mended) }, keyOf('a'), operator);
    expect(replay).toEqual({ replayed: 3 });
    await bus.publish([thingMessage('a', 1, 'again'), thingMessage('a', 3, 'a3')]);
    await covered(5);
    expect(await database.happened('a')).toEqual(['mended 0', 'mended 1', 'mended 2', 'a3']);
    expect(await audited()).toEqual(Array.from({ length: 3 }, () => ['replayed', operator.by, operator.why, true]));
  });

  it('stay parked from the first that fails again', async () => {
    await park();
    const half: EventHandler<EntityManager> = async (event, context) => {
      await mended(event, context);
      if (event.streamRevision === 1n) throw new Error('Still broken.');
    };
    const replay = await replayParked({ ...database.access, handled: handledBy(half) }, keyOf('a'), operator);
    expect(replay).toMatchObject({ replayed: 1, failure: { reason: 'Error: Still broken.' } });
    expect(await database.happened('a')).toEqual(['mended 0']);
    expect(await listParked(database.access)).toMatchObject([{ key: 'a', count: 2, reason: 'Error: Still broken.' }]);
    expect((await audited()).map(([action]) => action)).toEqual(['replayed', 'replay failed']);
  });

  it('are dropped one by one from the first, so that those behind it can be replayed', async () => {
    await park();
    const dropped = await dropParked(database.access, keyOf('a'), operator);
    expect(dropped?.message.headers['ce_streamrevision']).toBe('0');
    await replayParked({ ...database.access, handled: handledBy(write) }, keyOf('a'), operator);
    expect(await database.happened('a')).toEqual(['a1', 'a2']);
    expect((await audited()).map(([action]) => action)).toEqual(['dropped', 'replayed', 'replayed']);
    expect(await dropParked(database.access, keyOf('a'), operator)).toBeUndefined();
  });
});
