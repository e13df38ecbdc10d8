import { dayOf, isDayUpTo } from '@alliance/calendar';
import { type Decision, refuse } from '@alliance/event-sourcing';
import { closingBlockers, notPaidOut, provedUse } from '../grant-account';
import type { CloseGrant, RecordContract, RevokeGrant } from './decision-commands';
import { grantWrongStage, partialityFault } from './decision-refusals';
import type { DecisionState } from './decision-state';
import type { GrantEvent } from './grant.events';

type Decided = Decision<GrantEvent>;

/** The contract has been signed by both sides, on a day since the call opened. */
export function recordContract({ data, context }: RecordContract, state: DecisionState): Decided {
  const { signedOn, reference } = data;
  if (state.stage === 'contracted' && state.contract?.signedOn === signedOn && state.contract.reference === reference) {
    return [];
  }
  if (state.stage !== 'awarded') return grantWrongStage(state, ['awarded']);
  const between = { field: 'signedOn', from: dayOf(state.call.opensAt), to: dayOf(context.at) };
  if (!isDayUpTo(signedOn, context.at) || signedOn < between.from) {
    const detail = `"${signedOn}" has to be a day from the opening of the call, ${between.from}, to today, ${between.to}.`;
    return refuse('unprocessable', 'DATES_OUT_OF_ORDER', detail, between);
  }
  return [{ type: 'GrantContracted', data: { signedOn, reference, contractedBy: context.actor.subject } }];
}

/** By an approver who had no part in it. What is with the bank may still be paid; of it goes back what fails. */
export function revokeGrant({ data, context }: RevokeGrant, state: DecisionState): Decided {
  const { reasonCode } = data;
  if (state.stage === 'revoked') return [];
  if (state.stage !== 'awarded' && state.stage !== 'contracted') {
    return grantWrongStage(state, ['awarded', 'contracted']);
  }
  const { actor } = context;
  const { requesters, approvals } = state.endorsement;
  const fault = partialityFault(actor, data, state);
  if (fault !== undefined) return fault;
  if (!actor.roles.includes('approver')) {
    return refuse('forbidden', 'GRANT_REVOKER_NO_APPROVER', 'Only a person with the role of an approver revokes.');
  }
  if ([...requesters, ...approvals.map(({ subject }) => subject)].includes(actor.subject)) {
    return refuse('forbidden', 'GRANT_REVOKER_HAD_PART', 'No one revokes what they requested, proposed or approved.');
  }
  return [
    { type: 'GrantRevoked', data: { reasonCode, notPaidOut: notPaidOut(state.account), revokedBy: actor.subject } },
  ];
}

/** When nothing is owed any more. Of a revoked grant the rest went back to the pot: there is nothing to close. */
export function closeGrant({ context }: CloseGrant, state: DecisionState): Decided {
  if (state.stage === 'closed') return [];
  if (state.stage !== 'contracted') return grantWrongStage(state, ['contracted']);
  const { account } = state;
  const blockers = closingBlockers(account, dayOf(context.at));
  if (blockers.length > 0) {
    const detail = `It cannot be closed now: ${blockers.map(({ words }) => words).join(' ')}`;
    return refuse('conflict', 'GRANT_NOT_CLOSABLE', detail, { blockers });
  }
  const closedBy = context.actor.subject;
  return [{ type: 'GrantClosed', data: { notPaidOut: notPaidOut(account), ...provedUse(account), closedBy } }];
}
