import { type Decision, refuse, type Refusal } from '@alliance/event-sourcing';
import { conflictsFrom, personOf } from '../conflicts';
import { approvalFault, approved, isEndorsed } from '../four-eyes';
import type { ApproveDecision, WithdrawDecisionApproval } from './decision-commands';
import { grantWrongStage, reviewFault } from './decision-refusals';
import type { DecisionState, Recommended } from './decision-state';
import { unexplained } from './double-funding';
import { stopping } from './eligibility';
import { findingOf } from './eligibility-state';
import type { Finding } from './finding';
import type { GrantEvent } from './grant.events';

type Decided = Decision<GrantEvent>;

/** With the last approval that is needed it is decided; an award then waits for the pot. */
export function approveDecision({ data, context }: ApproveDecision, state: DecisionState): Decided {
  if (state.stage !== 'recommended') return grantWrongStage(state, ['recommended']);
  const { seenVersion, panel, interestedOrganisationIds, outside, reviewRule } = data;
  const { proposal, endorsement } = state;
  const conflicts = conflictsFrom(state.declared, interestedOrganisationIds);
  const person = personOf(context.actor, panel);
  const finding = findingOf(state.eligibility, outside, context.at);
  const fault =
    approvalFault(endorsement, context.actor, person, seenVersion, conflicts, presentOf(proposal)) ??
    reviewFault(proposal.outcome, state, interestedOrganisationIds, reviewRule) ??
    (proposal.amount === undefined ? undefined : eligibilityFault(finding, state));
  if (fault !== undefined) return fault;
  const approval: GrantEvent = {
    type: 'DecisionApproved',
    data: {
      version: endorsement.version,
      approvedBy: person.subject,
      organisationIds: [...person.organisationIds],
      interestedOrganisationIds: [...interestedOrganisationIds],
    },
  };
  if (!isEndorsed(approved(endorsement, person), conflicts)) return [approval];
  return [approval, outcomeOf(state, finding)];
}

export function withdrawDecisionApproval({ context }: WithdrawDecisionApproval, state: DecisionState): Decided {
  if (state.stage !== 'recommended') return grantWrongStage(state, ['recommended']);
  const { version, approvals } = state.endorsement;
  const withdrawnBy = context.actor.subject;
  if (!approvals.some(({ subject }) => subject === withdrawnBy)) return [];
  return [{ type: 'DecisionApprovalWithdrawn', data: { version, withdrawnBy } }];
}

function outcomeOf({ proposal, attempts }: Recommended, eligibility: Finding): GrantEvent {
  const { outcome, version, amount, until } = proposal;
  if (amount !== undefined) {
    return { type: 'AwardDecided', data: { attempt: attempts + 1, version, amount, eligibility } };
  }
  return outcome === 'deferred'
    ? { type: 'GrantDeferred', data: { version, ...(until !== undefined && { until }) } }
    : { type: 'GrantRejected', data: { version } };
}

/** What stands in the way of an award at this moment, or was not known when it was proposed. */
function eligibilityFault(finding: Finding, { proposal }: Recommended): Refusal | undefined {
  const evidence = unexplained(finding.doubleFunding, proposal.doubleFunding);
  if (evidence.length > 0) {
    const detail = 'The same costs are asked of another grant, which the proposal does not know of: propose it anew.';
    return refuse('conflict', 'GRANT_DOUBLE_FUNDING_UNSEEN', detail, { evidence });
  }
  const blockers = stopping(finding.blockers, 'decision');
  if (blockers.length === 0) return undefined;
  const detail = `It cannot be awarded now: ${blockers.map(({ words }) => words).join(' ')}`;
  return refuse('conflict', 'GRANT_NOT_ELIGIBLE', detail, { blockers });
}

/** What whoever comes with an old version is shown of the present one. */
function presentOf({ outcome, amount, terms, conditions, until, reason }: Recommended['proposal']) {
  return { outcome, amount, terms, conditions, until, reason };
}
