import { addDays, addWeeks, mondayOf, weekAfter, weekOf } from '@alliance/calendar';
import { weekdays as allWeekdays } from './event-fields';
import type { WeeklyWindow } from './weekly-minutes';

/** On which days of each week something is open; days of a week are bits, Monday being the lowest. */
export interface DaysByWeek {
  readonly first: string;
  readonly last: string;
  readonly inFirst: number;
  readonly inLast: number;
  /** In each week between. */
  readonly between: number;
}

/** Of a window, which may be empty. */
export function daysByWeek({ from, until, weekdays = allWeekdays }: Omit<WeeklyWindow, 'minutesPerWeek'>): DaysByWeek {
  const [first, last] = [weekOf(from), weekOf(until)];
  const daysIn = (week: string) => {
    const monday = mondayOf(week);
    return weekdays.reduce((days, weekday) => {
      const at = allWeekdays.indexOf(weekday);
      const day = addDays(monday, at);
      return from <= day && day <= until ? days | (1 << at) : days;
    }, 0);
  };
  const between = weekdays.reduce((days, weekday) => days | (1 << allWeekdays.indexOf(weekday)), 0);
  return { first, last, inFirst: daysIn(first), inLast: daysIn(last), between };
}

/**
 * The weeks that both have, from the first to the last of those in which all days of one of them are days of the other.
 * Only at the ends of what both have can that be otherwise, where the one's weekdays are among the other's.
 */
export function sharedRun(
  one: DaysByWeek,
  other: DaysByWeek,
): { readonly from: string; readonly to: string } | undefined {
  const first = one.first > other.first ? one.first : other.first;
  const last = one.last < other.last ? one.last : other.last;
  const isShared = (week: string) => isWithin(daysIn(one, week), daysIn(other, week));
  const from = isShared(first) ? first : weekAfter(first);
  const to = isShared(last) ? last : addWeeks(last, -1);
  return from <= to ? { from, to } : undefined;
}

function daysIn({ first, last, inFirst, inLast, between }: DaysByWeek, week: string): number {
  if (week === first) return inFirst;
  return week === last ? inLast : between;
}

function isWithin(days: number, others: number): boolean {
  const both = days & others;
  return both !== 0 && (both === days || both === others);
}
