import type { Application } from './application.events';
import type { Finding } from './finding';

/** A line of a grant that money is asked for, and where that grant stands. */
export type FundedLine = Finding['doubleFunding'][number];

/** As many as a human reads, and as an event holds. */
const MOST_SHOWN = 100;

/**
 * Which lines of other grants pay for the same: the same key of the call's vocabulary, with a day in common. Of one key
 * a recipient may have two lines for different periods. What the fund is not asked for is not paid twice. It is shown to
 * a human as evidence and judged by nobody else: the same words may stand for different things.
 *
 * `others` are lines of the same recipient, or of one that is merged with it, in other grants than this one.
 */
export function doubleFunding(lines: Application['lines'], others: readonly FundedLine[]): readonly FundedLine[] {
  const asked = lines.filter(({ requested }) => requested.cents > 0);
  return others
    .filter((other) => asked.some((line) => line.key === other.lineKey && haveDayInCommon(line, other)))
    .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
    .slice(0, MOST_SHOWN);
}

interface Period {
  readonly from: string;
  readonly to: string;
}

/** First and last day belong to a period. */
export function haveDayInCommon(a: Period, b: Period): boolean {
  return a.from <= b.to && b.from <= a.to;
}

/** Those which nobody has given a reason for yet. Where the other grant stands meanwhile makes no other evidence of it. */
export function unexplained(found: readonly FundedLine[], explained: readonly FundedLine[]): readonly FundedLine[] {
  const known = new Set(explained.map(identityOf));
  return found.filter((one) => !known.has(identityOf(one)));
}

function placeOf({ from, lineKey, grantId, to }: FundedLine): string {
  return `${from} ${lineKey} ${grantId} ${to}`;
}

function identityOf(line: FundedLine): string {
  return `${placeOf(line)} ${line.requested.cents}`;
}
