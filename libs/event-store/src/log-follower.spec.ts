import { randomUUID } from 'node:crypto';
import type { EmbeddedEventStore } from '@alliance/embedded';
import {
  type EventLog,
  eventCatalogue,
  type LogBatch,
  type LogPosition,
  streamCategory,
} from '@alliance/event-sourcing';
import { ANY, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { Type } from '@sinclair/typebox';
import { EventUnreadable } from './errors';
import { EventStore } from './event-store';
import { startTestStore } from './testing/embedded-store';
import { eventually } from './testing/eventually';
import { startFrailConnection } from './testing/frail-connection';
import { ledgerEvents, ledgerStream, paidIn } from './testing/ledger';

const otherEvents = eventCatalogue(streamCategory('tests', 'ledger-archive'), {
  Archived: { schema: Type.Object({}) },
});

let server: EmbeddedEventStore;
let store: EventStore;

beforeEach(async () => {
  server = await startTestStore();
  store = EventStore.connect({ connectionString: server.connectionString });
});

afterEach(async () => {
  await store.close();
  await server.stop();
});

function append(streamName: string, ...minutes: number[]) {
  return store.append(streamName, ledgerEvents, minutes.map(paidIn), 'no-stream');
}

/** Collects batches until the test has seen enough. */
async function follow(
  log: EventLog,
  enough: (batches: readonly LogBatch[]) => boolean,
  options: { after?: LogPosition; maxBatchSize?: number; prefixes?: readonly string[] } = {},
): Promise<LogBatch[]> {
  const stop = new AbortController();
  const batches: LogBatch[] = [];
  for await (const batch of log.follow({
    streamPrefixes: options.prefixes ?? [ledgerEvents.category.prefix],
    after: options.after,
    maxBatchSize: options.maxBatchSize ?? 100,
    signal: stop.signal,
  })) {
    batches.push(batch);
    if (enough(batches)) stop.abort();
  }
  return batches;
}

const caughtUp = (batches: readonly LogBatch[]) => batches.at(-1)?.caughtUp === true;
const minutesIn = (batches: readonly LogBatch[]) =>
  batches.flatMap(({ events }) => events.map((event) => (event.data as { minutes: number }).minutes));

describe('following the log', () => {
  it('gives the past, says when it has caught up, and goes on live', async () => {
    await append(ledgerStream(), 1, 2);
    await append(ledgerStream(), 3);
    const stop = new AbortController();
    const seen: number[] = [];
    let wentLive = false;
    const log = store.log([ledgerEvents]);
    const options = { streamPrefixes: ['tests.'], after: undefined, maxBatchSize: 2, signal: stop.signal };
    for await (const batch of log.follow(options)) {
      expect(batch.events.length).toBeLessThanOrEqual(2);
      seen.push(...minutesIn([batch]));
      if (batch.caughtUp && !wentLive) {
        wentLive = true;
        expect(seen).toEqual([1, 2, 3]);
        await append(ledgerStream(), 4);
      }
      if (seen.length === 4) {
        expect(batch.caughtUp).toBe(true);
        stop.abort();
      }
    }
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  it('has caught up with an empty log at once, and resumes from there with the first event', async () => {
    const [batch] = await follow(store.log([ledgerEvents]), caughtUp);
    expect(batch).toMatchObject({ events: [], caughtUp: true });
    await append(ledgerStream(), 1);
    expect(minutesIn(await follow(store.log([ledgerEvents]), caughtUp, { after: batch?.position }))).toEqual([1]);
  });

  it('resumes after each position that it gave, without skipping and without repeating', async () => {
    for (const minutes of [1, 2, 3, 4, 5, 6]) await append(ledgerStream(), minutes, minutes * 10);
    const batches = await follow(store.log([ledgerEvents]), caughtUp, { maxBatchSize: 1 });
    const all = minutesIn(batches);
    expect(all).toHaveLength(12);
    for (let taken = 0; taken < batches.length; taken += 4) {
      const after = batches[taken]?.position;
      const rest = await follow(store.log([ledgerEvents]), caughtUp, { after });
      expect([...minutesIn(batches.slice(0, taken + 1)), ...minutesIn(rest)]).toEqual(all);
    }
  });

  it('gives only streams with the prefixes, and of these only such as it has a catalogue for', async () => {
    await store.append(
      otherEvents.category.streamName(randomUUID()),
      otherEvents,
      [{ ...paidIn(1), type: 'Archived', data: {} }],
      'no-stream',
    );
    await append(ledgerStream(), 1);
    const both = store.log([ledgerEvents, otherEvents]);
    const types = (batches: readonly LogBatch[]) => batches.flatMap(({ events }) => events.map(({ type }) => type));
    expect(types(await follow(both, caughtUp, { prefixes: ['tests.'] }))).toEqual(['Archived', 'HoursPaidIn']);
    expect(types(await follow(both, caughtUp, { prefixes: ['tests.ledger-archive-'] }))).toEqual(['Archived']);
    const one = store.log([otherEvents]);
    expect(types(await follow(one, caughtUp, { prefixes: ['tests.'] }))).toEqual(['Archived']);
    await expect(follow(both, caughtUp, { prefixes: [] })).rejects.toThrow('at least one stream prefix');
  });

  it('moves on over events that it does not give, so that a restart does not search them again', async () => {
    const streamName = ledgerStream();
    const { position: first } = await append(streamName, 1);
    const others = Array.from({ length: 400 }, () => paidIn(1));
    await store.append(ledgerStream(), ledgerEvents, others, 'no-stream');
    const seen: LogPosition[] = [];
    const log = store.log([ledgerEvents], { seen: (position) => seen.push(position) });
    const batches = await follow(log, caughtUp, { prefixes: [streamName] });
    expect(seen.at(-1)).toEqual(batches.at(-1)?.position);
    expect(minutesIn(batches)).toEqual([1]);
    expect(batches.at(-1)?.position.commit).toBeGreaterThan(first.commit);
  });

  it('stops at an event that it cannot read, after giving all before it, and stops there again', async () => {
    const client = EventStoreDBClient.connectionString(server.connectionString);
    const streamName = ledgerStream();
    await append(streamName, 1, 2);
    const broken = jsonEvent({ id: randomUUID(), type: 'HoursPaidIn', data: { minutes: 'many' } });
    await client.appendToStream(streamName, broken, { expectedRevision: ANY });
    await client.dispose();
    await append(ledgerStream(), 3);

    const batches: LogBatch[] = [];
    const following = follow(store.log([ledgerEvents]), ([...all]) => {
      batches.splice(0, batches.length, ...all);
      return false;
    });
    await expect(following).rejects.toThrow(EventUnreadable);
    await expect(following).rejects.toThrow(`${streamName}@2`);
    expect(minutesIn(batches)).toEqual([1, 2]);
    const again = follow(store.log([ledgerEvents]), () => false, { after: batches.at(-1)?.position });
    await expect(again).rejects.toThrow(`${streamName}@2`);
  });

  it('passes over what the server itself writes', async () => {
    const client = EventStoreDBClient.connectionString(server.connectionString);
    const streamName = ledgerStream();
    await append(streamName, 1);
    await client.tombstoneStream(streamName, { expectedRevision: ANY });
    await client.dispose();
    await append(ledgerStream(), 2);
    const batches = await follow(store.log([ledgerEvents]), caughtUp, { prefixes: ['tests.', '$'] });
    expect(minutesIn(batches).at(-1)).toBe(2);
  });

  it('goes on where it was when the connection breaks again and again, and tells why it paused', async () => {
    const frail = await startFrailConnection(server.connectionString);
    const pauses: string[] = [];
    const remote = EventStore.connect({
      connectionString: frail.connectionString,
      clock: { now: () => new Date(), random: () => 0, sleep: async () => undefined },
    });
    try {
      const log = remote.log([ledgerEvents], { interrupted: (error) => pauses.push(error.name) });
      const batches: LogBatch[] = [];
      const following = follow(log, (all) => {
        batches.splice(0, batches.length, ...all);
        return minutesIn(all).at(-1) === 30;
      });
      for (let minutes = 1; minutes <= 30; minutes += 1) {
        await append(ledgerStream(), minutes);
        if (minutes % 10 === 0 && minutes < 30) {
          await eventually(() => expect(minutesIn(batches)).toHaveLength(minutes));
          frail.cut();
        }
      }
      expect(minutesIn(await following)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
      expect(pauses.length).toBeGreaterThanOrEqual(2);
      expect(new Set(pauses)).toEqual(new Set(['StoreUnavailable']));
    } finally {
      await remote.close();
      await frail.stop();
    }
  });
});
