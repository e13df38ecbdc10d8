import { randomUUID } from 'node:crypto';
import { type LogBatch, systemClock } from '@alliance/event-sourcing';
import { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { RevisionConflict, StoreUnavailable } from './errors';
import { EventStore } from './event-store';
import { eventually } from './testing/eventually';
import { startFrailConnection } from './testing/frail-connection';
import { ledgerEvents, ledgerStream, paidIn } from './testing/ledger';
import {
  type BatchAppendCall,
  cancelled,
  caughtUp,
  checkpoint,
  confirmAppend,
  confirmation,
  eventRead,
  type MisbehavingStore,
  type ReadCall,
  refuseAsBusy,
  startMisbehavingStore,
} from './testing/misbehaving-store';

const DEADLINE_MS = 150;

const toStop: (() => unknown)[] = [];

afterEach(async () => {
  await Promise.all(toStop.splice(0).map((stop) => stop()));
});

async function misbehaving(behaviour: Parameters<typeof startMisbehavingStore>[0]): Promise<MisbehavingStore> {
  const server = await startMisbehavingStore(behaviour);
  toStop.push(() => server.stop());
  return server;
}

function connectTo({ connectionString }: { readonly connectionString: string }): EventStore {
  const store = EventStore.connect({ connectionString, deadlineMs: DEADLINE_MS });
  toStop.unshift(() => store.close());
  return store;
}

function stored(streamName: string, revision: number, position = { commit: revision * 10, prepare: revision * 10 }) {
  const { type, data, metadata } = paidIn(revision + 1);
  return eventRead({ streamName, id: metadata.eventId, type, data, metadata, revision, position });
}

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
    const store = connectTo(
      await misbehaving({ batchAppend: answering((request, call) => call.write(confirmAppend(request))) }),
    );
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
    toStop.push(() => frail.stop());
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
    const [broken, healthy] = [connectTo(breaking), connectTo(slow)];
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

describe('completed reads', () => {
  it('are not reset on top, since servers shut out a client that resets many calls', async () => {
    const notFound = new ReadResp().setStreamNotFound(new ReadResp.StreamNotFound());
    const { connectionString } = await misbehaving({
      read: (call) => {
        call.write(notFound);
        call.end();
      },
    });
    const store = EventStore.connect({ connectionString });
    toStop.unshift(() => store.close());
    const reads = async () => {
      for (let read = 0; read < 40; read += 1) expect(await readAll(store, ledgerStream())).toEqual([]);
    };
    await Promise.all(Array.from({ length: 40 }, reads));
  });
});

describe('subscriptions (the client’s end silently when the connection drops)', () => {
  /** Serves each subscription in turn with the next script. */
  async function scripted(...scripts: readonly (readonly ReadResp[] | 'drop' | 'end')[][]) {
    const asked: { commit: string; prepare: string }[] = [];
    let turn = 0;
    const server = await misbehaving({
      read: (call) => {
        const position = call.request.getOptions()?.getAll()?.getPosition();
        asked.push({
          commit: position?.getCommitPosition() ?? 'start',
          prepare: position?.getPreparePosition() ?? 'start',
        });
        for (const step of scripts[turn++] ?? []) {
          if (step === 'drop') call.emit('error', Object.assign(new Error('dropped'), { code: 14 }));
          else if (step === 'end') call.end();
          else for (const reply of step) call.write(reply);
        }
      },
    });
    return { store: connectTo(server), asked };
  }

  async function follow(store: EventStore, until: (batches: LogBatch[]) => boolean): Promise<LogBatch[]> {
    const stop = new AbortController();
    const batches: LogBatch[] = [];
    const log = store.log([ledgerEvents]);
    const options = { streamPrefixes: ['tests.'], after: undefined, maxBatchSize: 100, signal: stop.signal };
    for await (const batch of log.follow(options)) {
      batches.push(batch);
      if (until(batches)) stop.abort();
    }
    return batches;
  }

  const revisions = (batches: readonly LogBatch[]) => batches.flatMap(({ events }) => events.map((e) => e.revision));

  it('resumes after the last event, by commit and prepare position, and skips and repeats none', async () => {
    const name = ledgerStream();
    const { store, asked } = await scripted(
      [
        [confirmation(), stored(name, 0, { commit: 20, prepare: 10 }), stored(name, 1, { commit: 40, prepare: 30 })],
        'drop',
      ],
      [[confirmation(), stored(name, 2, { commit: 60, prepare: 50 })], 'end'],
      [[confirmation(), stored(name, 3, { commit: 80, prepare: 70 })]],
    );
    const batches = await follow(store, (all) => revisions(all).length === 4);
    expect(revisions(batches)).toEqual([0n, 1n, 2n, 3n]);
    expect(asked).toEqual([
      { commit: 'start', prepare: 'start' },
      { commit: '40', prepare: '30' },
      { commit: '60', prepare: '50' },
    ]);
  });

  it('resumes after a checkpoint beyond the last event, so that a sparse filter is not searched again', async () => {
    const name = ledgerStream();
    const { store, asked } = await scripted(
      [[confirmation(), stored(name, 0), checkpoint(500, 400)], 'drop'],
      [[confirmation(), checkpoint(900, 800), caughtUp()]],
    );
    const batches = await follow(store, (all) => all.at(-1)?.caughtUp === true);
    expect(asked[1]).toEqual({ commit: '500', prepare: '400' });
    expect(batches.at(-1)).toEqual({ events: [], position: { commit: 900n, prepare: 800n }, caughtUp: true });
  });

  it('begins anew when the server accepts the call but never confirms the subscription', async () => {
    const name = ledgerStream();
    const { store, asked } = await scripted([], [[confirmation(), stored(name, 0)]]);
    expect(revisions(await follow(store, (all) => revisions(all).length === 1))).toEqual([0n]);
    expect(asked).toHaveLength(2);
  });

  it('runs the loop body for one batch at a time', async () => {
    const name = ledgerStream();
    const { store } = await scripted([
      [confirmation(), ...[0, 1, 2, 3, 4, 5].map((revision) => stored(name, revision))],
    ]);
    const stop = new AbortController();
    let running = 0;
    const seen: bigint[] = [];
    const options = { streamPrefixes: ['tests.'], after: undefined, maxBatchSize: 2, signal: stop.signal };
    for await (const { events } of store.log([ledgerEvents]).follow(options)) {
      running += 1;
      expect(running).toBe(1);
      expect(events.length).toBeLessThanOrEqual(2);
      await systemClock.sleep(5);
      seen.push(...events.map((event) => event.revision));
      running -= 1;
      if (seen.length === 6) stop.abort();
    }
    expect(seen).toEqual([0n, 1n, 2n, 3n, 4n, 5n]);
  });

  it('holds the server back while the loop body is busy', async () => {
    const streamName = ledgerStream();
    const { type, metadata } = paidIn(1);
    const [total, data] = [3_000, { minutes: 1, note: 'x'.repeat(10_000) }];
    let sent = 0;
    const server = await misbehaving({
      read: (call) => {
        const position = { commit: 10, prepare: 10 };
        const event = eventRead({ streamName, id: metadata.eventId, type, data, metadata, revision: 0, position });
        call.write(confirmation());
        const more = () => {
          while (sent < total) {
            sent += 1;
            if (!call.write(event)) return void call.once('drain', more);
          }
        };
        more();
      },
    });
    // Without a catalogue nothing is decoded: this is about what is fetched.
    const log = connectTo(server).log([]);
    const options = {
      streamPrefixes: ['tests.'],
      after: undefined,
      maxBatchSize: 20,
      signal: new AbortController().signal,
    };
    for await (const batch of log.follow(options)) {
      expect(batch.position).toEqual({ commit: 10n, prepare: 10n });
      await systemClock.sleep(300);
      break;
    }
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(total / 10);
  });

  it('cancels the subscription when the follower leaves', async () => {
    const calls: ReadCall[] = [];
    const server = await misbehaving({
      read: (call) => {
        calls.push(call);
        call.write(confirmation());
        call.write(caughtUp());
      },
    });
    const options = {
      streamPrefixes: ['tests.'],
      after: undefined,
      maxBatchSize: 2,
      signal: new AbortController().signal,
    };
    for await (const batch of connectTo(server).log([ledgerEvents]).follow(options)) {
      expect(batch).toEqual({ events: [], position: { commit: 0n, prepare: 0n }, caughtUp: true });
      break;
    }
    expect(calls).toHaveLength(1);
    for (const call of calls) await cancelled(call);
  });
});

describe('closing', () => {
  it('ends loops, reads and appends, closes the connection and refuses what comes after', async () => {
    const streamName = ledgerStream();
    const server = await misbehaving({});
    const frail = await startFrailConnection(server.connectionString);
    toStop.push(() => frail.stop());
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
