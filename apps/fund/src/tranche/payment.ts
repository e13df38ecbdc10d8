import { dayOf, isDayUpTo } from '@alliance/calendar';
import { type Decision, refuse, type Refusal } from '@alliance/event-sourcing';
import type { Blocker } from '../blocker';
import { conflictOf, conflictsFrom, personOf } from '../conflicts';
import { approvalFault, approvalsNeeded, approved } from '../four-eyes';
import type { GrantEvent } from '../grant/grant.events';
import { gateFactsOf } from './gate-facts';
import type { ApprovePayment, CheckTranche, PaymentCommand, RecordFailed, RecordPaid } from './tranche-commands';
import { trancheBlockers } from './tranche-gate';
import type { AwardedState, Tranche } from './tranche-state';

type Decided = Decision<GrantEvent>;

/** From the check to what the bank has done: the gate and four eyes stand before the order, nothing before the record. */
export function decidePayment(command: PaymentCommand, state: AwardedState, tranche: Tranche): Decided {
  switch (command.type) {
    case 'CheckTranche':
      return check(command, state, tranche);
    case 'ApprovePayment':
      return approve(command, state, tranche);
    case 'WithdrawPaymentApproval': {
      const { trancheId, endorsement } = tranche;
      const { subject } = command.context.actor;
      if (tranche.stage !== 'checked') return trancheWrongStage(tranche, ['checked']);
      if (!endorsement.approvals.some((one) => one.subject === subject)) return [];
      const data = { trancheId, version: endorsement.version, withdrawnBy: subject };
      return [{ type: 'PaymentApprovalWithdrawn', data }];
    }
    case 'RecordPaid':
      return recordPaid(command, state, tranche);
    case 'RecordFailed':
      return recordFailed(command, state, tranche);
  }
}

/** Checking anew voids the approvals; it is the way out when somebody who approved has come to be conflicted. */
function check({ data, context }: CheckTranche, state: AwardedState, tranche: Tranche): Decided {
  const { trancheId, stage, amount, endorsement } = tranche;
  if (stage !== 'requested' && stage !== 'checked') return trancheWrongStage(tranche, ['requested']);
  const { version } = endorsement;
  const { subject } = context.actor;
  if (subject === tranche.payment?.requestedBy || state.applicants.includes(subject)) {
    return refuse('forbidden', 'TRANCHE_OWN_REQUEST', 'No one checks what they requested or applied for.');
  }
  const conflicts = conflictsFrom(state.conflicts, data.outlook.interestedOrganisationIds);
  const conflict = conflictOf(personOf(context.actor, data.panel), conflicts);
  if (conflict !== undefined) {
    return refuse('forbidden', 'TRANCHE_CHECK_CONFLICTED', 'No one with a conflict of interest checks.', {
      ...conflict,
    });
  }
  // What holds now is shown to nobody who may not see it.
  if (data.seenVersion !== version) return trancheOutdated(tranche, data.seenVersion);
  const needed = approvalsNeeded(amount, data.thirdFrom);
  const anew: Tranche = { ...tranche, endorsement: { ...endorsement, approvalsNeeded: needed, approvals: [] } };
  const before = gateFactsOf(state, tranche, data.outlook, dayOf(context.at));
  if (stage === 'checked' && before.conflictedApprovers === 0) return [];
  const gate = gateFactsOf(state, anew, data.outlook, dayOf(context.at));
  const blockers = trancheBlockers(gate, 'check');
  if (blockers.length > 0) return gateClosed(blockers);
  return [{ type: 'TrancheChecked', data: { trancheId, version, approvalsNeeded: needed, gate, checkedBy: subject } }];
}

/** With the last approval that is needed the payment is ordered. */
function approve({ data, context }: ApprovePayment, state: AwardedState, tranche: Tranche): Decided {
  const { trancheId, amount, payment, endorsement } = tranche;
  if (tranche.stage !== 'checked' || payment === undefined) return trancheWrongStage(tranche, ['checked']);
  const { interestedOrganisationIds } = data.outlook;
  const person = personOf(context.actor, data.panel);
  const conflicts = conflictsFrom(state.conflicts, interestedOrganisationIds);
  const fault = approvalFault(endorsement, context.actor, person, data.seenVersion, conflicts, presentOf(tranche));
  if (fault !== undefined) return fault;
  const then: Tranche = { ...tranche, endorsement: approved(endorsement, person) };
  const gate = gateFactsOf(state, then, data.outlook, dayOf(context.at));
  const blockers = trancheBlockers(gate, 'check');
  if (blockers.length > 0) return gateClosed(blockers);
  const { version } = endorsement;
  const approval: GrantEvent = {
    type: 'PaymentApproved',
    data: {
      trancheId,
      version,
      approvedBy: person.subject,
      organisationIds: [...person.organisationIds],
      interestedOrganisationIds: [...interestedOrganisationIds],
    },
  };
  if (trancheBlockers(gate, 'order').length > 0) return [approval];
  const { paymentId } = payment;
  return [approval, { type: 'PaymentOrdered', data: { trancheId, paymentId, version, amount, gate } }];
}

/** Never refused by the gate: what stood in its way is recorded with it. */
function recordPaid({ data, context }: RecordPaid, state: AwardedState, tranche: Tranche): Decided {
  const { trancheId, paymentId, paidOn, bankReference, outlook } = data;
  const fault = ofAnother(paymentId, tranche);
  if (fault !== undefined) return fault;
  if (tranche.stage === 'paid') return [];
  if (tranche.stage !== 'ordered') return trancheWrongStage(tranche, ['ordered']);
  const recordedBy = context.actor.subject;
  if (hasApproved(recordedBy, tranche)) return ownApproval;
  if (!isDayUpTo(paidOn, context.at) || paidOn < (tranche.orderedOn ?? paidOn)) {
    const between = { field: 'paidOn', from: tranche.orderedOn, to: dayOf(context.at) };
    const detail = `"${paidOn}" has to be a day from the order, ${between.from}, to today, ${between.to}.`;
    return refuse('unprocessable', 'DATES_OUT_OF_ORDER', detail, between);
  }
  const gate = gateFactsOf(state, tranche, outlook, paidOn);
  const despite = [...trancheBlockers(gate, 'order')];
  const { amount } = tranche;
  return [
    { type: 'TranchePaid', data: { trancheId, paymentId, amount, paidOn, bankReference, gate, despite, recordedBy } },
  ];
}

/** What was with the bank when the grant was revoked went into no sum that was given back; it does so now. */
function recordFailed({ data, context }: RecordFailed, state: AwardedState, tranche: Tranche): Decided {
  const { trancheId, paymentId, reasonCode } = data;
  const fault = ofAnother(paymentId, tranche);
  if (fault !== undefined) return fault;
  if (tranche.stage === 'failed') return [];
  if (tranche.stage !== 'ordered') return trancheWrongStage(tranche, ['ordered']);
  const recordedBy = context.actor.subject;
  if (hasApproved(recordedBy, tranche)) return ownApproval;
  const givenBack = state.stage === 'revoked' && { notPaidOut: tranche.amount };
  return [{ type: 'PaymentFailed', data: { trancheId, paymentId, reasonCode, ...givenBack, recordedBy } }];
}

/** Also not that it failed, which would open the way to paying it twice. */
const ownApproval = refuse(
  'forbidden',
  'PAYMENT_OWN_APPROVAL',
  'No one records what became of a payment that they approved.',
);

function hasApproved(by: string, { endorsement }: Tranche): boolean {
  return endorsement.approvals.some(({ subject }) => subject === by);
}

export function trancheOutdated(tranche: Tranche, seenVersion: number): Refusal {
  const presentVersion = tranche.endorsement.version;
  const detail = `It has changed since: version ${presentVersion} holds, not ${seenVersion}. Read it again and decide on that.`;
  const versions = { seenVersion, presentVersion, present: presentOf(tranche) };
  return refuse('outdated', 'TRANCHE_VERSION_OUTDATED', detail, versions);
}

export function trancheWrongStage({ stage }: Tranche, needed: readonly Tranche['stage'][]): Refusal {
  const detail = `The tranche is ${stage}; it has to be ${needed.join(' or ')}.`;
  return refuse('conflict', 'TRANCHE_WRONG_STAGE', detail, { stage, needed });
}

function ofAnother(paymentId: string, { payment }: Tranche): Refusal | undefined {
  if (payment?.paymentId === paymentId) return undefined;
  return refuse('not-found', 'PAYMENT_UNKNOWN', 'The tranche has no such payment at present.');
}

function gateClosed(blockers: readonly Blocker[]): Refusal {
  const detail = `It cannot be paid now: ${blockers.map(({ words }) => words).join(' ')}`;
  return refuse('conflict', 'TRANCHE_GATE_CLOSED', detail, { blockers });
}

function presentOf({ amount, dueOn, requiresReport }: Tranche) {
  return { amount, dueOn, requiresReport };
}
