import { addMonths, isDay } from '@alliance/calendar';
import type { DataOf } from '../grant/grant.events';
import type { Terms } from '../terms';

export type PlannedReport = Omit<DataOf<'ReportDue'>, 'reportId'>;

/** With the final one as many as the gate of a tranche looks at. */
const MOST_INTERIM_REPORTS = 99;
const LAST_DAY = '9999-12-31';

/**
 * The reports that a contract brings about: one at the end of each so many months of the project, as long as it runs and
 * from the contract on, where the terms ask for it; and the final one, so many months after the project's end. A project
 * that was said to end in the year 9999 has its reports too: by throwing here it would stop those of others.
 */
export function plannedReports(
  { projectFrom, projectTo }: { readonly projectFrom: string; readonly projectTo: string },
  { interimReportEveryMonths, proofDueMonths }: Pick<Terms, 'interimReportEveryMonths' | 'proofDueMonths'>,
  contractedOn: string,
): readonly PlannedReport[] {
  const reports: PlannedReport[] = [];
  if (interimReportEveryMonths !== undefined) {
    for (let n = 1; reports.length < MOST_INTERIM_REPORTS; n += 1) {
      const dueOn = addMonths(projectFrom, n * interimReportEveryMonths);
      if (!isDay(dueOn) || dueOn >= projectTo) break;
      if (dueOn > contractedOn) reports.push({ kind: 'interim', dueOn });
    }
  }
  const dueOn = addMonths(projectTo, proofDueMonths);
  return [...reports, { kind: 'final', dueOn: isDay(dueOn) ? dueOn : LAST_DAY }];
}
