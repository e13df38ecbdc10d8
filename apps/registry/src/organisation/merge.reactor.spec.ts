import { deriveId } from '@alliance/event-store';
import fc from 'fast-check';
import { type Identifier, registrationKey } from '../identifier';
import { settleAfter } from './admission.policy';
import { settleRegistrations } from './admission.reactor';
import { allFrom, MemoryLog } from './merge.given';
import { settleMergeAfter } from './merge.policy';
import { settleMerge } from './merge.reactor';
import { organisation, type OrganisationCommand } from './organisation.decider';
import type { FactsFrom } from './organisation.events';
import { checks, context, tafel } from './organisation.given';
import { registration } from './registration.decider';

const ids = [0, 1, 2].map((index) => deriveId('00000000-0000-4000-8000-000000000000', `organisation ${index}`));
const identifiers: Identifier[] = [0, 1, 2].map((index) => ({
  scheme: 'vereinsregister',
  court: 'Köln',
  number: `VR ${index + 1}`,
}));
const factsOf = (index: number) => ({
  ...tafel,
  name: `Organisation ${index}`,
  identifiers: [identifiers[index]!],
  fieldKeys: [`field-${index === 0 ? 'a' : index === 1 ? 'b' : 'c'}`],
});

/** One thing that somebody wants; `of` and `into` count the three organisations. */
interface Wish {
  readonly does: 'merge' | 'undo' | 'suspend' | 'reinstate' | 'leave';
  readonly of: number;
  readonly into: number;
  readonly factsFrom: FactsFrom;
  /** Before which of its steps the process dies; 99 for none. */
  readonly crashBefore: number;
}

const side = fc.constantFrom('survivor' as const, 'absorbed' as const);
const wish: fc.Arbitrary<Wish> = fc.record({
  does: fc.constantFrom('merge', 'merge', 'merge', 'undo', 'undo', 'suspend', 'reinstate', 'leave'),
  of: fc.nat(2),
  into: fc.nat(2),
  factsFrom: fc
    .record({ name: side, website: side, identifiers: fc.constantFrom('survivor', 'absorbed', 'both') })
    .map((chosen) => allFrom('survivor', chosen as Partial<FactsFrom>)),
  crashBefore: fc.oneof(fc.constant(99), fc.nat(7)),
});

class Crash extends Error {}

type Commands = Pick<MemoryLog, 'decide' | 'load'>;

/** `before` comes before each step: what it delays, others overtake; what it throws is a crash. */
function stepByStep(log: MemoryLog, before: () => Promise<void>): Commands {
  const decide = async (...args: Parameters<Commands['decide']>) => (await before(), log.decide(...args));
  const load = async (...args: Parameters<Commands['load']>) => (await before(), log.load(...args));
  return { decide, load } as Commands;
}

let commandIds = 0;
const fresh = () =>
  context('coordinator-1', { commandId: deriveId('00000000-0000-4000-8000-000000000000', `${(commandIds += 1)}`) });

/** Of the three, two are members and the last has only applied, has been verified, or is a member too. */
async function threeOrganisations(log: MemoryLog, last: 'applied' | 'verified' | 'admitted') {
  for (const [index, organisationId] of ids.entries()) {
    const give = async (command: Pick<OrganisationCommand, 'type' | 'data'>, subject = 'coordinator-1') => {
      const sent = { ...command, context: { ...fresh(), actor: context(subject).actor } } as OrganisationCommand;
      await log.decide(organisation, organisationId, sent);
    };
    const data = { organisationId, facts: factsOf(index), minimumOperatingMonths: 12 };
    await give({ type: 'ApplyForMembership', data }, 'representative-1');
    if (index === 2 && last === 'applied') continue;
    await give({ type: 'VerifyOrganisation', data: { checks } });
    if (index === 2 && last === 'verified') continue;
    await give({ type: 'DecideAdmission', data: {} });
    await settleRegistrations(log, organisationId, fresh());
  }
}

/** What a request does. */
async function fulfil(log: Commands, { does, of, into, factsFrom }: Wish): Promise<void> {
  const [id, other] = [ids[of]!, ids[into]!];
  const give = (target: string, command: Pick<OrganisationCommand, 'type' | 'data'>) =>
    log.decide(organisation, target, { ...command, context: fresh() } as OrganisationCommand);
  const why = { pendingPayments: [], reasonCode: 'spec' };
  switch (does) {
    case 'merge':
      await give(id, { type: 'MergeIntoOrganisation', data: { into: other, factsFrom, ...why } });
      await settleMerge(log, id, fresh());
      return;
    case 'undo':
      await give(other, { type: 'UndoMerge', data: { organisationId: id, ...why } });
      await settleMerge(log, id, fresh());
      return;
    case 'leave':
      await give(id, { type: 'LeaveAlliance', data: {} });
      await settleRegistrations(log, id, fresh());
      return;
    case 'suspend':
      await give(id, { type: 'SuspendOrganisation', data: { reasonCode: 'spec' } });
      return;
    case 'reinstate':
      await give(id, { type: 'ReinstateOrganisation', data: {} });
  }
}

/** What both reactors do with all that is in the log from this event on, and with what that brings about. */
async function runReactors(log: MemoryLog, from = 0): Promise<void> {
  for (let next = from; next < log.events.length; next += 1) {
    const fact = log.events[next]!;
    if (fact.streamName.startsWith('registry.organisation-')) {
      for (const { target } of settleMergeAfter(fact)) await settleMerge(log, target, fresh());
    }
    for (const { target, data } of settleAfter(fact)) {
      await settleRegistrations(log, target, fresh(), data.registrationKey);
    }
  }
}

const stateOf = (log: MemoryLog, index: number) => {
  const state = log.state(organisation, ids[index]!);
  if (state.stage === 'none') throw new Error('Each of the three has applied.');
  return state;
};
const holderOf = (log: MemoryLog, index: number) => {
  const state = log.state(registration, registrationKey(identifiers[index]!));
  return state.stage === 'held' ? state.organisationId : undefined;
};
/** The organisation at the end of the merges. */
const survivorOf = (log: MemoryLog, index: number): number => {
  const state = stateOf(log, index);
  return state.stage === 'merged' ? survivorOf(log, ids.indexOf(state.merge.into)) : index;
};

function expectConsistent(log: MemoryLog): void {
  for (const [index, id] of ids.entries()) {
    const state = stateOf(log, index);
    expect(state.stage).not.toBe('merging');
    const absorbers = ids.filter((_, one) => stateOf(log, one).absorbed.some((each) => each.organisationId === id));
    expect(absorbers).toEqual(state.stage === 'merged' ? [state.merge.into] : []);
    expect(state.ownFacts).toEqual(factsOf(index));
    if (state.absorbed.length === 0) expect(state.facts).toEqual(factsOf(index));
    // Its number is held by itself, as long as it or the one that it counts as is in the alliance.
    const isMember = state.stage === 'admitted' || state.stage === 'suspended';
    const survivorHasLeft = stateOf(log, survivorOf(log, index)).stage === 'left';
    if (isMember) expect(holderOf(log, index)).toBe(id);
    else if (state.stage !== 'merged' || survivorHasLeft) expect(holderOf(log, index)).toBeUndefined();
    else if (state.merge.before.stage === 'admitted' || state.merge.factsFrom.identifiers !== 'survivor') {
      expect(holderOf(log, index)).toBe(id);
    }
  }
}

describe('merging and undoing, with others at the same time and a crash between any two steps', () => {
  it('ends consistent: one survivor, each registration with one holder, facts as they were', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(wish, { minLength: 1, maxLength: 8 }),
        fc.constantFrom('applied' as const, 'verified' as const, 'admitted' as const),
        async (scheduler, wishes, last) => {
          const log = new MemoryLog();
          await threeOrganisations(log, last);
          const requests = wishes.map(async (one) => {
            let step = 0;
            const before = async () => {
              await scheduler.schedule(Promise.resolve(), `${one.does} ${one.of} ${one.into}`);
              if (step >= one.crashBefore) throw new Crash();
              step += 1;
            };
            await fulfil(stepByStep(log, before), one).catch((error: unknown) => {
              if (!(error instanceof Crash)) throw error;
            });
            // Members never lose the number that they are registered under, not even for a moment.
            for (const index of ids.keys()) {
              if (stateOf(log, index).stage === 'admitted') expect(holderOf(log, index)).toBe(ids[index]);
            }
          });
          await scheduler.waitFor(Promise.all(requests));
          await runReactors(log);
          expectConsistent(log);
          const count = log.events.length;
          await runReactors(log);
          expect(log.events.length).toBe(count);

          await undoAll(log);
          expectConsistent(log);
        },
      ),
    );
  });

  /** As far as nobody has left, all three are what they were. */
  async function undoAll(log: MemoryLog): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      for (const index of ids.keys()) {
        const state = stateOf(log, index);
        if (state.stage !== 'merged') continue;
        const into = ids.indexOf(state.merge.into);
        await fulfil(log, { does: 'undo', of: index, into, factsFrom: allFrom('survivor'), crashBefore: 99 });
      }
    }
    for (const index of ids.keys()) {
      if (stateOf(log, index).stage !== 'merged') continue;
      expect(stateOf(log, survivorOf(log, index)).stage).toBe('left');
    }
  }

  it('is finished by the reactor alone, before whichever step the merge or its undo died', async () => {
    for (let crashBefore = 0; crashBefore < 12; crashBefore += 1) {
      const log = new MemoryLog();
      await threeOrganisations(log, 'admitted');
      const dying = async (does: 'merge' | 'undo') => {
        const checkpoint = log.events.length;
        let step = 0;
        const before = async () => {
          if (step >= crashBefore) throw new Crash();
          step += 1;
        };
        const one: Wish = { does, of: 0, into: 1, factsFrom: allFrom('absorbed'), crashBefore };
        await fulfil(stepByStep(log, before), one).catch((error: unknown) => {
          if (!(error instanceof Crash)) throw error;
        });
        await runReactors(log, checkpoint);
        expectConsistent(log);
      };
      const hasBegun = crashBefore > 0;
      await dying('merge');
      expect(stateOf(log, 0).stage).toBe(hasBegun ? 'merged' : 'admitted');
      await dying('undo');
      expect(stateOf(log, 0).stage).toBe('admitted');
    }
  });

  it('of two organisations into each other at the same time keeps one at least', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const log = new MemoryLog();
        await threeOrganisations(log, 'admitted');
        const before = () => scheduler.schedule(Promise.resolve());
        const slow = stepByStep(log, before);
        const wishes = [
          [0, 1],
          [1, 0],
          [0, 2],
        ].map(([of, into]) => ({
          does: 'merge' as const,
          of: of!,
          into: into!,
          factsFrom: allFrom('survivor'),
          crashBefore: 99,
        }));
        await scheduler.waitFor(Promise.all(wishes.map((one) => fulfil(slow, one))));
        expectConsistent(log);
        expect(ids.filter((_, index) => stateOf(log, index).stage === 'admitted')).not.toHaveLength(0);
      }),
    );
  });
});
