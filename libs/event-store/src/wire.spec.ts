import { randomUUID } from 'node:crypto';
import { systemClock } from '@alliance/event-sourcing';
import { RevisionConflict, StoreUnavailable } from './errors';
import { EventStore } from './event-store';
import { connectTo, DEADLINE_MS, misbehaving, stopAfterTest, stopAll, stored } from './testing/bad-wire';
import { eventually } from './testing/eventually';
import { startFrailConnection } from './testing/frail-connection';
import { ledgerEvents, ledgerStream, paidIn } from './testing/ledger';
import {
  type BatchAppendCall,
  cancelled,
  confirmAppend,
  type MisbehavingStore,
  type ReadCall,
  refuseAsBusy,
  startMisbehavingStore,
} from './testing/misbehaving-store';

afterEach(stopAll);

async function readAll(store: EventStore, streamName: string): Promise<bigint[]> {
  const revisions: bigint[] = [];
  for await (const event of store.readStream(streamName, ledgerEvents)) revisions.push(event.revision);
  return revisions;
}

/** Answers each whole append of a batch stream, in the test's words. */
function answering(reply: (request: Parameters<typeof confirmAppend>[0], call: BatchAppendCall) => void) {
  return (call: BatchAppendCall) => {
    call.on('error', () => undefined);
    call.on('data', (request: Parameters<typeof confirmAppend>[0]) => reply(request, call));
  };
}

describe('deadlines (the client has none for appends and reads)', () => {
  it('ends an append that a silent server never answers', async () => {
    const store = connectTo(await misbehaving({}));
    await expect(store.append(ledgerStream(), ledgerEvents, [paidIn(1)], 'no-stream')).rejects.toThrow(
      StoreUnavailable,
    );
  });

  it('appends without asking what the server can do, since that question could hang', async () => {
    const server = await misbehaving({
      batchAppend: answering((request, call) => call.write(confirmAppend(request))),
    });
    const store = connectTo(server, 10_000);
    await expect(store.append(ledgerStream(), ledgerEvents, [paidIn(1)], 'no-stream')).resolves.toEqual({
      revision: 0n,
      position: { commit: 7n, prepare: 5n },
    });
  });

  it('ends an append and a read on a connection that has died in one direction, and recovers on a new one', async () => {
    const server = await misbehaving({
      batchAppend: answering((request, call) => call.write(confirmAppend(request))),
      read: (call) => call.end(),
    });
    const frail = await startFrailConnection(server.connectionString);
    stopAfterTest(() => frail.stop());
    const store = connectTo(frail);
    const append = () => store.append(ledgerStream(), ledgerEvents, [paidIn(1)], 'no-stream');
    await append();
    frail.loseReplies();
    await expect(append()).rejects.toThrow(StoreUnavailable);
    await expect(readAll(store, ledgerStream())).rejects.toThrow(StoreUnavailable);
    frail.cut();
    await eventually(async () => expect(await append()).toMatchObject({ revision: 0n }));
  });

  it('ends a read that never begins', async () => {
    const store = connectTo(await misbehaving({}));
    await expect(readAll(store, ledgerStream())).rejects.toThrow(StoreUnavailable);
    await expect(store.check()).rejects.toThrow(StoreUnavailable);
  });

  it('ends a read that falls silent between two events, but not one whose reader is slow', async () => {
    const streamName = ledgerStream();
    const server = await misbehaving({
      read: (call) => {
        call.write(stored(streamName, 0));
        call.write(stored(streamName, 1));
      },
    });
    const store = connectTo(server);
    const seen: bigint[] = [];
    const reading = (async () => {
      for await (const { revision } of store.readStream(streamName, ledgerEvents)) {
        seen.push(revision);
        await systemClock.sleep(DEADLINE_MS * 1.5);
      }
    })();
    await expect(reading).rejects.toThrow(StoreUnavailable);
    expect(seen).toEqual([0n, 1n]);
  });

  it('says that the store is unavailable when nobody listens', async () => {
    const server = await startMisbehavingStore();
    server.stop();
    const store = connectTo(server);
    await expect(store.append(ledgerStream(), ledgerEvents, [paidIn(1)], 'no-stream')).rejects.toThrow(
      StoreUnavailable,
    );
    await expect(readAll(store, ledgerStream())).rejects.toThrow(StoreUnavailable);
    await expect(store.check()).rejects.toThrow(StoreUnavailable);
  });
});

describe('append streams (the client shares one table of pending appends in the whole process)', () => {
  it('fails no append of another store when one store’s stream breaks', async () => {
    const breaking = await misbehaving({
      batchAppend: answering((_, call) => call.emit('error', Object.assign(new Error('broken'), { code: 13 }))),
    });
    const answers: (() => void)[] = [];
    const slow = await misbehaving({
      batchAppend: answering((request, call) => answers.push(() => call.write(confirmAppend(request)))),
    });
    const [broken, healthy] = [connectTo(breaking, 10_000), connectTo(slow, 10_000)];
    const append = healthy.append(ledgerStream(), ledgerEvents, [paidIn(1)], 'no-stream');
    await expect(broken.append(ledgerStream(), ledgerEvents, [paidIn(1)], 'no-stream')).rejects.toThrow(
      StoreUnavailable,
    );
    await eventually(() => expect(answers).toHaveLength(1));
    answers.forEach((answer) => answer());
    await expect(append).resolves.toMatchObject({ revision: 0n });
  });

  it('survives a reply that comes after the deadline, and one to a question nobody asked', async () => {
    const server = await misbehaving({
      batchAppend: answering((request, call) => {
        const first = request.getProposedMessagesList().length === 1;
        setTimeout(() => call.write(confirmAppend(request)), first ? DEADLINE_MS * 1.5 : 0);
        if (!first) call.write(confirmAppend(request.clone().setCorrelationId(undefined)));
      }),
    });
    const store = connectTo(server);
    const late = store.append(ledgerStream(), ledgerEvents, [paidIn(1)], 'no-stream');
    const prompt = store.append(ledgerStream(), ledgerEvents, [paidIn(1), paidIn(2)], 'no-stream');
    await expect(prompt).resolves.toMatchObject({ revision: 0n });
    await expect(late).rejects.toThrow(StoreUnavailable);
    await systemClock.sleep(DEADLINE_MS);
    await expect(
      store.append(ledgerStream(), ledgerEvents, [paidIn(1), paidIn(2)], 'no-stream'),
    ).resolves.toMatchObject({ revision: 0n });
  });

  it('gives up a stream that has fallen silent and appends over a new one', async () => {
    let streams = 0;
    const server = await misbehaving({
      batchAppend: (call) => {
        streams += 1;
        if (streams > 1) answering((request) => call.write(confirmAppend(request)))(call);
      },
    });
    const store = connectTo(server);
    const append = () => store.append(ledgerStream(), ledgerEvents, [paidIn(1)], 'no-stream');
    await expect(append()).rejects.toThrow(StoreUnavailable);
    await expect(append()).resolves.toMatchObject({ revision: 0n });
  });

  it('opens a new stream when the server ends the old one', async () => {
    const server = await misbehaving({
      batchAppend: answering((request, call) => {
        if (request.getProposedMessagesList().length === 1) call.end();
        else call.write(confirmAppend(request));
      }),
    });
    const store = connectTo(server);
    await expect(store.append(ledgerStream(), ledgerEvents, [paidIn(1)], 'no-stream')).rejects.toThrow(
      StoreUnavailable,
    );
    await expect(
      store.append(ledgerStream(), ledgerEvents, [paidIn(1), paidIn(2)], 'no-stream'),
    ).resolves.toMatchObject({ revision: 0n });
  });

  it('takes “Server Is Busy”, which has no kind of its own, as unavailable', async () => {
    const server = await misbehaving({
      batchAppend: answering((request, call) => call.write(refuseAsBusy(request))),
    });
    const append = connectTo(server).append(ledgerStream(), ledgerEvents, [paidIn(1)], 'no-stream');
    await expect(append).rejects.toThrow(StoreUnavailable);
    await expect(append).rejects.toThrow('Server Is Busy');
    await expect(append).rejects.not.toThrow(RevisionConflict);
  });
});

describe('reads (the client leaves a read running when its loop is left)', () => {
  it('cancels the call when the loop breaks', async () => {
    const streamName = ledgerStream();
    const calls: ReadCall[] = [];
    const server = await misbehaving({
      read: (call) => {
        calls.push(call);
        call.write(stored(streamName, 0));
      },
    });
    for await (const event of connectTo(server).readStream(streamName, ledgerEvents)) {
      expect(event.revision).toBe(0n);
      break;
    }
    expect(calls).toHaveLength(1);
    for (const call of calls) await cancelled(call);
  });

  it('cancels the call when the loop throws', async () => {
    const streamName = ledgerStream();
    const [call, reading] = await new Promise<[ReadCall, Promise<void>]>((resolve) => {
      void misbehaving({
        read: (opened) => {
          opened.write(stored(streamName, 0));
          resolve([opened, loop]);
        },
      }).then((server) => start(server));
      let loop = Promise.resolve();
      const start = (server: MisbehavingStore) => {
        loop = (async () => {
          for await (const _ of connectTo(server).readStream(streamName, ledgerEvents)) throw new Error('left');
        })();
      };
    });
    await expect(reading).rejects.toThrow('left');
    await cancelled(call);
  });
});

describe('closing', () => {
  it('ends loops, reads and appends, closes the connection and refuses what comes after', async () => {
    const streamName = ledgerStream();
    const server = await misbehaving({});
    const frail = await startFrailConnection(server.connectionString);
    stopAfterTest(() => frail.stop());
    const store = EventStore.connect({ connectionString: frail.connectionString });
    const options = {
      streamPrefixes: ['tests.'],
      after: undefined,
      maxBatchSize: 2,
      signal: new AbortController().signal,
    };
    const following = (async () => {
      for await (const _ of store.log([ledgerEvents]).follow(options));
    })();
    const calls = Promise.allSettled([
      readAll(store, streamName),
      store.append(streamName, ledgerEvents, [paidIn(1)], 'no-stream'),
    ]);
    await systemClock.sleep(50);
    await store.close();
    await following;
    expect(await calls).toMatchObject([
      { status: 'rejected', reason: { name: 'StoreUnavailable' } },
      { status: 'rejected', reason: { name: 'StoreUnavailable' } },
    ]);
    await expect(store.check()).rejects.toThrow(StoreUnavailable);
    await expect(readAll(store, randomUUID())).rejects.toThrow(StoreUnavailable);
    await eventually(() => expect(frail.connections()).toBe(0));
  });
});
