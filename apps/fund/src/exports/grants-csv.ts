import { csvLine } from '@alliance/csv';

/** A grant as the list of grants gives it out; amounts in cents. */
export interface ListedGrant {
  readonly id: string;
  readonly title: string;
  readonly stage: string;
  readonly stageSince: string;
  readonly applicantId: string;
  readonly applicantName?: string;
  readonly callId: string;
  readonly potId: string;
  readonly fieldKeys: readonly string[];
  readonly regionKeys: readonly string[];
  readonly projectFrom?: string;
  readonly projectTo?: string;
  readonly currency: string;
  readonly requested: string;
  readonly recommended: string;
  readonly awarded: string;
  readonly disbursed: string;
  readonly remaining: string;
  readonly spent: string;
  readonly returned: string;
}

/** The amounts are named as in the glossary. */
const columns: readonly (readonly [string, (grant: ListedGrant) => string | undefined])[] = [
  ['grant_id', ({ id }) => id],
  ['title', ({ title }) => title],
  ['applicant', ({ applicantName }) => applicantName],
  ['applicant_id', ({ applicantId }) => applicantId],
  ['call_id', ({ callId }) => callId],
  ['pot_id', ({ potId }) => potId],
  ['stage', ({ stage }) => stage],
  ['stage_since', ({ stageSince }) => stageSince],
  ['fields', ({ fieldKeys }) => fieldKeys.join(' ')],
  ['regions', ({ regionKeys }) => regionKeys.join(' ')],
  ['project_from', ({ projectFrom }) => projectFrom],
  ['project_to', ({ projectTo }) => projectTo],
  ['currency', ({ currency }) => currency],
  ['requested', ({ requested }) => majorUnits(requested)],
  ['recommended', ({ recommended }) => majorUnits(recommended)],
  ['awarded', ({ awarded }) => majorUnits(awarded)],
  ['disbursed', ({ disbursed }) => majorUnits(disbursed)],
  ['remaining', ({ remaining }) => majorUnits(remaining)],
  ['spent', ({ spent }) => majorUnits(spent)],
  ['returned', ({ returned }) => majorUnits(returned)],
];

export const grantsCsvHead = csvLine(columns.map(([name]) => name));

export function grantsCsvLine(grant: ListedGrant): string {
  return csvLine(columns.map(([, cellOf]) => cellOf(grant) ?? ''));
}

/** `1234.56` of `123456` cents, digit by digit. */
function majorUnits(cents: string): string {
  const digits = cents.padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
