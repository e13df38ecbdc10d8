import { addMonths } from '@alliance/calendar';
import type { DataOf } from '../grant/grant.events';
import type { Terms } from '../terms';

export type PlannedReport = Omit<DataOf<'ReportDue'>, 'reportId'>;

/**
 * The reports that a contract brings about: one at the end of each so many months of the project, as long as it runs and
 * from the contract on, where the terms ask for it; and the final one, so many months after the project's end.
 */
export function plannedReports(
  { projectFrom, projectTo }: { readonly projectFrom: string; readonly projectTo: string },
  { interimReportEveryMonths, proofDueMonths }: Pick<Terms, 'interimReportEveryMonths' | 'proofDueMonths'>,
  contractedOn: string,
): readonly PlannedReport[] {
  const reports: PlannedReport[] = [];
  if (interimReportEveryMonths !== undefined) {
    for (let n = 1; ; n += 1) {
      const dueOn = addMonths(projectFrom, n * interimReportEveryMonths);
      if (dueOn >= projectTo) break;
      if (dueOn > contractedOn) reports.push({ kind: 'interim', dueOn });
    }
  }
  return [...reports, { kind: 'final', dueOn: addMonths(projectTo, proofDueMonths) }];
}
