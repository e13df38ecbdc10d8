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
import { KnownOrganisation } from '@alliance/known-organisations';
import { connectDatabase, migrate, PostgresRows } from '@alliance/read-models';
import { CommandHandler, Metrics, migrationsOf } from '@alliance/service-host';
import type { DataSource } from 'typeorm';
import { awardReactor, settleAwardNow } from './award.reactor';
import { fund } from './fund.module';
import { aGrant, context, euros, ids, who } from './grant/grant.given';
import { type GrantEvent, grantEvents } from './grant/grant.events';
import { figuresOf, pot } from './pot/pot.decider';
import { potEvents } from './pot/pot.events';
import { contribution, opened } from './pot/pot.given';

let folder: string;
let server: EmbeddedEventStore;
let store: EventStore;
let testDatabase: TestDatabase;
let database: DataSource;
let commands: CommandHandler;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'award '));
  server = await startEmbeddedEventStore({ dataDir: folder });
  store = EventStore.connect({ connectionString: server.connectionString });
  testDatabase = await createTestDatabase();
  await migrate({ url: testDatabase.url, migrations: migrationsOf(fund) });
  database = await connectDatabase({ url: testDatabase.url, entities: [KnownOrganisation] });
  commands = new CommandHandler(store, new Metrics('fund'));
  await database.query(
    `INSERT INTO known_organisation (id, name, kind, status, since)
     VALUES ($1, 'Beratung e.V.', 'civil-society', 'admitted', '2025-01-01T00:00:00Z')`,
    [ids.applicant],
  );
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
      ...{ actor: { subject: 'planted', roles: [] }, occurredAt: '2026-03-20T09:00:00.000Z', schemaVersion: 1 },
    },
  }));
  await store.append(catalogue.category.streamName(id), catalogue, written, after ?? 'no-stream');
}

interface Case {
  readonly grantId: string;
  readonly potId: string;
}

/** A pot with so many euros, and a grant of 10,000 from it. */
async function planted(units: number, history: readonly GrantEvent[]): Promise<Case> {
  const [grantId, potId] = [randomUUID(), randomUUID()];
  await append(potEvents, potId, [opened, contribution(covering, units)]);
  const events = history.map((event) =>
    event.type === 'GrantDrafted' ? { ...event, data: { ...event.data, potId } } : event,
  );
  await append(grantEvents, grantId, events);
  return { grantId, potId };
}
const covering = 'e0e0e0e0-1111-4222-8333-000000000001';

const types = async (catalogue: EventCatalogue, id: string) => {
  const found: string[] = [];
  for await (const { type } of store.readStream(catalogue.category.streamName(id), catalogue)) found.push(type);
  return found;
};
async function figures(potId: string) {
  const { state } = await commands.load(pot, potId);
  if (state.stage === 'none') throw new Error('There is no such pot.');
  return figuresOf(state);
}

class Killed extends Error {}

/** The same commands until so many of them have been answered to this grant and its pot: then the process is no more. */
function dyingAfter(answers: number, { grantId, potId }: Case, kill: () => void): CommandHandler {
  let left = answers;
  const die = () => {
    kill();
    throw new Killed();
  };
  const decide = async (...args: Parameters<CommandHandler['decide']>) => {
    if (left === 0) die();
    const answer = await commands.decide(...args);
    if (args[1] === grantId || args[1] === potId) left -= 1;
    if (left === 0) die();
    return answer;
  };
  return Object.assign(Object.create(commands) as CommandHandler, { decide });
}

/** The reactor of the service as a process of its own, from its checkpoint in the database on. */
async function runReactorWith(given: CommandHandler, signal: AbortSignal): Promise<void> {
  const { name, catalogues, policy } = awardReactor;
  const waitForPosition = () => Promise.reject(new Error('The process of an award asks no projection.'));
  const own = { progress: { waitForPosition }, settings: {} };
  await runReactor({
    ...{ name, catalogues, policy, signal, clock: systemClock },
    actor: { subject: 'fund.award', roles: [] },
    log: store.log(catalogues),
    rows: new PostgresRows(database),
    execute: (wish, cause) => awardReactor.execute(wish, cause, given, database, own),
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
  const cause = { ...context(who.approvers[1]), commandId: randomUUID(), commandDigest: 'a'.repeat(64) };
  const dying = dyingAfter(answers, one, () => undefined);
  await expect(settleAwardNow(dying, database.manager, one.grantId, cause)).rejects.toThrow(Killed);
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

const nothing = euros(0);
const onceEach = (all: readonly string[]) => expect(all).toEqual([...new Set(all)]);

describe('the pot is never overcommitted: an award that dies before whichever step', () => {
  const kills = [0, 1, 2, 3].flatMap((answers) => [['reactor', answers] as const, ['request', answers] as const]);

  it.each(kills)('is completed once where the pot suffices (%s, after %i steps)', async (process, answers) => {
    const one = await planted(12_000, aGrant({ upTo: 'awarding' }));
    await (process === 'reactor' ? reactorDiesAfter(answers, one) : requestDiesAfter(answers, one));
    await reactorRunsUntil(async () => {
      expect(await figures(one.potId)).toMatchObject({
        reserved: nothing,
        committed: euros(10_000),
        free: euros(2_000),
      });
    });
    expect(await types(potEvents, one.potId)).toEqual([
      ...['PotOpened', 'ContributionReceived', 'AmountReserved', 'AwardConfirmed'],
    ]);
    expect((await types(grantEvents, one.grantId)).slice(-2)).toEqual(['AwardDecided', 'GrantAwarded']);
  });

  it.each(kills.filter(([, answers]) => answers < 3))(
    'is blocked once where it does not (%s, after %i steps)',
    async (process, answers) => {
      const one = await planted(9_999, aGrant({ upTo: 'awarding' }));
      await (process === 'reactor' ? reactorDiesAfter(answers, one) : requestDiesAfter(answers, one));
      await reactorRunsUntil(async () => {
        expect((await types(grantEvents, one.grantId)).at(-1)).toBe('AwardBlocked');
      });
      expect(await figures(one.potId)).toMatchObject({ reserved: nothing, committed: nothing, free: euros(9_999) });
      onceEach((await types(potEvents, one.potId)).slice(2));
    },
  );

  const conflict: GrantEvent = {
    type: 'ConflictDeclared',
    data: { subject: who.approvers[0], kind: 'personal', declaredBy: who.approvers[0] },
  };
  const suspension: GrantEvent = {
    type: 'RecipientStandingChanged',
    data: {
      organisationId: ids.applicant,
      ...{ standing: 'suspended', survivorId: ids.applicant, since: '2026-03-19T00:00:00.000Z' },
    },
  };
  const between = [conflict, suspension].flatMap((event) =>
    [0, 1, 2, 3].map((then) => [event.type, then, event] as const),
  );

  it.each(between)(
    'is blocked by %s after the reservation, also when it dies again after %i steps, and has released it',
    async (_, answers, event) => {
      const history = aGrant({ upTo: 'awarding' });
      const one = await planted(12_000, history);
      await requestDiesAfter(1, one);
      expect(await figures(one.potId)).toMatchObject({ reserved: euros(10_000) });
      await append(grantEvents, one.grantId, [event], BigInt(history.length - 1));
      await reactorDiesAfter(answers, one);
      await reactorRunsUntil(async () => {
        expect(await figures(one.potId)).toMatchObject({ reserved: nothing, committed: nothing, free: euros(12_000) });
      });
      expect((await types(potEvents, one.potId)).slice(2)).toEqual(['AmountReserved', 'ReservationReleased']);
      expect((await types(grantEvents, one.grantId)).slice(-2)).toEqual([event.type, 'AwardBlocked']);
    },
  );

  it.each([0, 1, 2, 3])('gives back what is due to the pot, each once (after %i steps)', async (answers) => {
    const one = await endedGrant();
    await reactorDiesAfter(answers, one);
    await reactorRunsUntil(async () => {
      expect(await figures(one.potId)).toMatchObject({
        reserved: nothing,
        committed: euros(5_500),
        free: euros(6_500),
      });
    });
    expect((await types(potEvents, one.potId)).slice(2)).toEqual([
      ...['AmountReserved', 'AwardConfirmed', 'CommitmentReduced', 'CommitmentReduced'],
    ]);
  });
});

/** 10,000 were awarded, 6,000 paid, 500 came back, and 4,000 were never paid out; the pot has heard of the reservation only. */
async function endedGrant(): Promise<Case> {
  const one = await planted(12_000, aGrant({ upTo: 'closed' }));
  const cover = [{ contributionId: covering, amount: euros(10_000) }];
  const data = { grantId: one.grantId, attempt: 1, amount: euros(10_000), cover };
  await append(potEvents, one.potId, [{ type: 'AmountReserved', data }], 1n);
  return one;
}
