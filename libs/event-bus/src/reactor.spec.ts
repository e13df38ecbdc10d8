import type { EntityManager } from 'typeorm';
import { type CommandContext, type LogPosition, streamCategory, systemClock } from '@alliance/event-sourcing';
import { type Reaction, reacting, runReactor } from './reactor';
import { consumerDatabase, eventually } from './testing/consumer-database';
import { ListLog } from './testing/list-log';
import { thingHappened, thingMessage } from './testing/thing-contract';

const actor = { subject: 'freezing', roles: [] };
const catalogues = [{ category: streamCategory('testing', 'thing') }];

let database: Awaited<ReturnType<typeof consumerDatabase>>;
beforeAll(async () => {
  database = await consumerDatabase();
});
afterAll(() => database.close());

const freeze = (target: string): Reaction => ({ target, type: 'Freeze', data: {} });

describe('A reactor', () => {
  it('gives a command for each fact, with ids that follow from the fact, and passes over none that fails', async () => {
    const log = new ListLog();
    const fact = log.append('testing.thing-1', 'Suspended', {});
    log.append('testing.thing-2', 'Noted', {});
    const last = log.append('testing.thing-3', 'Suspended', {});
    const executed: [string, CommandContext][] = [];
    const stopping = new AbortController();
    const running = runReactor({
      name: 'freezing',
      actor,
      catalogues,
      log,
      rows: database.access.rows,
      clock: systemClock,
      signal: stopping.signal,
      policy: ({ type, streamName }) => (type === 'Suspended' ? [freeze(streamName), freeze('other')] : []),
      execute: async ({ target }, context) => {
        executed.push([target, context]);
        if (executed.length === 2) throw new Error('The store does not answer.');
      },
    });
    const { rows } = database.access;
    await eventually(async () => (await rows.loadCheckpoint('reactor freezing'))?.commit === last.position.commit);
    stopping.abort();
    await running;

    const targets = ['testing.thing-1', 'other', 'testing.thing-1', 'other', 'testing.thing-3', 'other'];
    expect(executed.map(([target]) => target)).toEqual(targets);
    const ids = executed.map(([, { commandId }]) => commandId);
    expect(ids.slice(2, 4)).toEqual(ids.slice(0, 2));
    expect(new Set(ids).size).toBe(4);
    expect(executed[0]?.[1]).toMatchObject({ actor, causationId: fact.metadata.eventId, correlationId: 'c0ffee' });
  });

  it('saves no checkpoint of its own for each fact from which nothing follows', async () => {
    const log = new ListLog();
    const { rows } = database.access;
    const saved: bigint[] = [];
    const seen: string[] = [];
    const stopping = new AbortController();
    const running = runReactor({
      name: 'idling',
      actor,
      catalogues,
      log,
      rows: {
        transaction: <Result>(work: (tx: EntityManager) => Promise<Result>) => rows.transaction(work),
        loadCheckpoint: (follower) => rows.loadCheckpoint(follower),
        async saveCheckpoint(tx: EntityManager, follower: string, position: LogPosition) {
          await rows.saveCheckpoint(tx, follower, position);
          saved.push(position.commit);
        },
      },
      clock: { now: () => new Date('2026-03-01T09:30:00Z'), sleep: systemClock.sleep, random: systemClock.random },
      signal: stopping.signal,
      policy: ({ type, streamName }) => {
        seen.push(streamName);
        return type === 'Suspended' ? [freeze(streamName)] : [];
      },
      execute: () => Promise.resolve(),
    });
    for (const [place, type] of ['Noted', 'Noted', 'Noted', 'Suspended', 'Noted'].entries()) {
      log.append(`testing.thing-${place}`, type, {});
      await eventually(() => Promise.resolve(seen.length === place + 1));
    }
    await eventually(() => Promise.resolve(saved.length === 2));
    stopping.abort();
    await running;
    expect(saved).toEqual([0n, 3n]);
  });

  it('on the bus gives the same command ids when the fact is delivered again', async () => {
    const ids: string[] = [];
    const handle = reacting<object, Reaction>({
      name: 'freezing',
      actor,
      clock: systemClock,
      policy: ({ subject }) => [freeze(subject)],
      execute: async (_reaction, { commandId, causationId, traceparent }) => {
        ids.push(commandId);
        expect([causationId, traceparent]).toEqual([fact.id, fact.traceparent]);
      },
    });
    const fact = { ...thingHappened('testing.thing-1', 0), traceparent: '00-1-2-01' };
    const message = { ...thingMessage('testing.thing-1', 0), partition: 0, offset: 0n };
    await handle(fact, { tx: {}, message });
    await handle(fact, { tx: {}, message: { ...message, offset: 1n } });
    await handle({ ...fact, id: '11111111-0000-4000-8000-000000000000' }, { tx: {}, message }).catch(() => undefined);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });
});
