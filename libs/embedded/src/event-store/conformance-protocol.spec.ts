import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { credentials, status, type ServiceError } from '@grpc/grpc-js';
import { EventStoreDBClient } from '@eventstore/db-client';
import { GossipClient } from '@eventstore/db-client/generated/gossip_grpc_pb';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb';
import { ServerFeaturesClient } from '@eventstore/db-client/generated/serverfeatures_grpc_pb';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb';
import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import {
  AppendReq,
  BatchAppendReq,
  ReadReq,
  type BatchAppendResp,
  type ReadResp,
} from '@eventstore/db-client/generated/streams_pb';
import {
  newStreamName,
  numbered,
  numbersOf,
  startConformanceServer,
  type ConformanceServer,
} from './conformance-server';
import { MessageWriter } from './protobuf';

/** What the client never sends, or never shows, but the protocol has. */
let server: ConformanceServer;
let streams: StreamsClient;
beforeAll(async () => {
  server = await startConformanceServer();
  streams = new StreamsClient(server.address, credentials.createInsecure());
});
afterAll(async () => {
  streams.close();
  await server.stop();
});

describe('what the server tells about itself', () => {
  it('lists the calls that it knows, batch append among them', async () => {
    const client = new ServerFeaturesClient(server.address, credentials.createInsecure());
    const methods = await new Promise<SupportedMethods>((resolve, reject) =>
      client.getSupportedMethods(new Empty(), (error, answer) => (error ? reject(error) : resolve(answer))),
    );
    client.close();
    const names = methods.getMethodsList().map((method) => `${method.getServiceName()}/${method.getMethodName()}`);
    expect(names).toEqual(
      expect.arrayContaining(
        ['read', 'append', 'delete', 'tombstone', 'batchappend'].map(
          (name) => `event_store.client.streams.streams/${name}`,
        ),
      ),
    );
    expect(methods.getEventStoreServerVersion()).toMatch(/^\d+\.\d+/);
  });

  it('gossips of one living leader that can be reached', async () => {
    const client = new GossipClient(server.address, credentials.createInsecure());
    const cluster = await new Promise<ClusterInfo>((resolve, reject) =>
      client.read(new Empty(), (error, answer) => (error ? reject(error) : resolve(answer))),
    );
    client.close();
    expect(cluster.getMembersList().filter((member) => member.getIsAlive()).length).toBeGreaterThan(0);
  });

  it('can be discovered', async () => {
    const client = EventStoreDBClient.connectionString(`esdb+discover://${server.address}?tls=false`);
    const stream = newStreamName();
    await client.appendToStream(stream, numbered(1));
    expect(await numbersOf(client.readStream(stream))).toEqual([0]);
    await client.dispose();
  });
});

describe('a single append', () => {
  const identifier = (name: string) => new StreamIdentifier().setStreamName(Buffer.from(name));
  const options = () => new AppendReq.Options().setStreamIdentifier(identifier(newStreamName())).setAny(new Empty());

  function send(...requests: AppendReq[]): Promise<ServiceError | null> {
    return new Promise((resolve) => {
      const call = streams.append((error) => resolve(error));
      for (const request of requests) call.write(request);
      call.end();
    });
  }

  it.each([
    ['type', 'content-type'],
    ['content-type', 'type'],
  ])('without the %s of an event is refused with its name', async (missing, present) => {
    const message = new AppendReq.ProposedMessage().setId(new UUID().setString(randomUUID()));
    message.getMetadataMap().set(present, 'application/json');
    const error = await send(new AppendReq().setOptions(options()), new AppendReq().setProposedMessage(message));
    expect(error?.code).toBe(status.INVALID_ARGUMENT);
    expect(error?.metadata.get('exception')).toEqual(['missing-required-metadata-property']);
    expect(error?.metadata.get('required-metadata-properties')).toEqual([missing]);
  });

  it('without an expected revision is refused', async () => {
    const request = new AppendReq.Options().setStreamIdentifier(identifier(newStreamName()));
    expect((await send(new AppendReq().setOptions(request)))?.code).toBe(status.INVALID_ARGUMENT);
  });
});

describe('the call for many appends', () => {
  const correlation = (id: string) => new UUID().setString(id);

  /** Written by hand: the class of its deadline belongs to the client's own copy of protobuf. */
  function batchOptions(stream: string, deadlineInSeconds = 60): BatchAppendReq.Options {
    const seconds = Math.floor(Date.now() / 1000) + deadlineInSeconds;
    const bytes = new MessageWriter()
      .bytes(0x0a, new MessageWriter().string(0x1a, stream).finish())
      .bytes(0x22, Buffer.alloc(0))
      .bytes(0x32, new MessageWriter().integer(0x08, seconds).finish());
    return BatchAppendReq.Options.deserializeBinary(bytes.finish());
  }

  function chunk(id: string, count: number, isFinal: boolean, stream?: BatchAppendReq.Options): BatchAppendReq {
    const request = new BatchAppendReq().setCorrelationId(correlation(id)).setIsFinal(isFinal).setOptions(stream);
    for (let i = 0; i < count; i++) {
      const message = new BatchAppendReq.ProposedMessage().setId(new UUID().setString(randomUUID()));
      message.getMetadataMap().set('type', 'Chunked').set('content-type', 'application/json');
      request.addProposedMessages(message.setData(Buffer.from('{}')));
    }
    return request;
  }

  async function exchange(...requests: BatchAppendReq[]): Promise<Map<string | undefined, BatchAppendResp>> {
    const call = streams.batchAppend();
    const replies: BatchAppendResp[] = [];
    call.on('data', (reply: BatchAppendResp) => replies.push(reply));
    for (const request of requests) call.write(request);
    call.end();
    await once(call, 'end');
    const byId = new Map(replies.map((reply) => [reply.getCorrelationId()?.getString(), reply]));
    expect(byId.size).toBe(replies.length);
    return byId;
  }

  it('keeps appends apart that come in chunks, and answers each once, with its stream', async () => {
    const [one, two] = [randomUUID(), randomUUID()];
    const names = [newStreamName(), newStreamName()] as const;
    const replies = await exchange(
      chunk(one, 2, false, batchOptions(names[0])),
      chunk(two, 1, false, batchOptions(names[1])),
      chunk(one, 1, false),
      chunk(two, 0, true),
      chunk(one, 2, true),
    );
    expect(replies.size).toBe(2);
    expect(replies.get(one)?.getSuccess()?.getCurrentRevision()).toBe('4');
    expect(replies.get(two)?.getSuccess()?.getCurrentRevision()).toBe('0');
    const named = replies.get(one)?.getStreamIdentifier()?.getStreamName_asU8() ?? [];
    expect(Buffer.from(named).toString()).toBe(names[0]);
  });

  it('answers an append whose deadline has passed with a timeout, and appends nothing', async () => {
    const id = randomUUID();
    const stream = newStreamName();
    const replies = await exchange(chunk(id, 1, true, batchOptions(stream, -5)));
    expect(replies.get(id)?.getError()?.getDetails()?.getTypeName()).toBe('event_store.client.Timeout');
    await expect(numbersOf(server.client.readStream(stream))).rejects.toMatchObject({ type: 'stream-not-found' });
  });

  it('answers an append that is never finished with a timeout at its deadline', async () => {
    const id = randomUUID();
    const call = streams.batchAppend();
    call.write(chunk(id, 1, false, batchOptions(newStreamName(), 2)));
    const [reply] = (await once(call, 'data')) as [BatchAppendResp];
    expect(reply.getError()?.getCode()).toBe(status.DEADLINE_EXCEEDED);
    call.end();
    await once(call, 'end');
  });

  it('answers an append without a stream with an error of its own, and goes on with the next', async () => {
    const [bad, good] = [randomUUID(), randomUUID()];
    const replies = await exchange(
      chunk(bad, 1, true, new BatchAppendReq.Options()),
      chunk(good, 1, true, batchOptions(newStreamName())),
    );
    expect(replies.get(bad)?.hasError()).toBe(true);
    expect(replies.get(good)?.hasSuccess()).toBe(true);
  });
});

describe('reading', () => {
  async function read(options: ReadReq.Options): Promise<ReadResp[]> {
    const answers: ReadResp[] = [];
    for await (const answer of streams.read(new ReadReq().setOptions(options))) answers.push(answer as ReadResp);
    return answers;
  }

  const uuidOption = (structured: boolean) =>
    structured
      ? new ReadReq.Options.UUIDOption().setStructured(new Empty())
      : new ReadReq.Options.UUIDOption().setString(new Empty());

  const streamOptions = (name: string) =>
    new ReadReq.Options.StreamOptions()
      .setStreamIdentifier(new StreamIdentifier().setStreamName(Buffer.from(name)))
      .setStart(new Empty());

  it('gives ids as two numbers to those that ask for them', async () => {
    const stream = newStreamName();
    const [event] = numbered(1);
    if (event === undefined) throw new Error('no event');
    await server.client.appendToStream(stream, event);
    const options = new ReadReq.Options().setStream(streamOptions(stream)).setCount('10').setNoFilter(new Empty());
    const [answer] = await read(options.setUuidOption(uuidOption(true)));
    const id = answer?.getEvent()?.getEvent()?.getId()?.getStructured();
    const hex = (bits: string | undefined) =>
      BigInt.asUintN(64, BigInt(bits ?? 0))
        .toString(16)
        .padStart(16, '0');
    expect(hex(id?.getMostSignificantBits()) + hex(id?.getLeastSignificantBits())).toBe(event.id.replaceAll('-', ''));
  });

  it.each([false, true])('filters $all on the server (backwards: %s)', async (backwards) => {
    const stream = newStreamName();
    await server.client.appendToStream(stream, numbered(3));
    await server.client.appendToStream(newStreamName(), numbered(3));
    const { FORWARDS, BACKWARDS } = ReadReq.Options.ReadDirection;
    const expression = new ReadReq.Options.FilterOptions.Expression().setPrefixList([stream]);
    const filter = new ReadReq.Options.FilterOptions().setStreamIdentifier(expression).setCount(new Empty());
    const all = new ReadReq.Options.AllOptions();
    const options = new ReadReq.Options()
      .setAll(backwards ? all.setEnd(new Empty()) : all.setStart(new Empty()))
      .setReadDirection(backwards ? BACKWARDS : FORWARDS)
      .setCount('2')
      .setFilter(filter)
      .setUuidOption(uuidOption(false));
    const answers = await read(options);
    const revisions = answers
      .filter((answer) => answer.hasEvent())
      .map((answer) => answer.getEvent()?.getEvent()?.getStreamRevision());
    expect(revisions).toEqual(backwards ? ['2', '1'] : ['0', '1']);
  });

  it('that makes no sense is refused as an invalid argument', async () => {
    const senseless = new ReadReq.Options().setCount('1').setNoFilter(new Empty()).setUuidOption(uuidOption(false));
    await expect(read(senseless)).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  });
});
