import { type Refusal, refuse } from '@alliance/event-sourcing';
import type { CallFacts } from '../call/call.events';
import { atMost, type Currency, inWords, sum } from '../money';
import type { Application } from './application.events';
import { haveDayInCommon } from './double-funding';

type Lines = Application['lines'];

/** What is wrong with an application in itself, whoever applies and whenever; the first kind of fault, with all its places. */
export function applicationFault(application: Application, call: CallFacts, currency: Currency): Refusal | undefined {
  const { lines } = application;
  return (
    currencyFault(application, currency) ??
    datesFault(application) ??
    unknownLines(lines, call) ??
    repeatedLines(lines) ??
    requestedOverTotal(lines) ??
    nothingRequested(lines, currency)
  );
}

/** Sum of what the lines ask of the fund. */
export function requestedIn(lines: Lines, currency: Currency) {
  return sum(
    lines.map(({ requested }) => requested),
    currency,
  );
}

function currencyFault({ lines, otherIncome }: Application, expected: Currency): Refusal | undefined {
  const amounts = [
    ...lines.flatMap(({ total, requested }) => [total, requested]),
    ...otherIncome.map((one) => one.amount),
  ];
  const other = amounts.find(({ currency }) => currency !== expected);
  if (other === undefined) return undefined;
  const detail = `All amounts of a grant are in the currency of its pot, ${expected}.`;
  return refuse('unprocessable', 'MONEY_CURRENCY_DIFFERS', detail, { expected, given: other.currency });
}

function datesFault({ projectFrom, projectTo, lines }: Application): Refusal | undefined {
  if (projectTo < projectFrom) return outOfOrder('projectTo', projectFrom, projectTo);
  const [reversed] = placesOf(lines, ({ from, to }) => to < from);
  if (reversed !== undefined) return outOfOrder(`${reversed.field}.to`, reversed.line.from, reversed.line.to);
  const outside = placesOf(lines, ({ from, to }) => from < projectFrom || to > projectTo);
  if (outside.length === 0) return undefined;
  const fields = outside.map(({ field }) => field);
  const detail = `The lines of the plan lie within the project, ${projectFrom} to ${projectTo}; ${fields.join(', ')} do not.`;
  return refuse('unprocessable', 'GRANT_LINE_OUTSIDE_PROJECT', detail, { fields, projectFrom, projectTo });
}

function outOfOrder(field: string, from: string, to: string): Refusal {
  const detail = `A period ends on the day it begins on or later; ${field} is ${to}, before ${from}.`;
  return refuse('unprocessable', 'DATES_OUT_OF_ORDER', detail, { field, from, to });
}

function unknownLines(lines: Lines, { costLines }: CallFacts): Refusal | undefined {
  const fields = placesOf(lines, ({ key }) => !costLines.includes(key)).map(({ field }) => `${field}.key`);
  if (fields.length === 0) return undefined;
  const detail = `The call has the cost lines ${costLines.join(', ')}; ${fields.join(', ')} name others.`;
  return refuse('unprocessable', 'GRANT_LINE_UNKNOWN', detail, { fields, costLines });
}

function repeatedLines(lines: Lines): Refusal | undefined {
  const repeated = placesOf(lines, (line, index) =>
    lines.slice(0, index).some((before) => before.key === line.key && haveDayInCommon(before, line)),
  );
  if (repeated.length === 0) return undefined;
  const fields = repeated.map(({ field }) => field);
  const detail = `Of each key the plan has one line for a period; ${fields.join(', ')} share days with a line before. Add them up.`;
  return refuse('unprocessable', 'GRANT_LINE_REPEATED', detail, { fields });
}

function requestedOverTotal(lines: Lines): Refusal | undefined {
  const over = placesOf(lines, ({ requested, total }) => !atMost(requested, total));
  const [first] = over;
  if (first === undefined) return undefined;
  const { field, line } = first;
  const detail = `Of a line no more is asked of the fund than it costs; ${field} costs ${inWords(line.total)} and asks for ${inWords(line.requested)}.`;
  const fields = over.map((one) => `${one.field}.requested`);
  return refuse('unprocessable', 'GRANT_LINE_REQUESTED_OVER_TOTAL', detail, { fields });
}

function nothingRequested(lines: Lines, currency: Currency): Refusal | undefined {
  if (requestedIn(lines, currency).cents > 0) return undefined;
  return refuse('unprocessable', 'GRANT_NOTHING_REQUESTED', 'Some line has to ask for something of the fund.');
}

function placesOf(lines: Lines, isWrong: (line: Lines[number], index: number) => boolean) {
  return lines.flatMap((line, index) => (isWrong(line, index) ? [{ field: `lines[${index}]`, line }] : []));
}
