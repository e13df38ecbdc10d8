import { dayOf } from '@alliance/calendar';
import { type Decision, refuse, type Refusal } from '@alliance/event-sourcing';
import { approvalsNeeded } from '../four-eyes';
import { atMost, inWords, type Money } from '../money';
import type { ProposeDecision, Proposal } from './decision-commands';
import { grantWrongStage, partialityFault, reviewFault } from './decision-refusals';
import type { DecisionState, InReview, Recommended } from './decision-state';
import { unexplained } from './double-funding';
import type { DataOf, GrantEvent } from './grant.events';

/** Each is a version of its own, which nobody has approved; the same as the present one changes nothing. */
export function proposeDecision({ data, context }: ProposeDecision, state: DecisionState): Decision<GrantEvent> {
  if (!mayBeProposed(state)) return grantWrongStage(state, ['in-review', 'deferred', 'blocked', 'recommended']);
  const { proposal, doubleFunding, thirdFrom, reviewRule, interestedOrganisationIds } = data;
  const fault =
    partialityFault(context.actor, data, state) ??
    reviewFault(proposal.outcome, state, interestedOrganisationIds, reviewRule) ??
    contentFault(proposal, dayOf(context.at)) ??
    amountFault(proposal.amount, state);
  if (fault !== undefined) return fault;
  const { amount, outcome, conditions, until, reason } = proposal;
  const said: Said = {
    outcome,
    ...(amount !== undefined && { amount, terms: proposal.terms ?? state.call.terms }),
    conditions,
    ...(until !== undefined && { until }),
    reason,
    approvalsNeeded: amount === undefined ? 2 : approvalsNeeded(amount, thirdFrom),
    doubleFunding: [...doubleFunding],
  };
  if (state.stage === 'recommended' && isSame(said, state.proposal)) return [];
  const version = (state.endorsement?.version ?? 0) + 1;
  return [{ type: 'DecisionProposed', data: { version, ...said, proposedBy: context.actor.subject } }];
}

function mayBeProposed(state: DecisionState): state is InReview | Recommended {
  return ['in-review', 'deferred', 'blocked', 'recommended'].includes(state.stage);
}

/** Each outcome says what belongs to it, and nothing else. */
function contentFault({ outcome, amount, terms, conditions, until }: Proposal, today: string): Refusal | undefined {
  const inconsistent = (field: string, detail: string) =>
    refuse('unprocessable', 'DECISION_INCONSISTENT', detail, { field, outcome });
  const awards = outcome === 'approved' || outcome === 'approved-with-conditions';
  if (awards && amount === undefined) return inconsistent('amount', 'What is approved has an amount.');
  if (!awards && amount !== undefined) return inconsistent('amount', `What is ${outcome} has no amount.`);
  if (!awards && terms !== undefined) return inconsistent('terms', `What is ${outcome} has no terms.`);
  if ((outcome === 'approved-with-conditions') !== conditions.length > 0) {
    return inconsistent('conditions', 'Conditions are of what is approved with conditions, which has at least one.');
  }
  if (until === undefined) return undefined;
  if (outcome !== 'deferred') return inconsistent('until', 'Only what is deferred is so until a day.');
  if (until > today) return undefined;
  const detail = `"${until}" has to be a day after today, ${today}.`;
  return refuse('unprocessable', 'DATES_OUT_OF_ORDER', detail, { field: 'until', from: today });
}

/** Within the range of the call, and no more than was requested. */
function amountFault(amount: Money | undefined, { call, submission, currency }: InReview | Recommended) {
  if (amount === undefined) return undefined;
  const given: string = amount.currency;
  if (given !== currency) {
    const detail = `The grant is in ${currency}, not in ${given}.`;
    return refuse('unprocessable', 'MONEY_CURRENCY_DIFFERS', detail, { expected: currency, given });
  }
  const { minimum } = call;
  const { requested } = submission;
  const most = atMost(requested, call.maximum) ? requested : call.maximum;
  if (atMost(minimum, amount) && atMost(amount, most)) return undefined;
  const detail = `${inWords(amount)} are not from ${inWords(minimum)}, the least of the call, to ${inWords(most)}, which is the most of the call and no more than was requested.`;
  const range = { field: 'amount', amount, minimum, maximum: call.maximum, requested };
  return refuse('unprocessable', 'GRANT_AMOUNT_OUT_OF_RANGE', detail, range);
}

type Said = Omit<DataOf<'DecisionProposed'>, 'version' | 'proposedBy'>;

/** Whether they say the same, in the sight of the same; where another grant stands meanwhile makes no difference. */
function isSame(said: Said, present: Said): boolean {
  const [now, known] = [said.doubleFunding, present.doubleFunding];
  return (
    inOneOrder(said) === inOneOrder(present) && unexplained(now, known).length + unexplained(known, now).length === 0
  );
}

function inOneOrder({ outcome, amount, terms, conditions, until, reason, approvalsNeeded }: Said): string {
  return JSON.stringify([
    [outcome, amount?.cents, until, reason, approvalsNeeded, ...conditions],
    terms && Object.entries(terms).sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
}
