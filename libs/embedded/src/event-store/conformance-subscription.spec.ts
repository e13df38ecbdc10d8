import type { EventEmitter } from 'node:events';
import {
  END,
  eventTypeFilter,
  excludeSystemEvents,
  jsonEvent,
  START,
  StreamDeletedError,
  streamNameFilter,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type Position,
  type StreamSubscription,
} from '@eventstore/db-client';
import { newStreamName, numbered, startConformanceServer, type ConformanceServer } from './conformance-server';

let server: ConformanceServer;
beforeAll(async () => (server = await startConformanceServer()));
afterAll(() => server.stop());

const following: (AllStreamSubscription | StreamSubscription)[] = [];
afterEach(async () => {
  await Promise.all(following.splice(0).map((subscription) => subscription.unsubscribe()));
});

/** Collects what a subscription brings; `until` resolves when the condition holds. */
function follow(subscription: AllStreamSubscription | StreamSubscription) {
  following.push(subscription);
  const answers: EventEmitter = subscription;
  const numbers: number[] = [];
  const streams: (string | undefined)[] = [];
  const seen = { caughtUp: 0, error: undefined as unknown };
  let check: () => void = () => undefined;
  answers.on('data', ({ event }: AllStreamResolvedEvent) => {
    numbers.push((event?.data as { number: number }).number);
    streams.push(event?.streamId);
    check();
  });
  answers.on('caughtUp', () => {
    seen.caughtUp++;
    check();
  });
  answers.on('error', (error) => {
    seen.error = error;
    check();
  });
  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      check = () => {
        if (condition()) resolve();
      };
      check();
    });
  return { numbers, streams, seen, until };
}

function upTo(count: number, first = 0): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

describe('subscribing to a stream', () => {
  it('brings what is there, says that it has caught up, and goes on with what comes', async () => {
    const stream = newStreamName();
    await server.client.appendToStream(stream, numbered(3));
    const { numbers, seen, until } = follow(server.client.subscribeToStream(stream, { fromRevision: START }));
    await until(() => seen.caughtUp === 1);
    expect(numbers).toEqual([0, 1, 2]);
    for (let i = 3; i < 6; i++) await server.client.appendToStream(stream, numbered(1, i));
    await until(() => numbers.length >= 6);
    expect(numbers).toEqual(upTo(6));
  });

  it('begins after the revision given, unlike reading', async () => {
    const stream = newStreamName();
    await server.client.appendToStream(stream, numbered(5));
    const { numbers, until } = follow(server.client.subscribeToStream(stream, { fromRevision: 2n }));
    await until(() => numbers.length >= 2);
    expect(numbers).toEqual([3, 4]);
  });

  it('brings only what is new when it begins at the end', async () => {
    const stream = newStreamName();
    await server.client.appendToStream(stream, numbered(5));
    const { numbers, seen, until } = follow(server.client.subscribeToStream(stream, { fromRevision: END }));
    await until(() => seen.caughtUp === 1);
    await server.client.appendToStream(stream, numbered(1, 5));
    await until(() => numbers.length >= 1);
    expect(numbers).toEqual([5]);
  });

  it('waits for a stream that does not exist yet', async () => {
    const stream = newStreamName();
    const { numbers, seen, until } = follow(server.client.subscribeToStream(stream));
    await until(() => seen.caughtUp === 1);
    await server.client.appendToStream(stream, numbered(1));
    await until(() => numbers.length === 1);
  });

  it('ends with an error when the stream is deleted for ever, before or meanwhile', async () => {
    const stream = newStreamName();
    await server.client.appendToStream(stream, numbered(1));
    const meanwhile = follow(server.client.subscribeToStream(stream, { fromRevision: START }));
    await meanwhile.until(() => meanwhile.seen.caughtUp === 1);
    await server.client.tombstoneStream(stream);
    await meanwhile.until(() => meanwhile.seen.error !== undefined);
    expect(meanwhile.seen.error).toBeInstanceOf(StreamDeletedError);
    const afterwards = follow(server.client.subscribeToStream(stream, { fromRevision: START }));
    await afterwards.until(() => afterwards.seen.error !== undefined);
    expect(afterwards.seen.error).toMatchObject({ streamName: stream });
  });

  it('goes on over a soft deletion with what is appended afterwards', async () => {
    const stream = newStreamName();
    await server.client.appendToStream(stream, numbered(2));
    const { numbers, until } = follow(server.client.subscribeToStream(stream, { fromRevision: START }));
    await until(() => numbers.length === 2);
    await server.client.deleteStream(stream);
    await server.client.appendToStream(stream, numbered(1, 2));
    await until(() => numbers.length >= 3);
    expect(numbers).toEqual([0, 1, 2]);
  });
});

describe('subscribing to $all', () => {
  it('brings every event once and in order while many append', async () => {
    const prefix = newStreamName();
    const { position } = await server.client.appendToStream(`${prefix}-0`, numbered(1));
    const filter = streamNameFilter({ prefixes: [prefix] });
    const early = follow(server.client.subscribeToAll({ fromPosition: position, filter }));
    const writing = Promise.all(
      upTo(8).map(async (writer) => {
        for (let i = 0; i < 25; i++) await server.client.appendToStream(`${prefix}-${writer}`, numbered(2, i * 2));
      }),
    );
    const late = follow(server.client.subscribeToAll({ fromPosition: position, filter }));
    await writing;
    for (const { numbers, streams, until } of [early, late]) {
      await until(() => numbers.length >= 400);
      for (const writer of upTo(8)) {
        expect(numbers.filter((_, i) => streams[i] === `${prefix}-${writer}`)).toEqual(upTo(50));
      }
    }
    expect(late.streams).toEqual(early.streams);
  });

  it('begins after the position given', async () => {
    const prefix = newStreamName();
    const first = await server.client.appendToStream(prefix, numbered(1));
    await server.client.appendToStream(prefix, numbered(1, 1));
    const { numbers, until } = follow(server.client.subscribeToAll({ fromPosition: first.position }));
    await until(() => numbers.length >= 1);
    expect(numbers[0]).toBe(1);
  });

  it('brings only what is new when it begins at the end', async () => {
    const { numbers, streams, seen, until } = follow(server.client.subscribeToAll({ fromPosition: END }));
    await until(() => seen.caughtUp === 1);
    const stream = newStreamName();
    await server.client.appendToStream(stream, numbered(1));
    await until(() => streams.includes(stream));
    expect(numbers[streams.indexOf(stream)]).toBe(0);
  });

  it.each([
    ['stream names by prefix', (stream: string) => streamNameFilter({ prefixes: ['no such', stream] })],
    ['stream names by pattern', (stream: string) => streamNameFilter({ regex: `^${stream}$` })],
    ['event types by prefix', (stream: string) => eventTypeFilter({ prefixes: [`T${stream}`] })],
    ['event types by pattern', (stream: string) => eventTypeFilter({ regex: `^T${stream}.*$` })],
  ])('filters by %s', async (_name, filter) => {
    const stream = newStreamName();
    const event = (number: number) => jsonEvent({ type: `T${stream}`, data: { number } });
    const { position } = await server.client.appendToStream(newStreamName(), numbered(1, 99));
    await server.client.appendToStream(stream, event(0));
    await server.client.appendToStream(newStreamName(), numbered(40, 100));
    const { numbers, until } = follow(server.client.subscribeToAll({ fromPosition: position, filter: filter(stream) }));
    await until(() => numbers.length === 1);
    await server.client.appendToStream(newStreamName(), numbered(1, 99));
    await server.client.appendToStream(stream, event(1));
    await until(() => numbers.length >= 2);
    expect(numbers).toEqual([0, 1]);
  });

  it('leaves out system events when told to', async () => {
    const stream = newStreamName();
    const { position } = await server.client.appendToStream(stream, numbered(1));
    await server.client.setStreamMetadata(stream, { maxCount: 5 });
    await server.client.appendToStream(stream, numbered(1, 1));
    const types: (string | undefined)[] = [];
    const subscription = server.client.subscribeToAll({ fromPosition: position, filter: excludeSystemEvents() });
    subscription.on('data', ({ event }) => types.push(event?.type));
    const { numbers, until } = follow(subscription);
    await until(() => numbers.includes(1));
    expect(types.filter((type) => type?.startsWith('$'))).toEqual([]);
  });

  it('tells how far it is though nothing matches, and can be resumed from there', async () => {
    const stream = newStreamName();
    const { position } = await server.client.appendToStream(newStreamName(), numbered(1));
    const checkpoints: Position[] = [];
    let told: () => void = () => undefined;
    const filter = streamNameFilter({
      prefixes: [stream],
      maxSearchWindow: 10,
      checkpointInterval: 1,
      checkpointReached: (_subscription, checkpoint) => {
        checkpoints.push(checkpoint);
        told();
      },
    });
    const { numbers } = follow(server.client.subscribeToAll({ fromPosition: position, filter }));
    const last = await server.client.appendToStream(newStreamName(), numbered(500));
    for (let i = 0; i < 12; i++) await server.client.appendToStream(newStreamName(), numbered(1));
    await new Promise<void>((resolve) => {
      told = () => {
        if ((checkpoints.at(-1)?.commit ?? 0n) >= (last.position?.commit ?? 0n)) resolve();
      };
      told();
    });
    expect(numbers).toEqual([]);
    const commits = checkpoints.map(({ commit }) => commit);
    expect(commits).toEqual([...new Set(commits)].sort((a, b) => (a < b ? -1 : 1)));
    await server.client.appendToStream(stream, numbered(1, 7));
    const resumed = follow(server.client.subscribeToAll({ fromPosition: checkpoints.at(-1), filter }));
    await resumed.until(() => resumed.numbers.length > 0);
    expect(resumed.numbers).toEqual([7]);
  });

  it('loses nothing when the subscriber is slow', async () => {
    const stream = newStreamName();
    const filter = streamNameFilter({ prefixes: [stream] });
    for (let first = 0; first < 3_000; first += 500) await server.client.appendToStream(stream, numbered(500, first));
    const subscription = server.client.subscribeToAll({ fromPosition: START, filter });
    following.push(subscription);
    const numbers: number[] = [];
    for await (const { event } of subscription) {
      if (numbers.length % 250 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      numbers.push((event?.data as unknown as { number: number }).number);
      if (numbers.length === 1_000) await server.client.appendToStream(stream, numbered(1, 3_000));
      if (numbers.length === 3_001) break;
    }
    expect(numbers).toEqual(upTo(3_001));
  });
});
