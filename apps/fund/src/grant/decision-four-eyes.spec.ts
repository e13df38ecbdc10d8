import { type CommandContext, type Decision, fold, isRefusal } from '@alliance/event-sourcing';
import fc from 'fast-check';
import { type ConflictCommand, grantConflicts } from '../conflict-of-interest/conflict.decider';
import { grantDecision } from './decision.decider';
import type { DecisionCommand, Proposal } from './decision-commands';
import type { DecisionState } from './decision-state';
import { outside } from './decision.given';
import type { GrantEvent } from './grant.events';
import { aGrant, context, euros, ids } from './grant.given';

const actors = ['anna', 'bo', 'chris', 'dana'] as const;
type Actor = (typeof actors)[number];
const employerOf = (actor: Actor) => `employer of ${actor}`;

/** What can be proposed, and how many have to approve it. */
const proposals = {
  small: { proposal: { outcome: 'approved', amount: euros(10_000), conditions: [], reason: 'Gut.' }, needs: 2 },
  changed: { proposal: { outcome: 'approved', amount: euros(9_000), conditions: [], reason: 'Gut.' }, needs: 2 },
  large: { proposal: { outcome: 'approved', amount: euros(11_000), conditions: [], reason: 'Gut.' }, needs: 3 },
  deferral: { proposal: { outcome: 'deferred', conditions: [], reason: 'Ein Nachweis fehlt.' }, needs: 2 },
} as const satisfies Readonly<Record<string, { proposal: Proposal; needs: number }>>;
type Kind = keyof typeof proposals;
const kinds = Object.keys(proposals) as Kind[];

/** One thing that somebody, or the process of the award, tries. `back` is how many versions ago an approver has looked. */
type Attempt =
  | { readonly does: 'propose'; readonly by: Actor; readonly kind: Kind }
  | { readonly does: 'approve'; readonly by: Actor; readonly back: 0 | 1 }
  | { readonly does: 'withdraw' | 'clear' | 'declare' | 'interest'; readonly by: Actor }
  | { readonly does: 'complete' | 'block' };

/** The grant as the deciders see it, and the organisations that have an interest in it by now. */
interface World {
  readonly decision: DecisionState;
  readonly conflicts: typeof grantConflicts.decider.initialState;
  readonly interested: readonly string[];
}

const reviewed = aGrant({ upTo: 'reviewed' });
const begun: World = {
  decision: fold(grantDecision.decider.evolve, grantDecision.decider.initialState, reviewed),
  conflicts: fold(grantConflicts.decider.evolve, grantConflicts.decider.initialState, reviewed),
  interested: [ids.applicant],
};

/** Everybody may do everything by their role, so that nothing but the rule keeps them from it. */
function by(actor: Actor): CommandContext {
  const who = { subject: actor, roles: ['fund-officer', 'approver'], organisationId: employerOf(actor) };
  return { ...context(actor), actor: who };
}

/** What comes of an attempt: events, none where it is refused or nothing new. */
function eventsOf(attempt: Attempt, world: World): readonly GrantEvent[] {
  const decided = decide(attempt, world);
  return isRefusal(decided) ? [] : decided;
}

function decide(attempt: Attempt, { decision, conflicts, interested }: World): Decision<GrantEvent> {
  const independence = { panel: [], interestedOrganisationIds: interested };
  const reviewRule = { atLeast: 2, spreadPercent: 30 };
  const { attempts, endorsement } = { attempts: 0, endorsement: undefined, ...decision };
  const ofGrant = (command: DecisionCommand) => grantDecision.decider.decide(command, decision);
  const ofConflict = (command: ConflictCommand) => grantConflicts.decider.decide(command, conflicts);
  switch (attempt.does) {
    case 'propose': {
      const { proposal } = proposals[attempt.kind];
      const data = { ...independence, proposal, doubleFunding: [], thirdFrom: euros(11_000), reviewRule };
      return ofGrant({ type: 'ProposeDecision', data, context: by(attempt.by) });
    }
    case 'approve': {
      const seenVersion = (endorsement?.version ?? 0) - attempt.back;
      const data = { ...independence, seenVersion, outside, reviewRule };
      return ofGrant({ type: 'ApproveDecision', data, context: by(attempt.by) });
    }
    case 'withdraw':
      return ofGrant({ type: 'WithdrawDecisionApproval', data: {}, context: by(attempt.by) });
    case 'complete': {
      const data = { attempt: attempts, interestedOrganisationIds: interested, standing: outside.recipient };
      return ofGrant({ type: 'CompleteAward', data, context: context('fund.award') });
    }
    case 'block': {
      const data = { attempt: attempts, code: 'POT_INSUFFICIENT', detail: 'The pot has less.' };
      return ofGrant({ type: 'BlockAward', data, context: context('fund.award') });
    }
    case 'clear':
      return ofConflict({ type: 'DeclareNoConflict', data: independence, context: by(attempt.by) });
    case 'declare': {
      const data = { subject: attempt.by, kind: 'personal' } as const;
      return ofConflict({ type: 'DeclareConflict', data, context: by(attempt.by) });
    }
    case 'interest':
      return [];
  }
}

function after(attempt: Attempt, world: World, events: readonly GrantEvent[]): World {
  return {
    decision: fold(grantDecision.decider.evolve, world.decision, events),
    conflicts: fold(grantConflicts.decider.evolve, world.conflicts, events),
    interested:
      attempt.does === 'interest' ? [...new Set([...world.interested, employerOf(attempt.by)])] : world.interested,
  };
}

/** The rule once more, as a clerk keeps it who sees what everyone tries and knows nothing of the deciders. */
interface Notes {
  readonly stands: 'nothing' | Kind | 'award under way' | 'award';
  /** Of any proposal so far. */
  readonly proposers: readonly Actor[];
  readonly cleared: readonly Actor[];
  readonly conflicted: readonly Actor[];
  /** By their employer. */
  readonly interested: readonly Actor[];
  /** Of the proposal that stands or is being carried out. */
  readonly approving: readonly Actor[];
  readonly needed: number;
}
const blank: Notes = {
  stands: 'nothing',
  proposers: [],
  cleared: [],
  conflicted: [],
  interested: [],
  approving: [],
  needed: Infinity,
};
const among = (all: readonly Actor[], one: Actor) => [...new Set([...all, one])];
const without = (all: readonly Actor[], one: Actor) => all.filter((actor) => actor !== one);

const isPartial = ({ conflicted, interested }: Notes, one: Actor) =>
  conflicted.includes(one) || interested.includes(one);
const mayApprove = (notes: Notes, one: Actor) =>
  notes.cleared.includes(one) && !isPartial(notes, one) && !notes.proposers.includes(one);
const isDecided = (notes: Notes) => notes.approving.filter((one) => mayApprove(notes, one)).length >= notes.needed;
const isProposal = (stands: Notes['stands']): stands is Kind => stands in proposals;

/** What has to come of it, and what the clerk notes. */
function byTheBook(attempt: Attempt, notes: Notes): { readonly types: readonly string[]; readonly then: Notes } {
  const nothing = { types: [], then: notes };
  switch (attempt.does) {
    case 'propose': {
      const { by: one, kind } = attempt;
      if (notes.stands === kind || !(notes.stands === 'nothing' || isProposal(notes.stands))) return nothing;
      if (isPartial(notes, one)) return nothing;
      const proposers = among(notes.proposers, one);
      const then = { ...notes, stands: kind, proposers, approving: [], needed: proposals[kind].needs };
      return { types: ['DecisionProposed'], then };
    }
    case 'approve': {
      const { by: one, back } = attempt;
      if (!isProposal(notes.stands) || back > 0 || !mayApprove(notes, one) || notes.approving.includes(one))
        return nothing;
      const then = { ...notes, approving: among(notes.approving, one) };
      if (!isDecided(then)) return { types: ['DecisionApproved'], then };
      return notes.stands === 'deferral'
        ? { types: ['DecisionApproved', 'GrantDeferred'], then: { ...then, stands: 'nothing' } }
        : { types: ['DecisionApproved', 'AwardDecided'], then: { ...then, stands: 'award under way' } };
    }
    case 'withdraw':
      if (!isProposal(notes.stands) || !notes.approving.includes(attempt.by)) return nothing;
      return {
        types: ['DecisionApprovalWithdrawn'],
        then: { ...notes, approving: without(notes.approving, attempt.by) },
      };
    case 'clear':
      if (isPartial(notes, attempt.by) || notes.cleared.includes(attempt.by)) return nothing;
      return { types: ['NoConflictDeclared'], then: { ...notes, cleared: among(notes.cleared, attempt.by) } };
    case 'declare':
      if (notes.conflicted.includes(attempt.by)) return nothing;
      return { types: ['ConflictDeclared'], then: { ...notes, conflicted: among(notes.conflicted, attempt.by) } };
    case 'interest':
      return { types: [], then: { ...notes, interested: among(notes.interested, attempt.by) } };
    case 'complete':
      if (notes.stands !== 'award under way') return nothing;
      return isDecided(notes)
        ? { types: ['GrantAwarded'], then: { ...notes, stands: 'award' } }
        : { types: ['AwardBlocked'], then: { ...notes, stands: 'nothing' } };
    case 'block':
      if (notes.stands !== 'award under way') return nothing;
      return { types: ['AwardBlocked'], then: { ...notes, stands: 'nothing' } };
  }
}

interface Telling {
  readonly world: World;
  readonly notes: Notes;
}

/** Throws where the deciders and the book are not of one mind; gives back the same where nothing came of the attempt. */
function tell(attempt: Attempt, telling: Telling, history: () => readonly Attempt[]): Telling {
  const { world, notes } = telling;
  const events = eventsOf(attempt, world);
  const { types, then } = byTheBook(attempt, notes);
  const brought = events.map(({ type }) => type).join();
  if (brought !== types.join()) {
    throw new Error(`"${brought}", by the book "${types.join()}", after ${JSON.stringify(history())}`);
  }
  return then === notes ? telling : { world: after(attempt, world, events), notes: then };
}

/** All that makes a difference to what somebody can do from here on, for the deciders and for the book. */
function standpointOf(actor: Actor, { world: { decision, conflicts }, notes }: Telling): string {
  if (decision.stage === 'none' || conflicts.stage === 'none') throw new Error('There is a grant.');
  const { requesters = [], approvals = [] } = decision.endorsement ?? {};
  const { cleared, conflicted } = conflicts.declared;
  const flags = [
    ...[requesters.includes(actor), approvals.some(({ subject }) => subject === actor)],
    ...[cleared.includes(actor), conflicted.has(actor)],
    ...[notes.proposers, notes.cleared, notes.conflicted, notes.approving].map((all) => all.includes(actor)),
  ];
  return flags.map(Number).join('');
}

/** Tellings that leave the same behind go on alike, whichever actor stands where, since all may do the same. */
function remainder(telling: Telling): string {
  const { decision } = telling.world;
  const needed = 'endorsement' in decision ? decision.endorsement?.approvalsNeeded : undefined;
  const standpoints = actors.map((actor) => standpointOf(actor, telling)).sort();
  return [decision.stage, needed, telling.notes.stands, telling.notes.needed, ...standpoints].join();
}

const ofProcess: readonly Attempt[] = [{ does: 'complete' }, { does: 'block' }];

function attemptsOf(by: Actor): readonly Attempt[] {
  return [
    ...kinds.map((kind) => ({ does: 'propose', by, kind }) as const),
    { does: 'approve', by, back: 0 },
    { does: 'approve', by, back: 1 },
    { does: 'withdraw', by },
    { does: 'clear', by },
    { does: 'declare', by },
  ];
}

describe('four eyes on a decision', () => {
  it('has no way round in any interleaving of propose, change, approve, declare conflict, withdraw by four actors', () => {
    interface Step extends Telling {
      readonly last?: Attempt;
      readonly before?: Step;
    }
    const historyOf = ({ last, before }: Step): readonly Attempt[] =>
      before === undefined || last === undefined ? [] : [...historyOf(before), last];
    const first: Step = { world: begun, notes: blank };
    const queue = [first];
    const met = new Set([remainder(first)]);
    for (const before of queue) {
      const standpoints = actors.map((actor) => standpointOf(actor, before));
      const different = actors.filter((_, index) => standpoints.indexOf(standpoints[index] ?? '') === index);
      for (const last of [...different.flatMap(attemptsOf), ...ofProcess]) {
        const told = tell(last, before, () => [...historyOf(before), last]);
        if (told === before) continue;
        const left = remainder(told);
        if (met.has(left)) continue;
        met.add(left);
        queue.push({ ...told, last, before });
      }
    }
    const stood = new Set(queue.map(({ notes }) => notes.stands));
    expect(stood).toEqual(new Set(['nothing', ...kinds, 'award under way', 'award']));
    expect(queue.length).toBeGreaterThan(2500);
  });

  it('holds over long histories, in which employers come to have an interest, too', () => {
    const by = fc.constantFrom(...actors);
    const does = <Does extends Attempt['does']>(...some: Does[]) => fc.constantFrom(...some);
    const attempt: fc.Arbitrary<Attempt> = fc.oneof(
      { weight: 1, arbitrary: fc.record({ does: does('propose'), by, kind: fc.constantFrom(...kinds) }) },
      { weight: 9, arbitrary: fc.record({ does: does('approve'), by, back: fc.constantFrom(0, 0, 0, 1) }) },
      { weight: 3, arbitrary: fc.record({ does: does('clear'), by }) },
      { weight: 2, arbitrary: fc.record({ does: does('withdraw', 'declare', 'interest'), by }) },
      { weight: 2, arbitrary: fc.record({ does: does('complete', 'block') }) },
    );
    const cleared = fc.subarray([...actors]).map((some) => some.map((one): Attempt => ({ does: 'clear', by: one })));
    fc.assert(
      fc.property(cleared, fc.array(attempt, { maxLength: 60, size: 'max' }), (before, then) => {
        const history = [...before, ...then];
        let telling: Telling = { world: begun, notes: blank };
        for (const one of history) telling = tell(one, telling, () => history);
      }),
      { numRuns: 1000 },
    );
  });
});
