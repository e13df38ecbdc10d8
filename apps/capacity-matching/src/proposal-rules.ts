import { type Refusal, refuse } from '@alliance/event-sourcing';
import type { WeekRun } from './event-fields';
import { hardRuleFaults, type Needed, type Offered, sharedWeeks } from './feasibility';
import { shortWeeks } from './offer/offer-ledger';
import { byWeek, minutesByWeek, type MinutesByWeek } from './weekly-minutes';

/** What is under way for a need already: by offer, the weeks that are proposed or have started. */
export type UnderWay = readonly { readonly offerId: string; readonly weeks: readonly WeekRun[] }[];

/** Minutes of an offer for a need. */
export interface WantedProposal {
  readonly offerId: string;
  readonly offered: Offered;
  readonly needed: Needed;
  readonly underWay: UnderWay;
  readonly weeks: readonly WeekRun[];
}

/**
 * Why these weeks of the offer may not be proposed for the need today, in Berlin: a hard rule, more minutes than the need
 * still lacks in a week that both share, or more supporters in a week than its organisation can look after. Whether the
 * offer has the minutes, its own stream decides.
 */
export function refusedProposal(
  { offerId, offered, needed, underWay, weeks }: WantedProposal,
  today: string,
): Refusal | undefined {
  const faults = hardRuleFaults(offered, needed, today);
  const shared = sharedWeeks(offered, needed, today);
  if (faults.length > 0 || shared === undefined) {
    const rules = faults.map(({ rule }) => rule).join(', ');
    const detail = `The offer and the need do not meet these rules together: ${rules}.`;
    return refuse('unprocessable', 'HARD_RULES_NOT_MET', detail, { faults });
  }
  const wanted = byWeek(weeks);
  const { mostSupporters = Infinity } = needed.facts;
  const full = [...wanted.keys()].find((week) => supportersIn(week, offerId, underWay) >= mostSupporters);
  if (full !== undefined) {
    const detail = `The organisation in need can look after ${mostSupporters} supporting offers at once, and has as many in ${full}.`;
    return refuse('conflict', 'MOST_SUPPORTERS_REACHED', detail, { mostSupporters, week: full });
  }
  const isShared = (week: string) => shared.from <= week && week <= shared.to;
  const lacking = lackingByWeek(new Map([...minutesByWeek(needed.facts)].filter(([week]) => isShared(week))), underWay);
  const tooMuch = shortWeeks(wanted, lacking).map(({ week, wanted, free }) => ({ week, wanted, lacking: free }));
  if (tooMuch.length === 0) return undefined;
  const detail = `The need does not lack as much in ${tooMuch.map(({ week }) => week).join(', ')}.`;
  return refuse('conflict', 'MORE_THAN_NEEDED', detail, { weeks: tooMuch });
}

/** How many other offers bring something to the need in the week. */
function supportersIn(week: string, offerId: string, underWay: UnderWay): number {
  const others = underWay.filter((one) => one.offerId !== offerId && byWeek(one.weeks).has(week));
  return new Set(others.map((one) => one.offerId)).size;
}

function lackingByWeek(needed: MinutesByWeek, underWay: UnderWay): MinutesByWeek {
  const served = byWeek(underWay.flatMap(({ weeks }) => weeks));
  return new Map([...needed].map(([week, minutes]) => [week, Math.max(0, minutes - (served.get(week) ?? 0))]));
}
