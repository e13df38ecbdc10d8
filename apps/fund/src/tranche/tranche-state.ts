import { type ConflictState, evolveConflicts, noConflicts, type Person } from '../conflicts';
import { approvalWithdrawn, approved, type Endorsement } from '../four-eyes';
import type { DataOf, GrantEvent } from '../grant/grant.events';
import { type Money, plus } from '../money';
import { evolveStanding, type StandingState } from '../standing';
import type { Terms } from '../terms';
import type { GateFacts } from './tranche.events';

interface Payment {
  readonly paymentId: string;
  readonly recipientOrganisationId: string;
  readonly neededBy: string;
  readonly requestedBy: string;
}

export interface Tranche {
  readonly trancheId: string;
  readonly amount: Money;
  readonly dueOn: string;
  readonly requiresReport: boolean;
  readonly stage: 'planned' | 'requested' | 'checked' | 'ordered' | 'paid' | 'failed' | 'cancelled';
  /** The last one that was requested. */
  readonly payment?: Payment;
  /** Its version is that of the tranche; nobody has approved before the check. */
  readonly endorsement: Endorsement;
  readonly orderedOn?: string;
}

interface Known {
  /** Who drafted, revised or submitted the application: none of them checks or approves a payment of it. */
  readonly applicants: readonly string[];
  readonly conflicts: ConflictState;
  readonly standing?: StandingState | undefined;
}

/** What the grant's stream tells of payments. */
export type TranchesState =
  | (Known & { readonly stage: 'none' })
  | (Known & {
      readonly stage: GateFacts['stage'];
      readonly awarded: Money;
      readonly terms: Terms;
      readonly tranches: ReadonlyMap<string, Tranche>;
      /** Of all tranches, also of payments that failed: none is used again. */
      readonly paymentIds: readonly string[];
      readonly taxStatuses: readonly DataOf<'TaxStatusRecorded'>[];
      readonly reports: ReadonlyMap<string, GateFacts['reports'][number]>;
      readonly returned: Money;
    });
export type AwardedState = Exclude<TranchesState, { stage: 'none' }>;

export const noTranches: TranchesState = { stage: 'none', applicants: [], conflicts: noConflicts };

export function evolveTranches(state: TranchesState, event: GrantEvent): TranchesState {
  const known = {
    ...state,
    applicants: including(state.applicants, ...applicantsOf(event)),
    conflicts: evolveConflicts(state.conflicts, event),
    standing: evolveStanding(state.standing, event),
  };
  if (event.type === 'GrantAwarded') {
    const { amount, terms, standing } = event.data;
    return {
      stage: 'awarded',
      applicants: known.applicants,
      conflicts: known.conflicts,
      standing: known.standing ?? standing,
      awarded: amount,
      terms,
      tranches: new Map(),
      paymentIds: [],
      taxStatuses: [],
      reports: new Map(),
      returned: { cents: 0, currency: amount.currency },
    };
  }
  return known.stage === 'none' ? known : afterAward(known, event);
}

function afterAward(state: AwardedState, event: GrantEvent): AwardedState {
  switch (event.type) {
    case 'GrantContracted':
      return { ...state, stage: 'contracted' };
    case 'GrantRevoked':
      return { ...state, stage: 'revoked' };
    case 'GrantClosed':
    case 'GrantWithdrawn':
      return { ...state, stage: 'closed' };
    case 'TaxStatusRecorded':
      return { ...state, taxStatuses: [...state.taxStatuses, event.data] };
    case 'ReportDue': {
      const { reportId, dueOn } = event.data;
      return { ...state, reports: new Map([...state.reports, [reportId, { reportId, dueOn, accepted: false }]]) };
    }
    case 'ReportAccepted': {
      const report = state.reports.get(event.data.reportId);
      if (report === undefined) return state;
      return { ...state, reports: new Map([...state.reports, [report.reportId, { ...report, accepted: true }]]) };
    }
    case 'RepaymentReceived':
      return { ...state, returned: plus(state.returned, event.data.principal) };
    case 'TranchesPlanned': {
      const { tranches, plannedBy } = event.data;
      const planned = tranches.map((plan): [string, Tranche] => [
        plan.trancheId,
        { ...plan, stage: 'planned', endorsement: unapproved(1, including(state.applicants, plannedBy)) },
      ]);
      return { ...state, tranches: new Map([...state.tranches, ...planned]) };
    }
    case 'TrancheRequested':
      return ofTranche({ ...state, paymentIds: [...state.paymentIds, event.data.paymentId] }, event);
    default:
      return ofTranche(state, event);
  }
}

function ofTranche(state: AwardedState, event: GrantEvent): AwardedState {
  if (!('trancheId' in event.data)) return state;
  const before = state.tranches.get(event.data.trancheId);
  if (before === undefined) return state;
  return { ...state, tranches: new Map([...state.tranches, [before.trancheId, evolveTranche(before, event)]]) };
}

function evolveTranche(before: Tranche, event: GrantEvent): Tranche {
  const { endorsement } = before;
  switch (event.type) {
    case 'TrancheRevised': {
      const { amount, dueOn, requiresReport, version, revisedBy } = event.data;
      const stage = before.stage === 'checked' ? 'requested' : before.stage;
      const requesters = including(endorsement.requesters, revisedBy);
      return { ...before, amount, dueOn, requiresReport, stage, endorsement: unapproved(version, requesters) };
    }
    case 'TrancheRequested': {
      const { paymentId, recipientOrganisationId, neededBy, requestedBy } = event.data;
      const requesters = including(endorsement.requesters, requestedBy);
      return {
        ...before,
        stage: 'requested',
        payment: { paymentId, recipientOrganisationId, neededBy, requestedBy },
        endorsement: unapproved(endorsement.version, requesters),
      };
    }
    case 'TrancheChecked': {
      const { approvalsNeeded, checkedBy } = event.data;
      const requesters = including(endorsement.requesters, checkedBy);
      return {
        ...before,
        stage: 'checked',
        endorsement: { ...endorsement, requesters, approvalsNeeded, approvals: [] },
      };
    }
    case 'PaymentApproved': {
      const { approvedBy, organisationIds } = event.data;
      const person: Person = { subject: approvedBy, organisationIds };
      return { ...before, endorsement: approved(endorsement, person) };
    }
    case 'PaymentApprovalWithdrawn':
      return { ...before, endorsement: approvalWithdrawn(endorsement, event.data.withdrawnBy) };
    case 'PaymentOrdered':
      return { ...before, stage: 'ordered', orderedOn: event.data.gate.on };
    case 'TranchePaid':
      return { ...before, stage: 'paid' };
    case 'PaymentFailed':
      return { ...before, stage: 'failed' };
    case 'PaymentCancelled': {
      const { payment: _, ...planned } = before;
      return { ...planned, stage: 'planned', endorsement: unapproved(endorsement.version, endorsement.requesters) };
    }
    case 'TrancheCancelled':
      return { ...before, stage: 'cancelled' };
    default:
      return before;
  }
}

/** How many approvals are needed is said by the check. */
function unapproved(version: number, requesters: readonly string[]): Endorsement {
  return { version, requesters, approvalsNeeded: 3, approvals: [] };
}

function applicantsOf(event: GrantEvent): readonly string[] {
  switch (event.type) {
    case 'GrantDrafted':
      return [event.data.draftedBy];
    case 'ApplicationRevised':
      return [event.data.revisedBy];
    case 'ApplicationSubmitted':
      return [event.data.submittedBy];
    default:
      return [];
  }
}

function including(subjects: readonly string[], ...more: readonly string[]): readonly string[] {
  return [...new Set([...subjects, ...more])];
}
