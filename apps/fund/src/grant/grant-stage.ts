import type { GrantEvent } from './grant.events';

/** Where a grant stands, in the order of its life; the last three end it before its time. */
export const grantStages = [
  'draft',
  'submitted',
  'information-requested',
  'in-review',
  'recommended',
  'deferred',
  'rejected',
  'awarding',
  'awarded',
  'contracted',
  'paying',
  'report-due',
  'report-under-review',
  'report-accepted',
  'repayment-demanded',
  'repaid',
  'closed',
  'withdrawn',
  'revoked',
] as const;
export type GrantStage = (typeof grantStages)[number];

/** What a stage is derived from: no event says that a grant is being paid, or that it is time to account for it. */
export interface GrantProgress {
  /** Where the last decision has brought it. */
  readonly decided: Exclude<
    GrantStage,
    'paying' | 'report-due' | 'report-under-review' | 'report-accepted' | 'repayment-demanded' | 'repaid'
  >;
  /** Tranches that are neither paid nor given up, by their ids. */
  readonly openTranches: readonly string[];
  readonly isPaid: boolean;
  readonly finalReport?: FinalReport;
  /** In cents, without interest. */
  readonly demanded: number;
  readonly returned: number;
}

interface FinalReport {
  readonly reportId: string;
  readonly dueOn: string;
  readonly stage: 'due' | 'under-review' | 'accepted';
}

/** Of a grant that is drafted, and nothing else. */
export const drafted: GrantProgress = { decided: 'draft', openTranches: [], isPaid: false, demanded: 0, returned: 0 };

export function stageOf({ decided, openTranches, isPaid, finalReport, demanded, returned }: GrantProgress): GrantStage {
  if (decided !== 'contracted' && decided !== 'revoked') return decided;
  if (demanded > 0) return returned < demanded ? 'repayment-demanded' : 'repaid';
  if (decided === 'revoked') return 'revoked';
  if (finalReport?.stage === 'under-review') return 'report-under-review';
  if (finalReport?.stage === 'accepted') return 'report-accepted';
  if (!isPaid) return 'contracted';
  return openTranches.length > 0 ? 'paying' : 'report-due';
}

export function evolveProgress(progress: GrantProgress, event: GrantEvent): GrantProgress {
  switch (event.type) {
    case 'ApplicationSubmitted':
      return { ...progress, decided: 'submitted' };
    case 'InformationRequested':
      return { ...progress, decided: 'information-requested' };
    // Of an award that came to nothing, too: another proposal is needed.
    case 'FormalCheckPassed':
    case 'AwardBlocked':
      return { ...progress, decided: 'in-review' };
    case 'DecisionProposed':
      return { ...progress, decided: 'recommended' };
    case 'AwardDecided':
      return { ...progress, decided: 'awarding' };
    case 'GrantRejected':
      return { ...progress, decided: 'rejected' };
    case 'GrantDeferred':
      return { ...progress, decided: 'deferred' };
    case 'GrantAwarded':
      return { ...progress, decided: 'awarded' };
    case 'GrantContracted':
      return { ...progress, decided: 'contracted' };
    case 'GrantRevoked':
      return { ...progress, decided: 'revoked' };
    case 'GrantWithdrawn':
      return { ...progress, decided: 'withdrawn' };
    case 'GrantClosed':
      return { ...progress, decided: 'closed' };
    case 'TranchesPlanned':
      return opened(
        progress,
        event.data.tranches.map(({ trancheId }) => trancheId),
      );
    // A payment that failed may be requested once more.
    case 'TrancheRequested':
      return opened(progress, [event.data.trancheId]);
    case 'TranchePaid':
      return { ...settled(progress, event.data.trancheId), isPaid: true };
    case 'PaymentFailed':
    case 'TrancheCancelled':
      return settled(progress, event.data.trancheId);
    case 'ReportDue': {
      const { reportId, kind, dueOn } = event.data;
      return kind === 'final' ? { ...progress, finalReport: { reportId, dueOn, stage: 'due' } } : progress;
    }
    case 'ReportSubmitted':
      return reported(progress, event.data.reportId, 'under-review');
    case 'ReportReturned':
      return reported(progress, event.data.reportId, 'due');
    case 'ReportAccepted':
      return reported(progress, event.data.reportId, 'accepted');
    case 'RepaymentDemanded':
      return { ...progress, demanded: progress.demanded + event.data.principal.cents };
    case 'RepaymentReceived':
      return { ...progress, returned: progress.returned + event.data.principal.cents };
    default:
      return progress;
  }
}

function opened(progress: GrantProgress, trancheIds: readonly string[]): GrantProgress {
  return { ...progress, openTranches: [...new Set([...progress.openTranches, ...trancheIds])] };
}

function settled(progress: GrantProgress, trancheId: string): GrantProgress {
  return { ...progress, openTranches: progress.openTranches.filter((open) => open !== trancheId) };
}

/** Interim reports change nothing: the grant goes on being paid. */
function reported(progress: GrantProgress, reportId: string, stage: FinalReport['stage']): GrantProgress {
  const { finalReport } = progress;
  return finalReport?.reportId === reportId ? { ...progress, finalReport: { ...finalReport, stage } } : progress;
}
