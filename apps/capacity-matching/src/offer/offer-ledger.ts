import type { WeekRun } from '../event-fields';
import { byWeek, minutesByWeek, type MinutesByWeek } from '../weekly-minutes';
import type { OfferFacts } from './offer.events';

/** Minutes that an allocation has taken, or once had. */
export interface Hold {
  readonly needId: string;
  /** `declined` and `released` have taken nothing; what of a released one lies before its release stays. */
  readonly status: 'held' | 'confirmed' | 'released' | 'declined';
  /** What it takes at present. */
  readonly weeks: readonly WeekRun[];
  readonly expiresAt: string;
  /** Why it was declined. */
  readonly declinedFor?: string;
}

/** By allocation. */
export type Holds = ReadonlyMap<string, Hold>;

/** What a week lacks of what was wanted of it. */
export interface ShortWeek {
  readonly week: string;
  readonly wanted: number;
  readonly free: number;
}

/** By week, what all holds together take. */
export function takenByWeek(holds: Holds): MinutesByWeek {
  return byWeek([...holds.values()].flatMap(({ weeks }) => weeks));
}

/** By week, what is offered and not taken; weeks in which nothing is free are absent. */
export function freeByWeek(facts: OfferFacts, holds: Holds): MinutesByWeek {
  const taken = takenByWeek(holds);
  const free = [...minutesByWeek(facts)].map(([week, minutes]) => [week, minutes - (taken.get(week) ?? 0)] as const);
  return new Map(free.filter(([, minutes]) => minutes > 0));
}

/** The weeks of which more is wanted than there is, in the order of time. */
export function shortWeeks(wanted: MinutesByWeek, available: MinutesByWeek): readonly ShortWeek[] {
  return [...wanted]
    .map(([week, minutes]) => ({ week, wanted: minutes, free: available.get(week) ?? 0 }))
    .filter(({ wanted: minutes, free }) => minutes > free)
    .sort((a, b) => (a.week < b.week ? -1 : 1));
}

/**
 * Whether less of a week is wanted than the least that the offer gives to one need. A week that the offer itself covers
 * in part only asks for no more than it has.
 */
export function isBelowBlock(facts: OfferFacts, wanted: MinutesByWeek): boolean {
  const { minimumBlockMinutes = 0 } = facts;
  const offered = minutesByWeek(facts);
  return [...wanted].some(([week, minutes]) => minutes < Math.min(minimumBlockMinutes, offered.get(week) ?? 0));
}
