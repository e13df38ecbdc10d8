import { fold, given as givenEvents, isRefusal } from '@alliance/event-sourcing';
import type { AwardFacts, DecisionCommand, Proposal } from './decision-commands';
import { grantDecision } from './decision.decider';
import type { OutsideFacts } from './eligibility-state';
import type { Finding } from './finding';
import type { GrantEvent } from './grant.events';
import { context, eligible, euros, ids, theCall, who } from './grant.given';

export const given = (...events: GrantEvent[]) => givenEvents(grantDecision.decider, events);
const interestedOrganisationIds = [ids.applicant, ids.donor];
const reviewRule = { atLeast: 2, spreadPercent: 30 };
const admitted = { standing: 'admitted', survivorId: ids.applicant, since: '2025-01-01T00:00:00.000Z' } as const;
/** Nothing that others tell stands in the way of the grant. */
export const outside: OutsideFacts = {
  callIsClosed: false,
  recipient: admitted,
  structure: { ownerId: ids.applicant, hasEnded: false },
  structures: eligible.structures,
  doubleFunding: [],
};

export const award: Proposal = {
  outcome: 'approved',
  amount: euros(10_000),
  terms: theCall.terms,
  conditions: [],
  reason: 'Beide Gutachten empfehlen es.',
};
export const rejection: Proposal = { outcome: 'rejected', conditions: [], reason: 'Der Bedarf ist gedeckt.' };
export const deferral: Proposal = {
  outcome: 'deferred',
  conditions: [],
  reason: 'Ein Nachweis steht aus.',
  until: '2026-06-01',
};

export const propose = (
  proposal: Proposal,
  by: string = who.officer,
  doubleFunding: Finding['doubleFunding'] = [],
): DecisionCommand => ({
  type: 'ProposeDecision',
  data: { proposal, doubleFunding, panel: [], interestedOrganisationIds, thirdFrom: euros(11_000), reviewRule },
  context: context(by),
});
export const approve = (by: string, { seenVersion = 1, of = undefined as string | undefined, told = outside } = {}) =>
  ({
    type: 'ApproveDecision',
    data: { seenVersion, outside: told, panel: [], interestedOrganisationIds, reviewRule },
    context: context(by, of),
  }) as const satisfies DecisionCommand;
export const withdraw = (by: string): DecisionCommand => ({
  type: 'WithdrawDecisionApproval',
  data: {},
  context: context(by),
});
export const complete = (facts: Partial<AwardFacts> = {}, attempt = 1): DecisionCommand => ({
  type: 'CompleteAward',
  data: {
    attempt,
    interestedOrganisationIds,
    standing: admitted,
    ...facts,
  },
  context: { ...context('fund.award'), actor: { subject: 'fund.award', roles: [] } },
});
export const block = (attempt = 1): DecisionCommand => ({
  type: 'BlockAward',
  data: { attempt, code: 'POT_INSUFFICIENT', detail: 'The pot has less.' },
  context: context('fund.award'),
});
export const contract = (signedOn = '2026-03-15'): DecisionCommand => ({
  type: 'RecordContract',
  data: { signedOn, reference: 'dms/2026/230' },
  context: context(who.officer),
});
export const revoke = (by: string, of?: string): DecisionCommand => ({
  type: 'RevokeGrant',
  data: { reasonCode: 'misused', panel: [], interestedOrganisationIds },
  context: context(by, of),
});
export const close = (at?: string): DecisionCommand => ({
  type: 'CloseGrant',
  data: {},
  context: context(who.officer, undefined, at),
});
export const conflictOf = (subject: string): GrantEvent => ({
  type: 'ConflictDeclared',
  data: { subject, kind: 'personal', declaredBy: subject },
});
export const suspension: GrantEvent = {
  type: 'RecipientStandingChanged',
  data: {
    organisationId: ids.applicant,
    survivorId: ids.applicant,
    standing: 'suspended',
    since: '2026-03-19T00:00:00.000Z',
  },
};

/** What the stream holds after these commands, none of which may be refused. */
export function after(events: readonly GrantEvent[], ...commands: readonly DecisionCommand[]): GrantEvent[] {
  const { decide, evolve, initialState } = grantDecision.decider;
  const then = [...events];
  for (const command of commands) {
    const decided = decide(command, fold(evolve, initialState, then));
    if (isRefusal(decided)) throw new Error(`${command.type}: ${decided.code} ${decided.detail}`);
    then.push(...decided);
  }
  return then;
}
