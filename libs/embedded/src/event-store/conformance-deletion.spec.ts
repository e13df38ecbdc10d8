import {
  ANY,
  BACKWARDS,
  END,
  jsonEvent,
  NO_STREAM,
  START,
  STREAM_EXISTS,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
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

async function streamOf(count: number): Promise<string> {
  const stream = newStreamName();
  await server.client.appendToStream(stream, numbered(count), { expectedRevision: NO_STREAM });
  return stream;
}

describe('a deleted stream', () => {
  it('is not found', async () => {
    const stream = await streamOf(3);
    const { position } = await server.client.deleteStream(stream);
    expect(position?.commit).toBeGreaterThan(0n);
    await expect(collect(server.client.readStream(stream))).rejects.toBeInstanceOf(StreamNotFoundError);
  });

  it.each([
    ['nothing', ANY],
    ['no stream', NO_STREAM],
    ['its last revision', 2n],
  ] as const)('comes back with its revisions going on, when an append expects %s', async (_name, expectedRevision) => {
    const stream = await streamOf(3);
    await server.client.deleteStream(stream);
    const result = await server.client.appendToStream(stream, numbered(2, 3), { expectedRevision });
    expect(result.nextExpectedRevision).toBe(4n);
    const events = await collect(server.client.readStream(stream));
    expect(events.map(({ event }) => event?.revision)).toEqual([3n, 4n]);
    expect(await numbersOf(server.client.readStream(stream, { direction: BACKWARDS, fromRevision: END }))).toEqual([
      4, 3,
    ]);
  });

  it('does not come back when an append expects it to exist', async () => {
    const stream = await streamOf(1);
    await server.client.deleteStream(stream);
    const append = server.client.appendToStream(stream, numbered(1), { expectedRevision: STREAM_EXISTS });
    await expect(append).rejects.toBeInstanceOf(StreamDeletedError);
  });

  it('comes back empty when its metadata is set, and keeps that metadata', async () => {
    const stream = await streamOf(2);
    await server.client.deleteStream(stream);
    await server.client.setStreamMetadata(stream, { owner: 'somebody', maxCount: 10 });
    const { metadata } = await server.client.getStreamMetadata(stream);
    expect(metadata).toMatchObject({ owner: 'somebody', maxCount: 10, truncateBefore: 2 });
    await server.client.appendToStream(stream, numbered(1, 2));
    expect(await numbersOf(server.client.readStream(stream))).toEqual([2]);
  });

  it('can be deleted, brought back and deleted again', async () => {
    const stream = await streamOf(2);
    for (const round of [1, 2, 3]) {
      await server.client.deleteStream(stream);
      await server.client.appendToStream(stream, numbered(1, 1 + round));
      expect(await numbersOf(server.client.readStream(stream))).toEqual([1 + round]);
    }
  });

  it('keeps its events in $all', async () => {
    const stream = newStreamName();
    const { position } = await server.client.appendToStream(stream, numbered(1));
    await server.client.deleteStream(stream);
    const [first] = await collect(server.client.readAll({ fromPosition: position, maxCount: 1 }));
    expect(first?.event?.streamId).toBe(stream);
  });

  it('is deleted only at the revision expected', async () => {
    const stream = await streamOf(3);
    const refused = server.client.deleteStream(stream, { expectedRevision: 1n });
    await expect(refused).rejects.toBeInstanceOf(WrongExpectedVersionError);
    await expect(refused).rejects.toMatchObject({ streamName: stream, expectedVersion: 1n, actualVersion: 2n });
    await server.client.deleteStream(stream, { expectedRevision: 2n });
    await expect(collect(server.client.readStream(stream))).rejects.toBeInstanceOf(StreamNotFoundError);
  });

  it('must have been there', async () => {
    await expect(server.client.deleteStream(newStreamName())).rejects.toBeInstanceOf(WrongExpectedVersionError);
  });
});

describe('a tombstone', () => {
  it('ends a stream for reading, appending, deleting and further tombstones', async () => {
    const stream = await streamOf(2);
    const { position } = await server.client.tombstoneStream(stream);
    expect(position?.commit).toBeGreaterThan(0n);
    const attempts = [
      () => collect(server.client.readStream(stream)),
      () => server.client.appendToStream(stream, numbered(1)),
      () =>
        server.client.appendToStream(stream, numbered(1), { credentials: { username: 'admin', password: 'changeit' } }),
      () => server.client.deleteStream(stream),
      () => server.client.tombstoneStream(stream),
    ];
    for (const attempt of attempts) {
      await expect(attempt()).rejects.toBeInstanceOf(StreamDeletedError);
      await expect(attempt()).rejects.toMatchObject({ streamName: stream });
    }
  });

  it('can be set on a stream that was never there', async () => {
    const stream = newStreamName();
    await server.client.tombstoneStream(stream, { expectedRevision: NO_STREAM });
    await expect(server.client.appendToStream(stream, numbered(1))).rejects.toBeInstanceOf(StreamDeletedError);
  });

  it('is set only at the revision expected', async () => {
    const stream = await streamOf(2);
    await expect(server.client.tombstoneStream(stream, { expectedRevision: 7n })).rejects.toBeInstanceOf(
      WrongExpectedVersionError,
    );
    await server.client.tombstoneStream(stream, { expectedRevision: 1n });
    await expect(collect(server.client.readStream(stream))).rejects.toBeInstanceOf(StreamDeletedError);
  });

  it('is an event of $all', async () => {
    const stream = await streamOf(1);
    const { position } = await server.client.tombstoneStream(stream);
    const [event] = await collect(server.client.readAll({ fromPosition: position, maxCount: 1 }));
    expect(event?.event).toMatchObject({ streamId: stream, type: '$streamDeleted' });
  });
});

describe('stream metadata', () => {
  it('is read as it was set, $acl and own fields too', async () => {
    const stream = await streamOf(1);
    const metadata = { maxCount: 7, maxAge: 60, cacheControl: 5, acl: { readRoles: ['$all'] }, colour: 'blue' };
    await server.client.setStreamMetadata(stream, metadata);
    const read = await server.client.getStreamMetadata(stream);
    expect(read).toMatchObject({ streamName: stream, metadata });
  });

  it('limits the number of events that can be read', async () => {
    const stream = await streamOf(5);
    await server.client.setStreamMetadata(stream, { maxCount: 2 });
    expect(await numbersOf(server.client.readStream(stream, { fromRevision: START }))).toEqual([3, 4]);
    await server.client.appendToStream(stream, numbered(1, 5));
    expect(await numbersOf(server.client.readStream(stream, { direction: BACKWARDS, fromRevision: END }))).toEqual([
      5, 4,
    ]);
  });

  it('hides what lies before a revision', async () => {
    const stream = await streamOf(5);
    await server.client.setStreamMetadata(stream, { truncateBefore: 3 });
    expect(await numbersOf(server.client.readStream(stream, { fromRevision: 1n }))).toEqual([3, 4]);
    const backwards = server.client.readStream(stream, { direction: BACKWARDS, fromRevision: END });
    expect(await numbersOf(backwards)).toEqual([4, 3]);
  });

  it('hides what is too old', async () => {
    const stream = await streamOf(3);
    await server.client.setStreamMetadata(stream, { maxAge: 1 });
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    await server.client.appendToStream(stream, numbered(1, 3));
    expect(await numbersOf(server.client.readStream(stream))).toEqual([3]);
  });

  it('can be set before the stream exists, which does not make it exist for reading', async () => {
    const stream = newStreamName();
    await server.client.setStreamMetadata(stream, { maxCount: 1 }, { expectedRevision: NO_STREAM });
    await expect(collect(server.client.readStream(stream))).rejects.toBeInstanceOf(StreamNotFoundError);
    await server.client.appendToStream(stream, numbered(2), { expectedRevision: NO_STREAM });
    expect(await numbersOf(server.client.readStream(stream))).toEqual([1]);
  });

  it('shows only its latest version, and is guarded by a revision of its own', async () => {
    const stream = await streamOf(1);
    await server.client.setStreamMetadata(stream, { maxCount: 1 }, { expectedRevision: NO_STREAM });
    await server.client.setStreamMetadata(stream, { maxCount: 2 }, { expectedRevision: 0n });
    await expect(
      server.client.setStreamMetadata(stream, { maxCount: 3 }, { expectedRevision: 0n }),
    ).rejects.toBeInstanceOf(WrongExpectedVersionError);
    const versions = await collect(server.client.readStream(`$$${stream}`));
    expect(versions.map(({ event }) => event?.data)).toEqual([{ $maxCount: 2 }]);
  });

  it('that is no JSON object limits nothing', async () => {
    const stream = await streamOf(2);
    await server.client.appendToStream(`$$${stream}`, jsonEvent({ type: '$metadata', data: [] }));
    expect(await numbersOf(server.client.readStream(stream))).toEqual([0, 1]);
  });
});
