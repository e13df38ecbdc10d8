import { type Aggregate, type Decision, refuse } from '@alliance/event-sourcing';
import { type GrantEvent, grantEvents } from '../grant/grant.events';
import type { PlanReports, ProofCommand } from './proof-commands';
import { type AwardedProof, evolveProof, type ProofState } from './proof-state';
import { decideReport } from './report';
import { demand, recordReceived } from './repayment';

/**
 * How the recipient accounts for the money (Verwendungsnachweis), and gives back what it did not use, or not as agreed:
 * never more than it was paid.
 */
export const grantProof: Aggregate<ProofCommand, ProofState, GrantEvent> = {
  catalogue: grantEvents,
  decider: {
    initialState: { stage: 'none' },

    decide(command, state) {
      if (state.stage === 'none') return refuse('not-found', 'GRANT_UNKNOWN', 'There is no such grant.');
      if (state.stage === 'unawarded' || state.contractedOn === undefined) {
        const detail = 'Of the use of its money a grant gives account from its contract on.';
        return refuse('conflict', 'GRANT_WRONG_STAGE', detail, {
          stage: state.stage,
          needed: ['contracted', 'revoked'],
        });
      }
      switch (command.type) {
        case 'PlanReports':
          return planReports(command, state);
        case 'DemandRepayment':
          return demand(command, state);
        case 'RecordRepaymentReceived':
          return recordReceived(command, state);
        default: {
          const report = state.reports.get(command.data.reportId);
          return report === undefined
            ? refuse('not-found', 'REPORT_UNKNOWN', 'The grant has no such report.')
            : decideReport(command, state, report);
        }
      }
    },

    evolve: evolveProof,
  },
};

/** All at once, and once only. */
function planReports({ data }: PlanReports, { reports }: AwardedProof): Decision<GrantEvent> {
  if (reports.size > 0) return [];
  return data.reports.map((report) => ({ type: 'ReportDue', data: report }));
}
