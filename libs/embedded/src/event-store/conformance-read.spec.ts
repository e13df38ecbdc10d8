import {
  BACKWARDS,
  END,
  FORWARDS,
  START,
  StreamNotFoundError,
  type Direction,
  type ReadRevision,
} from '@eventstore/db-client';
import {
  collect,
  newStreamName,
  numbered,
  numbersOf,
  startConformanceServer,
  type ConformanceServer,
} from './conformance-server';

let server: ConformanceServer;
beforeAll(async () => (server = await startConformanceServer()));
afterAll(() => server.stop());

describe('reading a stream', () => {
  let stream: string;
  beforeAll(async () => {
    stream = newStreamName();
    await server.client.appendToStream(stream, numbered(10));
  });

  it.each<[Direction, ReadRevision, number, number[]]>([
    [FORWARDS, START, 3, [0, 1, 2]],
    [FORWARDS, 4n, 3, [4, 5, 6]],
    [FORWARDS, 8n, 100, [8, 9]],
    [FORWARDS, 10n, 100, []],
    [FORWARDS, END, 100, []],
    [BACKWARDS, END, 3, [9, 8, 7]],
    [BACKWARDS, 4n, 3, [4, 3, 2]],
    [BACKWARDS, 1n, 100, [1, 0]],
    [BACKWARDS, 99n, 2, [9, 8]],
    [BACKWARDS, START, 5, [0]],
  ])(
    'goes %s from %s, at most %i events, the given revision included',
    async (direction, fromRevision, maxCount, numbers) => {
      expect(await numbersOf(server.client.readStream(stream, { direction, fromRevision, maxCount }))).toEqual(numbers);
    },
  );

  it('says which stream was not found', async () => {
    const missing = newStreamName();
    const reading = collect(server.client.readStream(missing));
    await expect(reading).rejects.toBeInstanceOf(StreamNotFoundError);
    await expect(reading).rejects.toMatchObject({ streamName: missing });
  });

  it('reads names with spaces, umlauts and slashes', async () => {
    const odd = `${newStreamName()} Größe/ü?#%`;
    await server.client.appendToStream(odd, numbered(1));
    const [read] = await collect(server.client.readStream(odd));
    expect(read?.event?.streamId).toBe(odd);
  });

  it('reads a stream of 2,000 events in order, whatever their size', async () => {
    const long = newStreamName();
    for (let first = 0; first < 2_000; first += 500) {
      const events = numbered(500, first).map((event, i) => ({ ...event, metadata: { filling: 'x'.repeat(i) } }));
      await server.client.appendToStream(long, events);
    }
    const forwards = await numbersOf(server.client.readStream(long));
    expect(forwards).toEqual(Array.from({ length: 2_000 }, (_, i) => i));
    const backwards = await numbersOf(server.client.readStream(long, { direction: BACKWARDS, fromRevision: END }));
    expect(backwards).toEqual(forwards.toReversed());
  });

  it('goes on for others when a reader leaves in the middle', async () => {
    const long = newStreamName();
    for (let first = 0; first < 2_000; first += 500) await server.client.appendToStream(long, numbered(500, first));
    const reading = server.client.readStream(long);
    for await (const { event } of reading) if (event?.revision === 5n) break;
    await reading.cancel();
    expect(await numbersOf(server.client.readStream(long, { maxCount: 2 }))).toEqual([0, 1]);
  });
});

describe('reading $all', () => {
  it('gives the events of several streams in the order in which they were appended', async () => {
    const [one, two] = [newStreamName(), newStreamName()];
    const start = await server.client.appendToStream(one, numbered(1));
    await server.client.appendToStream(two, numbered(2, 1));
    await server.client.appendToStream(one, numbered(1, 3));
    const events = await collect(server.client.readAll({ fromPosition: start.position, maxCount: 500 }));
    const own = events.filter(({ event }) => event?.streamId === one || event?.streamId === two);
    expect(own.map(({ event }) => (event?.data as { number: number }).number)).toEqual([0, 1, 2, 3]);
    const positions = events.map(({ event }) => event?.position?.commit ?? 0n);
    expect(positions).toEqual([...positions].sort((a, b) => (a < b ? -1 : 1)));
  });

  it('begins forwards with the event at the position', async () => {
    const stream = newStreamName();
    const { position } = await server.client.appendToStream(stream, numbered(1));
    await server.client.appendToStream(stream, numbered(1, 1));
    const [first] = await collect(server.client.readAll({ fromPosition: position, maxCount: 1 }));
    expect(first?.event).toMatchObject({ streamId: stream, revision: 0n });
  });

  it('begins backwards with the event before the position', async () => {
    const stream = newStreamName();
    await server.client.appendToStream(stream, numbered(1));
    const { position } = await server.client.appendToStream(stream, numbered(1, 1));
    const read = await collect(server.client.readAll({ direction: BACKWARDS, fromPosition: position, maxCount: 1 }));
    expect(
      read.map(({ event }) => event?.position?.commit ?? 0n).every((commit) => commit < (position?.commit ?? 0n)),
    ).toBe(true);
    expect(read).toHaveLength(1);
  });

  it('begins backwards from the end with the newest event', async () => {
    const stream = newStreamName();
    await server.client.appendToStream(stream, numbered(3));
    const read = await collect(server.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 50 }));
    const own = read.filter(({ event }) => event?.streamId === stream);
    expect(own.map(({ event }) => event?.revision)).toEqual([2n, 1n, 0n]);
  });

  it('gives nothing forwards from the end, and as much as was asked for from the start', async () => {
    await server.client.appendToStream(newStreamName(), numbered(3));
    expect(await collect(server.client.readAll({ direction: FORWARDS, fromPosition: END, maxCount: 5 }))).toEqual([]);
    expect(await collect(server.client.readAll({ fromPosition: START, maxCount: 2 }))).toHaveLength(2);
  });
});
