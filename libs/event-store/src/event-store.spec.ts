import { randomUUID } from 'node:crypto';
import type { EmbeddedEventStore } from '@alliance/embedded';
import type { LogPosition } from '@alliance/event-sourcing';
import { ANY, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { EventRejected, EventUnreadable, RevisionConflict, StreamDeleted } from './errors';
import type { NewEvent } from './event-codec';
import { EventStore } from './event-store';
import { startTestStore } from './testing/embedded-store';
import { ledgerEvents, ledgerStream, newLedgerEvent, paidIn } from './testing/ledger';

let server: EmbeddedEventStore;
let store: EventStore;
let client: EventStoreDBClient;

beforeAll(async () => {
  server = await startTestStore();
  store = EventStore.connect({ connectionString: server.connectionString });
  client = EventStoreDBClient.connectionString(server.connectionString);
});

afterAll(async () => {
  await store.close();
  await client.dispose();
  await server.stop();
});

const append = (streamName: string, events: readonly NewEvent[], expected: bigint | 'no-stream') =>
  store.append(streamName, ledgerEvents, events, expected);

async function read(streamName: string, fromRevision?: bigint) {
  const events = [];
  for await (const event of store.readStream(streamName, ledgerEvents, { fromRevision })) events.push(event);
  return events;
}

describe('appending and reading', () => {
  it('gives back what was written, in order, with revisions and positions', async () => {
    const streamName = ledgerStream();
    const written = [newLedgerEvent('LedgerOpened', { title: 'Hours – Übergänge 🌻' }), paidIn(1), paidIn(2)];
    const appended = await append(streamName, written, 'no-stream');
    const events = await read(streamName);
    expect(events).toMatchObject(written.map((event, index) => ({ ...event, streamName, revision: BigInt(index) })));
    expect(appended.revision).toBe(2n);
    expect(appended.position).toEqual(events.at(-1)?.position);
  });

  it('begins at a revision, and has nothing beyond the last', async () => {
    const streamName = ledgerStream();
    await append(streamName, [paidIn(1), paidIn(2), paidIn(3)], 'no-stream');
    expect((await read(streamName, 1n)).map((event) => event.revision)).toEqual([1n, 2n]);
    expect(await read(streamName, 3n)).toEqual([]);
    expect(await read(ledgerStream())).toEqual([]);
  });

  it('tells whether a stretch of the log holds anything of some streams', async () => {
    const streamName = ledgerStream();
    const other = ledgerStream();
    const { position: first } = await append(streamName, [paidIn(1)], 'no-stream');
    const { position: foreign } = await append(other, [paidIn(1), paidIn(2)], 'no-stream');
    const { position: second } = await append(streamName, [paidIn(2)], 0n);
    const isEmpty = (after: LogPosition | undefined, upTo: LogPosition, prefixes = [streamName]) =>
      store.isEmptyStretch({ streamPrefixes: prefixes, after, upTo });
    expect(await isEmpty(first, foreign)).toBe(true);
    expect(await isEmpty(first, first)).toBe(true);
    expect(await isEmpty(first, second)).toBe(false);
    expect(await isEmpty(foreign, second)).toBe(false);
    expect(await isEmpty(undefined, first)).toBe(false);
    expect(await isEmpty(undefined, foreign, ['no such stream'])).toBe(true);
    expect(await isEmpty(first, foreign, ['no such stream', other])).toBe(false);
    const beyond = { commit: second.commit + 1_000_000n, prepare: second.prepare + 1_000_000n };
    expect(await isEmpty(second, beyond)).toBe(false);
  });

  it('folds ten thousand events', async () => {
    const streamName = ledgerStream();
    let expected: bigint | 'no-stream' = 'no-stream';
    for (let part = 0; part < 10; part += 1) {
      const events = Array.from({ length: 1_000 }, () => paidIn(1));
      expected = (await append(streamName, events, expected)).revision;
    }
    let minutes = 0;
    for await (const event of store.readStream(streamName, ledgerEvents)) {
      minutes += (event.data as { readonly minutes: number }).minutes;
    }
    expect(minutes).toBe(10_000);
  });

  it('stores JSON in the client’s own form, so that any tool can read it', async () => {
    const streamName = ledgerStream();
    const event = paidIn(1);
    await append(streamName, [event], 'no-stream');
    const { eventId, ...metadata } = event.metadata;
    for await (const { event: raw } of client.readStream(streamName)) {
      expect(raw).toMatchObject({ id: eventId, isJson: true, type: event.type, data: event.data, metadata });
    }
  });

  it('answers the readiness probe', async () => {
    await expect(store.check()).resolves.toBeUndefined();
  });
});

describe('conflicts', () => {
  it('say where the stream truly stands', async () => {
    const streamName = ledgerStream();
    await append(streamName, [paidIn(1), paidIn(2)], 'no-stream');
    const conflict = append(streamName, [paidIn(3)], 0n);
    await expect(conflict).rejects.toThrow(RevisionConflict);
    await expect(conflict).rejects.toMatchObject({ streamName, expected: 0n, actual: 1n });
    await expect(append(streamName, [paidIn(3)], 'no-stream')).rejects.toMatchObject({
      expected: 'no-stream',
      actual: 1n,
    });
    const absent = ledgerStream();
    await expect(append(absent, [paidIn(3)], 4n)).rejects.toMatchObject({ expected: 4n, actual: 'no-stream' });
  });

  it('do not arise from the same events sent twice at the same expected revision', async () => {
    const streamName = ledgerStream();
    await append(streamName, [paidIn(1)], 'no-stream');
    const events = [paidIn(2), paidIn(3)];
    const first = await append(streamName, events, 0n);
    expect(await append(streamName, events, 0n)).toEqual(first);
    expect(await read(streamName)).toHaveLength(3);
  });
});

describe('what the log cannot take', () => {
  it('is refused as a whole when one event breaks its schema', async () => {
    const streamName = ledgerStream();
    await expect(append(streamName, [paidIn(1), paidIn(-1)], 'no-stream')).rejects.toThrow(EventRejected);
    expect(await read(streamName)).toEqual([]);
  });

  it('is refused when it is larger than the server accepts', async () => {
    const streamName = ledgerStream();
    const title = 'x'.repeat(2 * 1024 * 1024);
    const tooLarge = append(streamName, [newLedgerEvent('LedgerOpened', { title })], 'no-stream');
    await expect(tooLarge).rejects.toThrow(EventRejected);
    expect(await read(streamName)).toEqual([]);
  });
});

describe('foreign hands on the log', () => {
  it('show as an unreadable event when they write what the catalogue does not know', async () => {
    const streamName = ledgerStream();
    await append(streamName, [paidIn(1)], 'no-stream');
    await client.appendToStream(streamName, jsonEvent({ id: randomUUID(), type: 'HoursLost', data: {} }), {
      expectedRevision: ANY,
    });
    const reading = read(streamName);
    await expect(reading).rejects.toThrow(EventUnreadable);
    await expect(reading).rejects.toThrow(`HoursLost at ${streamName}@1`);
  });

  it('leave a soft-deleted stream absent, and it can begin anew', async () => {
    const streamName = ledgerStream();
    await append(streamName, [paidIn(1)], 'no-stream');
    await client.deleteStream(streamName, { expectedRevision: ANY });
    expect(await read(streamName)).toEqual([]);
    await append(streamName, [paidIn(2)], 'no-stream');
    expect(await read(streamName)).toMatchObject([{ revision: 1n, data: { minutes: 2 } }]);
  });

  it('leave a tombstoned stream deleted for good', async () => {
    const streamName = ledgerStream();
    await append(streamName, [paidIn(1)], 'no-stream');
    await client.tombstoneStream(streamName, { expectedRevision: ANY });
    await expect(read(streamName)).rejects.toThrow(StreamDeleted);
    await expect(append(streamName, [paidIn(2)], 0n)).rejects.toThrow(StreamDeleted);
  });
});
