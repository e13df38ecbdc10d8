import { dayOf, isDayUpTo } from '@alliance/calendar';
import { type Decision, refuse } from '@alliance/event-sourcing';
import type { GrantEvent } from '../grant/grant.events';
import { atMost, inWords } from '../money';
import type { DemandRepayment, RecordRepaymentReceived } from './proof-commands';
import type { AwardedProof } from './proof-state';
import { grantClosed, isConflicted, reviewConflicted } from './report';
import { demandable, demandSums } from './repayment-sums';
import { currencyFault } from './submission';

type Decided = Decision<GrantEvent>;

/** Never more than was paid out and has not been demanded. The rule of interest is frozen with it. */
export function demand({ data, context }: DemandRepayment, state: AwardedProof): Decided {
  const { panel, interestedOrganisationIds, ...demanded } = data;
  const { repaymentId, principal, cause, dueOn } = demanded;
  if (state.stage === 'closed') return grantClosed();
  if (isConflicted(context.actor, { panel, interestedOrganisationIds }, state)) return reviewConflicted();
  if (state.demands.has(repaymentId)) {
    return refuse('conflict', 'REPAYMENT_EXISTS', 'A repayment of this id has been demanded before.');
  }
  if ((cause === 'revoked') !== (state.stage === 'revoked')) {
    const detail = 'Of a grant that is revoked, and only of such a one, the repayment is demanded as `revoked`.';
    return refuse('conflict', 'REPAYMENT_CAUSE_UNFOUNDED', detail, { cause, stage: state.stage });
  }
  const today = dayOf(context.at);
  if (dueOn < today) {
    const detail = `"${dueOn}" has passed: it has to be a day from today, ${today}, on.`;
    return refuse('unprocessable', 'DATES_OUT_OF_ORDER', detail, { field: 'dueOn', from: today });
  }
  const fault = currencyFault({ principal }, state);
  if (fault !== undefined) return fault;
  const most = demandable(state);
  if (!atMost(principal, most)) {
    const detail = `Of what was paid out ${inWords(most)} can still be demanded; it says ${inWords(principal)}.`;
    return refuse('unprocessable', 'REPAYMENT_EXCEEDS_DISBURSED', detail, { demandable: most, principal });
  }
  const interest = [...state.terms.interest];
  return [{ type: 'RepaymentDemanded', data: { ...demanded, interest, demandedBy: context.actor.subject } }];
}

/** What came in on a demand, at once or in parts: the principal, the interest, or both. */
export function recordReceived({ data, context }: RecordRepaymentReceived, state: AwardedProof): Decided {
  const { repaymentId, principal, interest, receivedOn } = data;
  const before = state.demands.get(repaymentId);
  if (before === undefined) {
    return refuse('not-found', 'REPAYMENT_UNKNOWN', 'No such repayment of the grant has been demanded.');
  }
  const fault = currencyFault({ principal, interest }, state);
  if (fault !== undefined) return fault;
  if (principal.cents + interest.cents === 0) {
    return refuse('unprocessable', 'REPAYMENT_EMPTY', 'Something of the principal or of the interest came in.');
  }
  const between = { field: 'receivedOn', from: state.disbursedFrom, to: dayOf(context.at) };
  if (!isDayUpTo(receivedOn, context.at) || receivedOn < (between.from ?? receivedOn)) {
    const detail = `"${receivedOn}" has to be a day from the first payment, ${between.from}, to today, ${between.to}.`;
    return refuse('unprocessable', 'DATES_OUT_OF_ORDER', detail, between);
  }
  const { principalOpen } = demandSums(before, receivedOn);
  if (!atMost(principal, principalOpen)) {
    const detail = `${inWords(principalOpen)} of the principal are open; it says ${inWords(principal)}.`;
    return refuse('unprocessable', 'REPAYMENT_EXCEEDS_DEMAND', detail, { principalOpen, principal });
  }
  const then = demandSums(
    { ...before, received: [...before.received, { principal, interest, receivedOn }] },
    between.to,
  );
  if (!atMost(then.interestReceived, then.interestAccrued)) {
    const detail = `${inWords(then.interestAccrued)} of interest are owed in all; with this ${inWords(then.interestReceived)} would be paid.`;
    const { interestAccrued, interestReceived } = then;
    return refuse('unprocessable', 'INTEREST_EXCEEDS_OWED', detail, { interestAccrued, interestReceived });
  }
  const recordedBy = context.actor.subject;
  return principal.cents > 0
    ? [{ type: 'RepaymentReceived', data: { repaymentId, principal, interest, receivedOn, recordedBy } }]
    : [{ type: 'InterestReceived', data: { repaymentId, interest, receivedOn, recordedBy } }];
}
