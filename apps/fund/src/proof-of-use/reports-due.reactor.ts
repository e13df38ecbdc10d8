import { isRefusal } from '@alliance/event-sourcing';
import { deriveId } from '@alliance/event-store';
import type { Reactor } from '@alliance/service-host';
import { grantProof } from './proof.decider';
import { plannedReports } from './report-plan';
import { reportsAfter, type ReportsToPlan } from './reports-due.policy';

/** Says of each grant with a contract which reports are due when. A repeat plans the same, which changes nothing. */
export const reportsDueReactor: Reactor<ReportsToPlan> = {
  name: 'reports-due',
  catalogues: [grantProof.catalogue],
  policy: reportsAfter,
  async execute({ type, target }, context, commands) {
    const { state } = await commands.load(grantProof, target);
    if (state.stage === 'none' || state.stage === 'unawarded' || state.contractedOn === undefined) {
      throw new Error(`Grant ${target} has no contract.`);
    }
    const planned = plannedReports(state.application, state.terms, state.contractedOn);
    const reports = planned.map((one) => ({ reportId: deriveId(target, `${one.kind} report ${one.dueOn}`), ...one }));
    const decided = await commands.decide(grantProof, target, { type, data: { reports }, context });
    if (isRefusal(decided)) throw new Error(`The reports of grant ${target} were refused: ${decided.code}.`);
  },
};
