import { type Conflicts, conflictOf, conflictsFrom } from '../conflicts';
import { type Endorsement, standingApprovals } from '../four-eyes';
import { type Money, sum } from '../money';
import { type StandingState, stricter } from '../standing';
import type { GateFacts } from './tranche.events';
import type { AwardedState, Tranche } from './tranche-state';

/** What a command brings of what the grant's own stream does not tell, fresh from where it is known. */
export interface TrancheOutlook {
  /** By what the registry has told. */
  readonly recipient: StandingState;
  readonly recipientIsPublicBody: boolean;
  readonly interestedOrganisationIds: readonly string[];
  /** What the pot holds for the grant. */
  readonly committed: Money;
  /** In force on the day that is judged for. */
  readonly years: Pick<GateFacts['rules'], 'exemptionNoticeYears' | 'provisionalNoticeYears'>;
}

/** All that the tranche gate judges by, as things are, for that day. */
export function gateFactsOf(state: AwardedState, tranche: Tranche, outlook: TrancheOutlook, on: string): GateFacts {
  const { payment, endorsement, amount, dueOn } = tranche;
  const conflicts = conflictsFrom(state.conflicts, outlook.interestedOrganisationIds);
  return {
    on,
    stage: state.stage,
    awarded: state.awarded,
    planned: plannedIn(state),
    paid: paidIn(state),
    returned: state.returned,
    tranche: {
      amount,
      dueOn,
      version: endorsement.version,
      ...(payment !== undefined && { neededBy: payment.neededBy }),
    },
    recipient: stricter(state.standing, outlook.recipient),
    ...(payment !== undefined && { requestedFor: payment.recipientOrganisationId }),
    approvals: { needed: endorsement.approvalsNeeded, standing: standingApprovals(endorsement, conflicts).length },
    conflictedApprovers: conflictedApprovers(endorsement, conflicts),
    reports: tranche.requiresReport ? [...state.reports.values()].filter((report) => report.dueOn <= dueOn) : [],
    committed: outlook.committed,
    taxStatuses: state.taxStatuses.map(({ kind, issuedOn }) => ({ kind, ...(issuedOn !== undefined && { issuedOn }) })),
    recipientIsPublicBody: outlook.recipientIsPublicBody,
    rules: { needWindowDays: state.terms.needWindowDays, ...outlook.years },
  };
}

/** Of all tranches but the cancelled ones, and but those that are about to be replaced. */
export function plannedIn({ tranches, awarded }: AwardedState, besides?: string): Money {
  const counted = [...tranches.values()].filter(
    ({ stage, trancheId }) => stage !== 'cancelled' && trancheId !== besides,
  );
  return sum(
    counted.map(({ amount }) => amount),
    awarded.currency,
  );
}

function paidIn({ tranches, awarded }: AwardedState): Money {
  const paid = [...tranches.values()].filter(({ stage }) => stage === 'paid');
  return sum(
    paid.map(({ amount }) => amount),
    awarded.currency,
  );
}

function conflictedApprovers({ approvals }: Endorsement, conflicts: Conflicts): number {
  return approvals.filter((person) => conflictOf(person, conflicts) !== undefined).length;
}
