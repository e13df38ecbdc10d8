import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createTestDatabase,
  type EmbeddedEventStore,
  startEmbeddedEventStore,
  type TestDatabase,
} from '@alliance/embedded';
import { runReactor } from '@alliance/event-bus';
import { type DomainEvent, type EventCatalogue, systemClock } from '@alliance/event-sourcing';
import { EventStore } from '@alliance/event-store';
import { connectDatabase, migrate, PostgresRows } from '@alliance/read-models';
import { CommandHandler, Metrics, migrationsOf } from '@alliance/service-host';
import type { DataSource } from 'typeorm';
import { type AllocationEvent, allocationEvents } from './allocation/allocation.events';
import { accepted, proposed, secured, started } from './allocation/allocation.given';
import { allocationReactor, settleAllocationNow } from './allocation.reactor';
import { capacityMatching } from './capacity-matching.module';
import { offer } from './offer/offer.decider';
import { type OfferEvent, offerEvents } from './offer/offer.events';
import { offerFacts } from './offer/offer.given';
import { takenByWeek } from './offer/offer-ledger';

let folder: string;
let server: EmbeddedEventStore;
let store: EventStore;
let testDatabase: TestDatabase;
let database: DataSource;
let commands: CommandHandler;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'allocation '));
  server = await startEmbeddedEventStore({ dataDir: folder });
  store = EventStore.connect({ connectionString: server.connectionString });
  testDatabase = await createTestDatabase();
  await migrate({ url: testDatabase.url, migrations: migrationsOf(capacityMatching) });
  database = await connectDatabase({ url: testDatabase.url, entities: [] });
  commands = new CommandHandler(store, new Metrics('capacity-matching'));
});
afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
  await store.close();
  await server.stop();
  await rm(folder, { recursive: true });
});

async function append(catalogue: EventCatalogue, id: string, events: readonly DomainEvent[], after?: bigint) {
  const written = events.map((event) => ({
    ...event,
    metadata: {
      ...{ eventId: randomUUID(), commandId: randomUUID(), correlationId: 'spec', causationId: 'spec' },
      ...{ actor: { subject: 'planted', roles: [] }, occurredAt: '2026-04-02T09:00:00.000Z', schemaVersion: 1 },
    },
  }));
  await store.append(catalogue.category.streamName(id), catalogue, written, after ?? 'no-stream');
}

interface Case {
  readonly allocationId: string;
  readonly offerId: string;
}
type Told = (one: Case) => readonly OfferEvent[];

const held: Told = ({ allocationId }) => {
  const { needId, weeks, expiresAt } = proposed.data;
  return [{ type: 'CapacityHeld', data: { allocationId, needId, weeks, expiresAt } }];
};
const confirmed: Told = (one) => [...held(one), { type: 'HoldConfirmed', data: { allocationId: one.allocationId } }];
const nothing: Told = () => [];

/** An offer of so many minutes a week, of which the allocation wants 300, with what both streams tell by then. */
async function planted(minutesPerWeek: number, history: readonly AllocationEvent[], told: Told): Promise<Case> {
  const one = { allocationId: randomUUID(), offerId: randomUUID() };
  const published = { organisationId: randomUUID(), facts: { ...offerFacts, minutesPerWeek }, publishedBy: 'planted' };
  await append(offerEvents, one.offerId, [{ type: 'OfferPublished', data: published }, ...told(one)]);
  const events = history.map((event) =>
    event.type === 'AllocationProposed' ? { ...event, data: { ...event.data, offerId: one.offerId } } : event,
  );
  await append(allocationEvents, one.allocationId, events);
  return one;
}

const types = async (catalogue: EventCatalogue, id: string) => {
  const found: string[] = [];
  for await (const { type } of store.readStream(catalogue.category.streamName(id), catalogue)) found.push(type);
  return found;
};
/** What the two have told, but for how they began. */
const toldBy = async ({ allocationId, offerId }: Case, planned: number) => ({
  allocation: (await types(allocationEvents, allocationId)).slice(planned),
  offer: (await types(offerEvents, offerId)).slice(1),
});
async function minutesTaken({ offerId }: Case): Promise<readonly number[]> {
  const { state } = await commands.load(offer, offerId);
  if (state.stage === 'none') throw new Error('There is no such offer.');
  return [...takenByWeek(state.holds).values()];
}

class Killed extends Error {}

/** The same commands until so many of them have been answered about this allocation: then the process is no more. */
function dyingAfter(answers: number, { allocationId, offerId }: Case, kill: () => void): CommandHandler {
  let left = answers;
  const die = () => {
    kill();
    throw new Killed();
  };
  const decide = async (...args: Parameters<CommandHandler['decide']>) => {
    const isOfCase = args[1] === allocationId || args[1] === offerId;
    if (isOfCase && left === 0) die();
    const answer = await commands.decide(...args);
    if (isOfCase) left -= 1;
    if (isOfCase && left === 0) die();
    return answer;
  };
  return Object.assign(Object.create(commands) as CommandHandler, { decide });
}

/** The reactor of the service as a process of its own, from its checkpoint in the database on. */
async function runReactorWith(given: CommandHandler, signal: AbortSignal): Promise<void> {
  const { name, catalogues, policy } = allocationReactor;
  const waitForPosition = () => Promise.reject(new Error('The process of an allocation asks no projection.'));
  const own = { progress: { waitForPosition }, settings: {} };
  await runReactor({
    ...{ name, catalogues, policy, signal, clock: systemClock },
    actor: { subject: 'capacity-matching.allocation', roles: [] },
    log: store.log(catalogues),
    rows: new PostgresRows(database),
    execute: (wish, cause) => allocationReactor.execute(wish, cause, given, database, own),
  });
}

async function reactorDiesAfter(answers: number, one: Case): Promise<void> {
  const stop = new AbortController();
  await runReactorWith(
    dyingAfter(answers, one, () => stop.abort()),
    stop.signal,
  );
}

async function requestDiesAfter(answers: number, one: Case): Promise<void> {
  const commandId = randomUUID();
  const actor = { subject: 'coordinator-1', roles: ['coordinator'] };
  const cause = { commandId, correlationId: commandId, causationId: commandId, actor, at: '2026-04-02T09:00:00.000Z' };
  const dying = dyingAfter(answers, one, () => undefined);
  await expect(
    settleAllocationNow(dying, one.allocationId, { ...cause, commandDigest: 'a'.repeat(64) }),
  ).rejects.toThrow(Killed);
}

/** A new process; it ends when what the log says is so, and does not stop being so. */
async function reactorRunsUntil(check: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const running = runReactorWith(commands, stop.signal);
  try {
    for (const deadline = Date.now() + 15_000; ;) {
      try {
        await check();
        break;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await sleep(20);
      }
    }
    await sleep(100);
    await check();
  } finally {
    stop.abort();
    await running;
  }
}

const steps = [0, 1, 2];
const kills = steps.flatMap((answers) => [['reactor', answers] as const, ['request', answers] as const]);
const diesAfter = (process: 'reactor' | 'request', answers: number, one: Case) =>
  process === 'reactor' ? reactorDiesAfter(answers, one) : requestDiesAfter(answers, one);

describe('an offer is never oversold: an allocation that dies before whichever step', () => {
  it.each(kills)('is secured once where the offer has the minutes (%s, after %i steps)', async (process, answers) => {
    const one = await planted(300, [proposed], nothing);
    await diesAfter(process, answers, one);
    await reactorRunsUntil(async () => {
      expect(await toldBy(one, 1)).toEqual({ allocation: ['CapacitySecured'], offer: ['CapacityHeld'] });
    });
    expect(await minutesTaken(one)).toEqual([300, 300]);
  });

  it.each(kills)('fails once where it has not (%s, after %i steps)', async (process, answers) => {
    const one = await planted(299, [proposed], nothing);
    await diesAfter(process, answers, one);
    await reactorRunsUntil(async () => {
      expect(await toldBy(one, 1)).toEqual({ allocation: ['AllocationFailed'], offer: ['HoldDeclined'] });
    });
    expect(await minutesTaken(one)).toEqual([]);
  });

  it.each(kills)('starts once when both sides have accepted (%s, after %i steps)', async (process, answers) => {
    const one = await planted(300, [proposed, secured, accepted('helping'), accepted('supporting')], held);
    await diesAfter(process, answers, one);
    await reactorRunsUntil(async () => {
      expect(await toldBy(one, 4)).toEqual({
        allocation: ['AllocationStarted'],
        offer: ['CapacityHeld', 'HoldConfirmed'],
      });
    });
    expect(await minutesTaken(one)).toEqual([300, 300]);
  });

  const ends: readonly AllocationEvent[] = [
    { type: 'AllocationDeclined', data: { side: 'helping', reasonCode: 'no-time', declinedBy: 'helper' } },
    { type: 'AllocationExpired', data: { waitedFor: ['helping'] } },
    { type: 'AllocationReleased', data: { reasonCode: 'need-closed' } },
  ];
  const overBetween = ends.flatMap((end) => [0, 1].map((then) => [end.type, then, end] as const));

  it.each(overBetween)(
    'holds nothing after %s between two steps, also when it dies again after %i steps',
    async (_, answers, end) => {
      const one = await planted(300, [proposed], nothing);
      await requestDiesAfter(1, one);
      expect(await minutesTaken(one)).toEqual([300, 300]);
      await append(allocationEvents, one.allocationId, [end], 0n);
      await reactorDiesAfter(answers, one);
      await reactorRunsUntil(async () => {
        expect(await toldBy(one, 1)).toEqual({ allocation: [end.type], offer: ['CapacityHeld', 'HoldReleased'] });
      });
      expect(await minutesTaken(one)).toEqual([]);
    },
  );

  it.each(steps.slice(0, 2))('gives back once what is given up from a week on (after %i steps)', async (answers) => {
    const release: AllocationEvent = {
      type: 'AllocationReleased',
      data: { reasonCode: 'no-longer', fromWeek: '2026-W16' },
    };
    const one = await planted(300, [...started, release], confirmed);
    await reactorDiesAfter(answers, one);
    await reactorRunsUntil(async () => {
      expect(await toldBy(one, 6)).toEqual({
        allocation: [],
        offer: ['CapacityHeld', 'HoldConfirmed', 'HoldReleased'],
      });
    });
    expect(await minutesTaken(one)).toEqual([300]);
  });
});
