import { dayOf, isDayUpTo } from '@alliance/calendar';
import { type Aggregate, type Decision, refuse, type Refusal } from '@alliance/event-sourcing';
import { type GrantEvent, grantEvents } from '../grant/grant.events';
import { atMost, inWords, type Money, plus, sum } from '../money';
import { stricter } from '../standing';
import { plannedIn } from './gate-facts';
import { decidePayment, trancheOutdated, trancheWrongStage } from './payment';
import type {
  CancelTranche,
  PlanTranches,
  RecordTaxStatus,
  RequestTranche,
  ReviseTranche,
  TrancheCommand,
} from './tranche-commands';
import { type AwardedState, evolveTranches, noTranches, type Tranche, type TranchesState } from './tranche-state';

type Decided = Decision<GrantEvent>;

/** As many as the facts of a gate can hold. */
const MOST_TAX_STATUSES = 20;

/**
 * The tranches of a grant, `planned → requested → checked → ordered → paid | failed | cancelled`: never more than is
 * awarded, and nothing is ordered but through the gate and by four eyes. What the bank has done is always recorded.
 */
export const grantTranches: Aggregate<TrancheCommand, TranchesState, GrantEvent> = {
  catalogue: grantEvents,
  decider: {
    initialState: noTranches,

    decide(command, state) {
      if (state.stage === 'none') return grantWrongStage('none');
      if (command.type === 'PlanTranches') return plan(command, state);
      if (command.type === 'RecordTaxStatus') return recordTaxStatus(command, state);
      if (command.type === 'CancelVoidRequests') return cancelVoidRequests(state);
      const tranche = state.tranches.get(command.data.trancheId);
      if (tranche === undefined) return refuse('not-found', 'TRANCHE_UNKNOWN', 'The grant has no such tranche.');
      switch (command.type) {
        case 'ReviseTranche':
          return revise(command, state, tranche);
        case 'RequestTranche':
          return request(command, state, tranche);
        case 'CancelTranche':
          return cancel(command, tranche);
        default:
          return decidePayment(command, state, tranche);
      }
    },

    evolve: evolveTranches,
  },
};

function plan({ data, context }: PlanTranches, state: AwardedState): Decided {
  if (isOver(state)) return grantWrongStage(state.stage);
  const { tranches } = data;
  const known = tranches.filter(({ trancheId }) => state.tranches.has(trancheId));
  if (known.length > 0 || new Set(tranches.map(({ trancheId }) => trancheId)).size < tranches.length) {
    return refuse('conflict', 'TRANCHE_EXISTS', 'Each tranche is planned once; to change one, revise it.');
  }
  const fault = tranches.map(({ amount }) => currencyFault(amount, state)).find((one) => one !== undefined);
  if (fault !== undefined) return fault;
  const added = sum(
    tranches.map(({ amount }) => amount),
    state.awarded.currency,
  );
  return (
    awardExceeded(plus(plannedIn(state), added), state) ?? [
      { type: 'TranchesPlanned', data: { tranches: [...tranches], plannedBy: context.actor.subject } },
    ]
  );
}

function revise({ data, context }: ReviseTranche, state: AwardedState, tranche: Tranche): Decided {
  if (isOver(state)) return grantWrongStage(state.stage);
  const { trancheId, amount, dueOn, requiresReport, seenVersion } = data;
  if (['ordered', 'paid', 'cancelled'].includes(tranche.stage)) {
    return trancheWrongStage(tranche, ['planned', 'requested', 'checked', 'failed']);
  }
  const fault = currencyFault(amount, state);
  if (fault !== undefined) return fault;
  const isSame =
    amount.cents === tranche.amount.cents && dueOn === tranche.dueOn && requiresReport === tranche.requiresReport;
  if (isSame) return [];
  if (seenVersion !== tranche.endorsement.version) return trancheOutdated(tranche, seenVersion);
  const version = tranche.endorsement.version + 1;
  const revised = { trancheId, amount, dueOn, requiresReport, version, revisedBy: context.actor.subject };
  return awardExceeded(plus(plannedIn(state, trancheId), amount), state) ?? [{ type: 'TrancheRevised', data: revised }];
}

function request({ data, context }: RequestTranche, state: AwardedState, tranche: Tranche): Decided {
  if (isOver(state)) return grantWrongStage(state.stage);
  const { trancheId, paymentId, neededBy } = data;
  const { survivorId } = stricter(state.standing, data.recipient);
  const { subject, organisationId } = context.actor;
  if (organisationId !== survivorId) {
    return refuse('forbidden', 'GRANT_NOT_YOURS', 'Only a representative of the recipient asks for its money.');
  }
  if (tranche.stage === 'requested' && tranche.payment?.paymentId === paymentId) return [];
  if (tranche.stage !== 'planned' && tranche.stage !== 'failed')
    return trancheWrongStage(tranche, ['planned', 'failed']);
  if (state.paymentIds.includes(paymentId)) {
    return refuse('conflict', 'PAYMENT_EXISTS', 'A payment of this id has been requested before.');
  }
  const today = dayOf(context.at);
  if (neededBy < today) {
    const detail = `"${neededBy}" has passed: it has to be a day from today, ${today}, on.`;
    return refuse('unprocessable', 'DATES_OUT_OF_ORDER', detail, { field: 'neededBy', from: today, to: neededBy });
  }
  const requested = { trancheId, paymentId, recipientOrganisationId: survivorId, neededBy, requestedBy: subject };
  return [{ type: 'TrancheRequested', data: requested }];
}

/** Also on a grant that is revoked. What is with the bank ends as paid or failed, never as cancelled. */
function cancel({ data }: CancelTranche, tranche: Tranche): Decided {
  if (tranche.stage === 'ordered' || tranche.stage === 'paid') {
    return trancheWrongStage(tranche, ['planned', 'requested', 'checked', 'failed']);
  }
  return cancelled(tranche, data.reasonCode);
}

function cancelled({ trancheId, stage, payment }: Tranche, reasonCode: string): readonly GrantEvent[] {
  if (stage === 'cancelled') return [];
  const isUnsettled = payment !== undefined && stage !== 'failed';
  const data = { trancheId, ...(isUnsettled && { paymentId: payment.paymentId }), reasonCode };
  return [{ type: 'TrancheCancelled', data }];
}

/** What is with the bank is left to it. */
function cancelVoidRequests(state: AwardedState): Decided {
  const tranches = [...state.tranches.values()];
  if (isOver(state)) {
    return tranches
      .filter(({ stage }) => stage !== 'ordered' && stage !== 'paid')
      .flatMap((tranche) => cancelled(tranche, 'grant-ended'));
  }
  return tranches.flatMap(({ trancheId, stage, payment }): readonly GrantEvent[] => {
    const isPending = payment !== undefined && (stage === 'requested' || stage === 'checked');
    if (!isPending || payment.recipientOrganisationId === state.standing?.survivorId) return [];
    const { paymentId } = payment;
    return [{ type: 'PaymentCancelled', data: { trancheId, paymentId, reasonCode: 'recipient-merged' } }];
  });
}

function recordTaxStatus({ data, context }: RecordTaxStatus, state: AwardedState): Decided {
  const { kind, issuedOn, reference } = data;
  if (kind === 'public-law-body') {
    const detail =
      'Whether the recipient is a body of public law is told by the registry; have its kind put right there.';
    return refuse('unprocessable', 'TAX_STATUS_OF_REGISTRY', detail, { field: 'kind' });
  }
  if (issuedOn === undefined) {
    const detail = 'A notice needs the day of its issue, from which its years are counted.';
    return refuse('unprocessable', 'TAX_STATUS_UNDATED', detail, { field: 'issuedOn' });
  }
  if (issuedOn !== undefined && !isDayUpTo(issuedOn, context.at)) {
    const [field, to] = ['issuedOn', dayOf(context.at)];
    return refuse('unprocessable', 'DATES_OUT_OF_ORDER', `"${issuedOn}" has to be a day up to today, ${to}.`, {
      field,
      to,
    });
  }
  const isRecorded = state.taxStatuses.some(
    (one) => one.kind === kind && one.issuedOn === issuedOn && one.reference === reference,
  );
  if (isRecorded) return [];
  if (state.taxStatuses.length >= MOST_TAX_STATUSES) {
    const detail = `Of a grant ${MOST_TAX_STATUSES} proofs of tax-exempt status are kept at most.`;
    return refuse('conflict', 'TAX_STATUSES_FULL', detail, { most: MOST_TAX_STATUSES });
  }
  return [{ type: 'TaxStatusRecorded', data: { ...data, recordedBy: context.actor.subject } }];
}

function isOver({ stage }: AwardedState): boolean {
  return stage === 'revoked' || stage === 'closed';
}

function grantWrongStage(stage: TranchesState['stage']): Refusal {
  const detail = 'There are tranches of a grant from its award to its end.';
  return refuse('conflict', 'GRANT_WRONG_STAGE', detail, { stage, needed: ['awarded', 'contracted'] });
}

function currencyFault(
  { currency: given }: { readonly currency: string },
  { awarded: { currency: expected } }: AwardedState,
) {
  if (given === expected) return undefined;
  return refuse('unprocessable', 'MONEY_CURRENCY_DIFFERS', `The grant is in ${expected}.`, { expected, given });
}

function awardExceeded(planned: Money, { awarded }: AwardedState): Refusal | undefined {
  if (atMost(planned, awarded)) return undefined;
  const detail = `${inWords(planned)} would be planned; ${inWords(awarded)} are awarded.`;
  return refuse('unprocessable', 'TRANCHES_EXCEED_AWARD', detail, { awarded, planned });
}
