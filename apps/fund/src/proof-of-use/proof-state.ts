import { type ConflictState, evolveConflicts, noConflicts } from '../conflicts';
import type { Application } from '../grant/application.events';
import type { DataOf, GrantEvent } from '../grant/grant.events';
import { type Money, plus } from '../money';
import { evolveStanding, type StandingState } from '../standing';
import type { Terms } from '../terms';

export type Submission = DataOf<'ReportSubmitted'>;

/** One report of how the money was used. */
export interface Report extends DataOf<'ReportDue'> {
  readonly stage: 'due' | 'under-review' | 'returned' | 'accepted';
  /** Of the last submission; 0 before the first. */
  readonly version: number;
  readonly submission?: Submission;
  /** Who submitted any version: none of them reviews it. */
  readonly submitters: readonly string[];
  /** The day for which a reminder was given last. */
  readonly remindedOf?: string;
  readonly returned?: DataOf<'ReportReturned'>;
  readonly accepted?: DataOf<'ReportAccepted'>;
  /** No rows of its receipts are given out any more. */
  readonly receiptsErased: boolean;
}

/** What came in on a demand at once. */
export interface Received {
  readonly principal: Money;
  readonly interest: Money;
  readonly receivedOn: string;
}

export interface Demand extends DataOf<'RepaymentDemanded'> {
  readonly received: readonly Received[];
}

/** What the grant's stream tells of the use of its money. */
export type ProofState =
  | { readonly stage: 'none' }
  | (Known & { readonly stage: 'unawarded'; readonly application?: Application })
  | AwardedProof;

interface Known {
  readonly declared: ConflictState;
  readonly standing?: StandingState | undefined;
}

export interface AwardedProof extends Known {
  readonly stage: 'awarded' | 'contracted' | 'revoked' | 'closed';
  /** As it was submitted last: its financing plan and its period. */
  readonly application: Application;
  readonly terms: Terms;
  readonly contractedOn?: string;
  readonly disbursed: Money;
  /** Day of the first payment. */
  readonly disbursedFrom?: string;
  readonly reports: ReadonlyMap<string, Report>;
  readonly demands: ReadonlyMap<string, Demand>;
}

export function evolveProof(state: ProofState, event: GrantEvent): ProofState {
  if (event.type === 'GrantDrafted') return { stage: 'unawarded', declared: noConflicts };
  if (state.stage === 'none') throw new Error(`${event.type} before GrantDrafted.`);
  const known = {
    ...state,
    declared: evolveConflicts(state.declared, event),
    standing: evolveStanding(state.standing, event),
  };
  return known.stage === 'unawarded' ? beforeAward(known, event) : afterAward(known, event);
}

function beforeAward(state: Extract<ProofState, { stage: 'unawarded' }>, event: GrantEvent): ProofState {
  if (event.type === 'ApplicationSubmitted') return { ...state, application: event.data.application };
  if (event.type !== 'GrantAwarded') return state;
  const { application, declared } = state;
  if (application === undefined) throw new Error('GrantAwarded before ApplicationSubmitted.');
  const { amount, terms, standing } = event.data;
  return {
    stage: 'awarded',
    declared,
    standing: state.standing ?? standing,
    application,
    terms,
    disbursed: { cents: 0, currency: amount.currency },
    reports: new Map(),
    demands: new Map(),
  };
}

function afterAward(state: AwardedProof, event: GrantEvent): AwardedProof {
  switch (event.type) {
    case 'GrantContracted':
      return { ...state, stage: 'contracted', contractedOn: event.data.signedOn };
    case 'GrantRevoked':
      return { ...state, stage: 'revoked' };
    case 'GrantWithdrawn':
    case 'GrantClosed':
      return { ...state, stage: 'closed' };
    case 'TranchePaid': {
      const { amount, paidOn } = event.data;
      const { disbursed, disbursedFrom = paidOn } = state;
      return {
        ...state,
        disbursed: plus(disbursed, amount),
        disbursedFrom: paidOn < disbursedFrom ? paidOn : disbursedFrom,
      };
    }
    case 'ReportDue': {
      const due: Report = { ...event.data, stage: 'due', version: 0, submitters: [], receiptsErased: false };
      return { ...state, reports: new Map([...state.reports, [due.reportId, due]]) };
    }
    case 'ReportReminded':
    case 'ReportSubmitted':
    case 'ReportReturned':
    case 'ReportAccepted':
    case 'ReceiptErasureDecided': {
      const before = state.reports.get(event.data.reportId);
      if (before === undefined) throw new Error(`${event.type} of a report that nobody had to give.`);
      return { ...state, reports: new Map([...state.reports, [before.reportId, evolveReport(before, event)]]) };
    }
    case 'RepaymentDemanded': {
      const demand: Demand = { ...event.data, received: [] };
      return { ...state, demands: new Map([...state.demands, [demand.repaymentId, demand]]) };
    }
    case 'RepaymentReceived':
    case 'InterestReceived': {
      const before = state.demands.get(event.data.repaymentId);
      if (before === undefined) throw new Error(`${event.type} of a repayment that nobody had demanded.`);
      const demand = { ...before, received: [...before.received, receivedBy(event)] };
      return { ...state, demands: new Map([...state.demands, [demand.repaymentId, demand]]) };
    }
    default:
      return state;
  }
}

type ReportEvent = Extract<
  GrantEvent,
  { type: 'ReportReminded' | 'ReportSubmitted' | 'ReportReturned' | 'ReportAccepted' | 'ReceiptErasureDecided' }
>;

function evolveReport(report: Report, event: ReportEvent): Report {
  switch (event.type) {
    case 'ReportReminded':
      return { ...report, remindedOf: event.data.occasion };
    case 'ReportSubmitted': {
      const { version, submittedBy } = event.data;
      const submitters = [...new Set([...report.submitters, submittedBy])];
      return { ...report, stage: 'under-review', version, submission: event.data, submitters };
    }
    case 'ReportReturned':
      return { ...report, stage: 'returned', returned: event.data };
    case 'ReportAccepted':
      return { ...report, stage: 'accepted', accepted: event.data };
    case 'ReceiptErasureDecided':
      return { ...report, receiptsErased: true };
  }
}

type ReceivedEvent = Extract<GrantEvent, { type: 'RepaymentReceived' | 'InterestReceived' }>;

/** Of either event on a demand: what it brought of both. */
export function receivedBy({ type, data }: ReceivedEvent): Received {
  const { interest, receivedOn } = data;
  const principal = type === 'RepaymentReceived' ? data.principal : { ...interest, cents: 0 };
  return { principal, interest, receivedOn };
}
