import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedEventStore, startEmbeddedEventStore } from '@alliance/embedded';
import { isRefusal, type RecordedEvent } from '@alliance/event-sourcing';
import { deriveId, EventStore } from '@alliance/event-store';
import { CommandHandler, Metrics } from '@alliance/service-host';
import { settleAfter } from './admission.policy';
import { settleRegistrations } from './admission.reactor';
import { type Identifier, registrationKey } from '../identifier';
import { organisation, type OrganisationCommand } from './organisation.decider';
import { organisationEvents } from './organisation.events';
import { checks, context, tafel } from './organisation.given';
import { registration, type RegistrationState } from './registration.decider';
import { registrationEvents } from './registration.events';

let dataDir: string;
let server: EmbeddedEventStore;
let store: EventStore;
let commands: CommandHandler;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'admission-'));
  server = await startEmbeddedEventStore({ dataDir });
  store = EventStore.connect({ connectionString: server.connectionString });
  commands = new CommandHandler(store, new Metrics('registry'));
});
afterAll(async () => {
  await store.close();
  await server.stop();
  await rm(dataDir, { recursive: true });
});

const fresh = (subject: string) => context(subject, { commandId: randomUUID() });
let numbers = 0;
const anIdentifier = (): Identifier => ({ scheme: 'vereinsregister', court: 'Köln', number: `VR ${(numbers += 1)}` });

async function send(id: string, command: Pick<OrganisationCommand, 'type' | 'data'>, subject = 'coordinator-1') {
  const sent = { ...command, context: fresh(subject) } as OrganisationCommand;
  const decided = await commands.decide(organisation, id, sent);
  if (isRefusal(decided)) throw new Error(decided.code);
}

async function verifiedOrganisation(identifiers: readonly Identifier[]): Promise<string> {
  const organisationId = randomUUID();
  const facts = { ...tafel, identifiers: [...identifiers] };
  const data = { organisationId, facts, minimumOperatingMonths: 12 };
  await send(organisationId, { type: 'ApplyForMembership', data }, 'representative-1');
  await send(organisationId, { type: 'VerifyOrganisation', data: { checks } });
  return organisationId;
}

/** What a request does: decide, then settle. */
async function admit(organisationId: string) {
  await send(organisationId, { type: 'DecideAdmission', data: {} });
  return settleRegistrations(commands, organisationId, fresh('coordinator-1'));
}

async function registrationState(identifier: Identifier): Promise<RegistrationState> {
  return (await commands.load(registration, registrationKey(identifier))).state;
}

/** What the reactor does with all that is in the log of these organisations by now, in its order, twice. */
async function runReactorFor(...organisationIds: string[]) {
  const stop = new AbortController();
  const facts: RecordedEvent[] = [];
  const log = store.log([organisationEvents, registrationEvents]);
  const streamPrefixes = [organisationEvents.category.prefix, registrationEvents.category.prefix];
  for await (const batch of log.follow({ streamPrefixes, after: undefined, maxBatchSize: 500, signal: stop.signal })) {
    facts.push(...batch.events);
    if (batch.caughtUp) break;
  }
  stop.abort();
  for (const fact of [...facts, ...facts]) {
    for (const { target, data } of settleAfter(fact)) {
      if (!organisationIds.includes(target)) continue;
      const cause = { ...fresh('registry'), commandId: deriveId(fact.metadata.eventId, 'settle') };
      await settleRegistrations(commands, target, cause, data.registrationKey);
    }
  }
}

describe('an admission', () => {
  it('holds every registration of the organisation', async () => {
    const identifiers = [anIdentifier(), anIdentifier()];
    const organisationId = await verifiedOrganisation(identifiers);
    const { state } = await admit(organisationId);
    expect(state.stage).toBe('admitted');
    for (const identifier of identifiers) {
      expect(await registrationState(identifier)).toEqual({ stage: 'held', organisationId, attempt: 1 });
    }
  });

  it('is blocked by a member with the same identifier, holds nothing then, and succeeds once that member has left', async () => {
    const [shared, own] = [anIdentifier(), anIdentifier()];
    const member = await verifiedOrganisation([shared]);
    await admit(member);
    const second = await verifiedOrganisation([own, shared]);
    expect((await admit(second)).state).toMatchObject({
      stage: 'verified',
      blocked: { identifier: shared, heldBy: member },
    });
    expect(await registrationState(own)).toEqual({ stage: 'free' });

    await send(member, { type: 'LeaveAlliance', data: {} });
    await settleRegistrations(commands, member, fresh('coordinator-1'));
    expect(await registrationState(shared)).toEqual({ stage: 'free' });
    expect((await admit(second)).state.stage).toBe('admitted');
  });

  it.each([2, 5, 16])(
    'of %i organisations with a common identifier at the same time admits exactly one',
    async (many) => {
      const shared = anIdentifier();
      const own = Array.from({ length: many }, anIdentifier);
      const ids = await Promise.all(own.map((identifier) => verifiedOrganisation([identifier, shared])));
      const admitted = await Promise.all(ids.map(admit));
      const winners = admitted.flatMap(({ state }) => (state.stage === 'admitted' ? [state.organisationId] : []));
      expect(winners).toHaveLength(1);
      expect(await registrationState(shared)).toEqual({ stage: 'held', organisationId: winners[0], attempt: 1 });
      for (const [index, organisationId] of ids.entries()) {
        const { state } = await commands.load(organisation, organisationId);
        const isWinner = organisationId === winners[0];
        expect(state).toMatchObject(
          isWinner ? { stage: 'admitted' } : { stage: 'verified', blocked: { heldBy: winners[0] } },
        );
        expect((await registrationState(own[index]!)).stage).toBe(isWinner ? 'held' : 'free');
      }
    },
  );

  it('of organisations whose identifiers overlap in a ring admits at least one and leaves nothing dangling', async () => {
    const ring = Array.from({ length: 5 }, anIdentifier);
    const pairs = ring.map((identifier, index) => [identifier, ring[(index + 1) % ring.length]!]);
    const ids = await Promise.all(pairs.map(verifiedOrganisation));
    await Promise.all(ids.map(admit));
    const stages = await Promise.all(ids.map(async (id) => (await commands.load(organisation, id)).state.stage));
    expect(stages).toContain('admitted');
    const holders = new Set(ids.filter((_, index) => stages[index] === 'admitted'));
    for (const identifier of ring) {
      const state = await registrationState(identifier);
      if (state.stage === 'held') expect(holders).toContain(state.organisationId);
    }
  });

  it('that broke off is finished by the reactor, and what the reactor repeats changes nothing', async () => {
    const shared = anIdentifier();
    const own = anIdentifier();
    const first = await verifiedOrganisation([shared]);
    const second = await verifiedOrganisation([own, shared]);
    await send(first, { type: 'DecideAdmission', data: {} });
    await send(second, { type: 'DecideAdmission', data: {} });
    await runReactorFor(first, second);
    expect((await commands.load(organisation, first)).state.stage).toBe('admitted');
    expect((await commands.load(organisation, second)).state).toMatchObject({
      stage: 'verified',
      blocked: { heldBy: first },
    });
    expect(await registrationState(own)).toEqual({ stage: 'free' });
    const before = await commands.load(organisation, second);
    await runReactorFor(first, second);
    expect((await commands.load(organisation, second)).last?.revision).toBe(before.last?.revision);
  });

  it('whose slow request claims after its end gives the claim back', async () => {
    const shared = anIdentifier();
    const own = anIdentifier();
    await admit(await verifiedOrganisation([shared]));
    const late = await verifiedOrganisation([own, shared]);
    await admit(late);
    const claim = { type: 'ClaimRegistration', data: { organisationId: late, attempt: 1 }, context: fresh('registry') };
    await commands.decide(registration, registrationKey(own), claim as never);
    expect((await registrationState(own)).stage).toBe('held');
    await runReactorFor(late);
    expect((await registrationState(own)).stage).toBe('free');
  });

  it('needs no registration when the organisation has no register number', async () => {
    const { state, last } = await admit(await verifiedOrganisation([]));
    expect(state.stage).toBe('admitted');
    expect(last?.type).toBe('OrganisationAdmitted');
  });
});
