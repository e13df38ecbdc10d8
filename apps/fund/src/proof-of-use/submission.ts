import { dayOf } from '@alliance/calendar';
import { refuse, type Refusal } from '@alliance/event-sourcing';
import { inWords, type Money, sum } from '../money';
import type { ReceiptFigures, SubmitReport } from './proof-commands';
import type { AwardedProof, Submission } from './proof-state';

type Given = SubmitReport['data'];

/**
 * What is wrong with the figures of a report: each line is one of the financing plan, and its receipts make up what is
 * said to be spent on it; all receipts are of the project's time and none is of a day to come. Rows count from 1.
 */
export function submissionFault(given: Given, state: AwardedProof, at: string): Refusal | undefined {
  return (
    currencyFault(amountsOf(given), state) ??
    linesFault(given, state) ??
    periodFault(given.receipts, state, dayOf(at)) ??
    totalsFault(given)
  );
}

/** Of amounts by the names of their fields. */
export function currencyFault(
  amounts: Readonly<Record<string, { readonly currency: string }>>,
  { disbursed: { currency: expected } }: AwardedProof,
): Refusal | undefined {
  const fields = Object.keys(amounts).filter((field) => amounts[field]?.currency !== expected);
  if (fields.length === 0) return undefined;
  return refuse('unprocessable', 'MONEY_CURRENCY_DIFFERS', `The grant is in ${expected}.`, { expected, fields });
}

function amountsOf({ lines, otherIncome, receipts }: Given): Readonly<Record<string, Money>> {
  return Object.fromEntries([
    ...lines.map(({ spent }, index): [string, Money] => [`lines[${index}].spent`, spent]),
    ['otherIncome', otherIncome],
    ...receipts.map(({ amount }, index): [string, Money] => [`receipts[${index}].amount`, amount]),
  ]);
}

function linesFault({ lines, receipts }: Given, { application }: AwardedProof): Refusal | undefined {
  const known = [...new Set(application.lines.map(({ key }) => key))];
  const keys = lines.map(({ key }) => key);
  const unknown = keys.filter((key) => !known.includes(key));
  const repeated = known.filter((key) => keys.indexOf(key) !== keys.lastIndexOf(key));
  const rows = receipts.flatMap(({ line }, index) => (keys.includes(line) ? [] : [{ row: index + 1, line }]));
  if (unknown.length + repeated.length + rows.length === 0) return undefined;
  const detail = `Each line of the financing plan is accounted for once (${known.join(', ')}), and each receipt belongs to one of those.`;
  return refuse('unprocessable', 'PROOF_LINES_DIFFER', detail, { known, unknown, repeated, rows });
}

function periodFault(receipts: readonly ReceiptFigures[], { application }: AwardedProof, today: string) {
  const from = application.projectFrom;
  const to = application.projectTo < today ? application.projectTo : today;
  const rows = receipts.flatMap(({ paidOn }, index) =>
    paidOn < from || paidOn > to ? [{ row: index + 1, paidOn }] : [],
  );
  if (rows.length === 0) return undefined;
  const detail = `${rows.length} receipt(s) are not from the time of the project up to today, ${from} to ${to}.`;
  return refuse('unprocessable', 'RECEIPT_OUTSIDE_PERIOD', detail, { from, to, rows });
}

function totalsFault({ lines, receipts, otherIncome: { currency } }: Given): Refusal | undefined {
  const differing = lines.flatMap(({ key, spent }) => {
    const ofReceipts = sum(
      receipts.filter(({ line }) => line === key).map(({ amount }) => amount),
      currency,
    );
    return ofReceipts.cents === spent.cents ? [] : [{ key, spent, receipts: ofReceipts }];
  });
  if (differing.length === 0) return undefined;
  const words = differing.map((one) => `${one.key}: ${inWords(one.spent)}, receipts ${inWords(one.receipts)}`);
  const detail = `The receipts of a line make up what was spent on it; they do not (${words.join('; ')}).`;
  return refuse('unprocessable', 'PROOF_TOTALS_DIFFER', detail, { lines: differing });
}

/** What the log keeps of the receipts. */
export function receiptSums({ receipts, digest, otherIncome }: Given): Submission['receipts'] {
  const days = receipts.map(({ paidOn }) => paidOn).sort();
  const [from, to] = [days[0], days.at(-1)];
  return {
    count: receipts.length,
    total: sum(
      receipts.map(({ amount }) => amount),
      otherIncome.currency,
    ),
    ...(from !== undefined && to !== undefined && { from, to }),
    digest,
  };
}
