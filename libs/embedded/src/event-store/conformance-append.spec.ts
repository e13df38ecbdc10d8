import { randomUUID } from 'node:crypto';
import {
  ANY,
  binaryEvent,
  jsonEvent,
  MaxAppendSizeExceededError,
  NO_STREAM,
  STREAM_EXISTS,
  WrongExpectedVersionError,
  type AppendExpectedRevision,
  type AppendToStreamOptions,
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

/** With credentials the client uses the call for one append, without them the one for many. */
describe.each<[string, AppendToStreamOptions]>([
  ['batch', {}],
  ['unary', { credentials: { username: 'admin', password: 'changeit' } }],
])('append (%s)', (_name, how) => {
  const append = (stream: string, count: number, expectedRevision: AppendExpectedRevision, first = 0) =>
    server.client.appendToStream(stream, numbered(count, first), { ...how, expectedRevision });

  it('gives the first event revision 0 and answers with the revision of the last', async () => {
    const stream = newStreamName();
    expect(await append(stream, 3, NO_STREAM)).toMatchObject({ success: true, nextExpectedRevision: 2n });
    const events = await collect(server.client.readStream(stream));
    expect(events.map(({ event }) => event?.revision)).toEqual([0n, 1n, 2n]);
  });

  it('answers with the position of the last event, which grows with every append', async () => {
    const stream = newStreamName();
    const first = await append(stream, 2, ANY);
    const second = await append(stream, 1, ANY);
    expect(second.position?.commit).toBeGreaterThan(first.position?.commit ?? 0n);
    const events = await collect(server.client.readStream(stream));
    expect(events[1]?.event?.position).toEqual(first.position);
    expect(events[2]?.event?.position).toEqual(second.position);
  });

  it('keeps data, metadata, type, id and time as they were given', async () => {
    const stream = newStreamName();
    const id = randomUUID();
    const given = { type: 'Ärger', data: { text: 'süß 🦊', list: [1, null] }, metadata: { by: 'Zoë' } };
    const before = Date.now();
    await server.client.appendToStream(stream, jsonEvent({ id, ...given }), how);
    const [read] = await collect(server.client.readStream(stream));
    expect(read?.event).toMatchObject({ id, streamId: stream, isJson: true, ...given });
    expect(read?.event?.created.getTime()).toBeGreaterThan(before - 5_000);
    expect(read?.event?.created.getTime()).toBeLessThan(Date.now() + 5_000);
  });

  it('keeps bytes as bytes', async () => {
    const stream = newStreamName();
    const data = Uint8Array.from({ length: 256 }, (_, i) => i);
    await server.client.appendToStream(stream, binaryEvent({ type: 'Bytes', data, metadata: data }), how);
    const [read] = await collect(server.client.readStream(stream));
    expect(read?.event?.isJson).toBe(false);
    expect(Buffer.from(read?.event?.data as Uint8Array).equals(Buffer.from(data))).toBe(true);
    expect(Buffer.from(read?.event?.metadata as Uint8Array).equals(Buffer.from(data))).toBe(true);
  });

  it.each<[string, AppendExpectedRevision, string | bigint]>([
    ['a revision behind the last', 0n, 0n],
    ['a revision beyond the last', 7n, 7n],
    ['no stream', NO_STREAM, NO_STREAM],
  ])('refuses %s with what was expected and what is', async (_name, expectedRevision, expectedVersion) => {
    const stream = newStreamName();
    await append(stream, 3, NO_STREAM);
    const refused = append(stream, 1, expectedRevision, 100);
    await expect(refused).rejects.toBeInstanceOf(WrongExpectedVersionError);
    await expect(refused).rejects.toMatchObject({ streamName: stream, expectedVersion, actualVersion: 2n });
    expect(await numbersOf(server.client.readStream(stream))).toEqual([0, 1, 2]);
  });

  it('refuses a revision or existence where there is no stream', async () => {
    const stream = newStreamName();
    await expect(append(stream, 1, 0n)).rejects.toMatchObject({ expectedVersion: 0n, actualVersion: NO_STREAM });
    await expect(append(stream, 1, STREAM_EXISTS)).rejects.toMatchObject({
      expectedVersion: STREAM_EXISTS,
      actualVersion: NO_STREAM,
    });
  });

  it('accepts the last revision and the existence of a stream', async () => {
    const stream = newStreamName();
    await append(stream, 2, NO_STREAM);
    await append(stream, 1, 1n, 2);
    await append(stream, 1, STREAM_EXISTS, 3);
    expect(await numbersOf(server.client.readStream(stream))).toEqual([0, 1, 2, 3]);
  });

  it('takes one of many that expect the same, and refuses the others', async () => {
    const stream = newStreamName();
    const results = await Promise.allSettled(Array.from({ length: 16 }, (_, i) => append(stream, 2, NO_STREAM, i * 2)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(WrongExpectedVersionError);
    }
    expect(await collect(server.client.readStream(stream))).toHaveLength(2);
  });

  it('takes all of many that expect nothing, each append in one piece', async () => {
    const stream = newStreamName();
    await Promise.all(Array.from({ length: 40 }, (_, i) => append(stream, 3, ANY, i * 3)));
    const numbers = await numbersOf(server.client.readStream(stream));
    expect(numbers).toHaveLength(120);
    for (let i = 0; i < numbers.length; i += 3) {
      const first = Number(numbers[i]);
      expect(numbers.slice(i, i + 3)).toEqual([first, first + 1, first + 2]);
    }
  });

  it('refuses an append of more than a MiB, and takes one of almost that', async () => {
    const stream = newStreamName();
    const sized = (bytes: number) => binaryEvent({ type: 'Bytes', data: Buffer.alloc(bytes, 7) });
    const refused = server.client.appendToStream(stream, [sized(700_000), sized(400_000)], how);
    await expect(refused).rejects.toBeInstanceOf(MaxAppendSizeExceededError);
    await expect(refused).rejects.toMatchObject({ maxAppendSize: 1024 * 1024 });
    await server.client.appendToStream(stream, [sized(600_000), sized(400_000)], how);
    expect(await collect(server.client.readStream(stream))).toHaveLength(2);
  });

  it('takes an append without events as a question after the last revision', async () => {
    const stream = newStreamName();
    await append(stream, 2, NO_STREAM);
    expect(await server.client.appendToStream(stream, [], { ...how, expectedRevision: 1n })).toMatchObject({
      nextExpectedRevision: 1n,
    });
  });

  describe('a repetition', () => {
    const given = numbered(3);

    it.each<[string, AppendExpectedRevision]>([
      ['no stream', NO_STREAM],
      ['nothing', ANY],
    ])('that expects %s succeeds as the first time did and appends nothing', async (_name, expectedRevision) => {
      const stream = newStreamName();
      const first = await server.client.appendToStream(stream, given, { ...how, expectedRevision });
      await append(stream, 2, ANY, 10);
      const again = await server.client.appendToStream(stream, given, { ...how, expectedRevision });
      expect(again).toMatchObject({ success: true, nextExpectedRevision: 2n, position: first.position });
      expect(await numbersOf(server.client.readStream(stream))).toEqual([0, 1, 2, 10, 11]);
    });

    it('in the middle of a stream succeeds with its own revision', async () => {
      const stream = newStreamName();
      await append(stream, 1, NO_STREAM, 50);
      await server.client.appendToStream(stream, given, { ...how, expectedRevision: 0n });
      await append(stream, 1, ANY, 60);
      const again = await server.client.appendToStream(stream, given, { ...how, expectedRevision: 0n });
      expect(again.nextExpectedRevision).toBe(3n);
      expect(await numbersOf(server.client.readStream(stream))).toEqual([50, 0, 1, 2, 60]);
    });

    it('that is sent while the first is under way is answered alike', async () => {
      const stream = newStreamName();
      const send = () => server.client.appendToStream(stream, given, { ...how, expectedRevision: NO_STREAM });
      const answers = await Promise.all([send(), send(), send()]);
      expect(answers.map(({ nextExpectedRevision }) => nextExpectedRevision)).toEqual([2n, 2n, 2n]);
      expect(await numbersOf(server.client.readStream(stream))).toEqual([0, 1, 2]);
    });

    it.each<[string, AppendExpectedRevision]>([
      ['no stream', NO_STREAM],
      ['nothing', ANY],
    ])('of a part with something new, expecting %s, is refused', async (_name, expectedRevision) => {
      const stream = newStreamName();
      await server.client.appendToStream(stream, given, { ...how, expectedRevision: NO_STREAM });
      const mixed = [...given.slice(0, 2), ...numbered(1, 9)];
      await expect(server.client.appendToStream(stream, mixed, { ...how, expectedRevision })).rejects.toBeInstanceOf(
        WrongExpectedVersionError,
      );
      expect(await numbersOf(server.client.readStream(stream))).toEqual([0, 1, 2]);
    });

    it('in another stream is an append of its own', async () => {
      const streams = [newStreamName(), newStreamName()];
      for (const stream of streams) {
        await server.client.appendToStream(stream, given, { ...how, expectedRevision: NO_STREAM });
        expect(await numbersOf(server.client.readStream(stream))).toEqual([0, 1, 2]);
      }
    });
  });
});
