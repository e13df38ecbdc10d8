import { formatPosition } from '@alliance/event-sourcing';
import { inWords, type Money, plus } from '../money';
import type { GrantRecord } from './grant-history';

/** What holds of a grant, and the positions of the events by which it holds. */
export interface Fact {
  readonly value: Value;
  readonly restsOn: readonly string[];
}
type Value = string | number | boolean | Money | readonly string[];

/** By name, as `stage` or `tranche <id>.amount`, in the order in which they came to hold. */
export type GrantState = ReadonlyMap<string, Fact>;

/**
 * What an event does to facts: put one in the place of another, add to an amount, or to or from a list; or end those whose
 * names begin so.
 */
interface Change {
  readonly end?: readonly string[];
  readonly set?: Readonly<Record<string, Value | undefined>>;
  readonly add?: Readonly<Record<string, Money>>;
  readonly include?: Readonly<Record<string, string>>;
  readonly exclude?: Readonly<Record<string, string>>;
}

/** The state of a grant by its events, which are those of its own stream up to some moment. */
export function grantStateOf(events: Iterable<GrantRecord>): GrantState {
  const state = new Map<string, Fact>();
  for (const event of events) apply(state, changeBy(event), formatPosition(event.position));
  return state;
}

/** What holds otherwise in the later state than in the earlier one; `undefined` where it does not hold at all. */
export function stateChanges(
  earlier: GrantState,
  later: GrantState,
): readonly { readonly name: string; readonly before: Fact | undefined; readonly after: Fact | undefined }[] {
  return [...new Set([...earlier.keys(), ...later.keys()])]
    .map((name) => ({ name, before: earlier.get(name), after: later.get(name) }))
    .filter(({ before, after }) => JSON.stringify(before?.value) !== JSON.stringify(after?.value));
}

function apply(state: Map<string, Fact>, change: Change, position: string) {
  const { end = [], set = {}, add = {}, include = {}, exclude = {} } = change;
  for (const name of state.keys()) if (end.some((beginning) => name.startsWith(beginning))) state.delete(name);
  for (const [name, value] of Object.entries(set)) {
    if (value !== undefined) state.set(name, { value, restsOn: [position] });
  }
  const further = (name: string, value: Value) =>
    state.set(name, { value, restsOn: [...(state.get(name)?.restsOn ?? []), position] });
  const listed = (name: string) => {
    const value = state.get(name)?.value;
    return Array.isArray(value) ? (value as readonly string[]) : [];
  };
  for (const [name, amount] of Object.entries(add)) further(name, plus(amountIn(state, name, amount), amount));
  for (const [name, one] of Object.entries(include)) further(name, [...new Set([...listed(name), one])]);
  for (const [name, one] of Object.entries(exclude)) {
    if (listed(name).includes(one)) {
      const left = listed(name).filter((other) => other !== one);
      further(name, left);
    }
  }
}

function amountIn(state: GrantState, name: string, { currency }: Money): Money {
  const value = state.get(name)?.value;
  return typeof value === 'object' && 'cents' in value ? value : { cents: 0, currency };
}

function changeBy(event: GrantRecord): Change {
  switch (event.type) {
    case 'GrantDrafted': {
      const { callId, potId, applicantOrganisationId, currency } = event.data;
      const nothing = { cents: 0, currency };
      const amounts = { awarded: nothing, disbursed: nothing, returned: nothing };
      return { set: { stage: 'draft', callId, potId, applicantOrganisationId, ...amounts } };
    }
    case 'ApplicationRevised':
      return { set: { title: event.data.application.title } };
    case 'ApplicationSubmitted': {
      const { version, application, requested } = event.data;
      return {
        end: ['review of '],
        set: { stage: 'submitted', title: application.title, 'application version': version, requested },
      };
    }
    case 'InformationRequested':
      return {
        end: ofProposal,
        set: { stage: 'information-requested', 'information requested': event.data.items },
      };
    case 'FormalCheckPassed':
      return { set: { stage: 'in-review', 'formal check by': event.data.checkedBy } };
    case 'GrantWithdrawn':
      return { set: { stage: 'withdrawn', 'given back unpaid': event.data.notPaidOut } };
    case 'NoConflictDeclared':
      return { include: { 'declared no conflict': event.data.subject } };
    case 'ConflictDeclared':
      return {
        exclude: { 'declared no conflict': event.data.subject },
        include: { conflicted: event.data.subject },
      };
    case 'ReviewersAssigned':
      return { set: { reviewers: event.data.subjects } };
    case 'ReviewSubmitted': {
      const { reviewedBy, weighted, recommendation } = event.data;
      const of = (field: string) => `review of ${reviewedBy}.${field}`;
      return { set: { [of('weighted')]: weighted, [of('recommendation')]: recommendation } };
    }
    case 'RecipientStandingChanged':
      return { set: { 'recipient standing': event.data.standing, recipient: event.data.survivorId } };
    default:
      return changeByDecision(event);
  }
}

/** What a proposal says, and what became of it. */
const ofProposal = [
  ...['decision version', 'outcome', 'recommended', 'conditions', 'reason'],
  ...['approvals needed', 'approved by', 'blocked', 'until'],
];

function changeByDecision(event: GrantRecord): Change {
  switch (event.type) {
    case 'DecisionProposed': {
      const { version, outcome, amount, conditions, reason, approvalsNeeded } = event.data;
      const proposal = { 'decision version': version, outcome, recommended: amount, conditions, reason };
      return { set: { stage: 'recommended', ...proposal, 'approvals needed': approvalsNeeded, 'approved by': [] } };
    }
    case 'DecisionApproved':
      return { include: { 'approved by': event.data.approvedBy } };
    case 'DecisionApprovalWithdrawn':
      return { exclude: { 'approved by': event.data.withdrawnBy } };
    case 'AwardDecided':
      return { set: { stage: 'awarding', attempt: event.data.attempt } };
    case 'AwardBlocked':
      return { set: { stage: 'recommended', blocked: event.data.code } };
    case 'GrantRejected':
      return { set: { stage: 'rejected' } };
    case 'GrantDeferred':
      return { set: { stage: 'deferred', until: event.data.until } };
    case 'GrantAwarded': {
      const { amount, recipientOrganisationId, standing } = event.data;
      const recipient = { recipient: recipientOrganisationId, 'recipient standing': standing.standing };
      return { set: { stage: 'awarded', awarded: amount, ...recipient } };
    }
    case 'GrantContracted':
      return { set: { stage: 'contracted', 'contract signed on': event.data.signedOn } };
    case 'GrantRevoked':
      return { set: { stage: 'revoked', 'given back unpaid': event.data.notPaidOut } };
    case 'GrantClosed':
      return { set: { stage: 'closed', 'given back unpaid': event.data.notPaidOut, spent: event.data.spent } };
    default:
      return changeByMoney(event);
  }
}

function changeByMoney(event: GrantRecord): Change {
  switch (event.type) {
    case 'TranchesPlanned': {
      const planned = event.data.tranches.flatMap(({ trancheId, amount, dueOn }) =>
        Object.entries(ofTranche(trancheId, { stage: 'planned', amount, dueOn, version: 1 })),
      );
      return { set: Object.fromEntries(planned) };
    }
    case 'TrancheRevised': {
      const { trancheId, amount, dueOn, version } = event.data;
      return { set: ofTranche(trancheId, { stage: 'revised', amount, dueOn, version, 'approved by': [] }) };
    }
    case 'TrancheRequested': {
      const { trancheId, paymentId, recipientOrganisationId, neededBy } = event.data;
      return { set: ofTranche(trancheId, { stage: 'requested', paymentId, recipientOrganisationId, neededBy }) };
    }
    case 'TrancheChecked': {
      const { trancheId, approvalsNeeded } = event.data;
      return {
        set: ofTranche(trancheId, { stage: 'checked', 'approvals needed': approvalsNeeded, 'approved by': [] }),
      };
    }
    case 'PaymentApproved':
      return { include: { [`tranche ${event.data.trancheId}.approved by`]: event.data.approvedBy } };
    case 'PaymentApprovalWithdrawn':
      return { exclude: { [`tranche ${event.data.trancheId}.approved by`]: event.data.withdrawnBy } };
    case 'PaymentOrdered':
      return { set: ofTranche(event.data.trancheId, { stage: 'ordered' }) };
    case 'TranchePaid': {
      const { trancheId, amount, paidOn, despite } = event.data;
      const paid = { stage: 'paid', 'paid on': paidOn, 'paid despite': despite.map(({ code }) => code) };
      return { set: ofTranche(trancheId, paid), add: { disbursed: amount } };
    }
    case 'PaymentFailed':
      return { set: ofTranche(event.data.trancheId, { stage: 'failed' }) };
    case 'TrancheCancelled':
      return { set: ofTranche(event.data.trancheId, { stage: 'cancelled' }) };
    case 'TaxStatusRecorded':
      return { include: { 'tax status': [event.data.kind, event.data.issuedOn ?? ''].join(' ').trim() } };
    case 'ReportDue':
      return { set: ofReport(event.data.reportId, { kind: event.data.kind, dueOn: event.data.dueOn, stage: 'due' }) };
    case 'ReportSubmitted': {
      const { reportId, version, receipts } = event.data;
      return { set: ofReport(reportId, { stage: 'submitted', version, receipts: receipts.total }) };
    }
    case 'ReportReturned':
      return { set: ofReport(event.data.reportId, { stage: 'returned' }) };
    case 'ReportAccepted':
      return { set: { ...ofReport(event.data.reportId, { stage: 'accepted' }), spent: event.data.spent } };
    case 'RepaymentDemanded': {
      const { repaymentId, principal, cause, dueOn } = event.data;
      const of = (field: string) => `repayment ${repaymentId}.${field}`;
      return { set: { [of('demanded')]: principal, [of('cause')]: cause, [of('dueOn')]: dueOn } };
    }
    case 'RepaymentReceived': {
      const { principal, interest } = event.data;
      return { add: { returned: principal, 'interest received': interest } };
    }
    case 'InterestReceived':
      return { add: { 'interest received': event.data.interest } };
    default:
      // What was read, reminded of or erased changes nothing of what holds.
      return {};
  }
}

function ofTranche(trancheId: string, fields: Readonly<Record<string, Value>>) {
  return named(`tranche ${trancheId}`, fields);
}

function ofReport(reportId: string, fields: Readonly<Record<string, Value>>) {
  return named(`report ${reportId}`, fields);
}

function named(thing: string, fields: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(fields).map(([field, value]) => [`${thing}.${field}`, value]));
}

/** A fact's value as a line of text. */
export function valueInWords(value: Value): string {
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.join(', ');
  return typeof value === 'object' && 'cents' in value ? inWords(value) : String(value);
}
