import { type LogBatch, systemClock } from '@alliance/event-sourcing';
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { EventStore } from './event-store';
import { connectTo, misbehaving, stopAll, stored } from './testing/bad-wire';
import { ledgerEvents, ledgerStream, paidIn } from './testing/ledger';
import { cancelled, caughtUp, checkpoint, confirmation, eventRead, type ReadCall } from './testing/misbehaving-store';

afterEach(stopAll);

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
      for (let before = -1; before !== sent;) {
        before = sent;
        await systemClock.sleep(200);
      }
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
