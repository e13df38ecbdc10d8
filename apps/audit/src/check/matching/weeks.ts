import { addDays, mondayOf, weeksFrom } from '@alliance/calendar';
import type { AllocationEvent, OfferFacts } from '@alliance/capacity-matching/events';

type Window = Pick<OfferFacts, 'from' | 'until' | 'minutesPerWeek' | 'weekdays'>;
export type Weeks = Extract<AllocationEvent, { type: 'AllocationProposed' }>['data']['weeks'];

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** The minutes of a week: of one that is covered in part, the share of its days that count, rounded down. */
export function minutesIn(window: Window, week: string): number {
  const { from, until, minutesPerWeek, weekdays: wanted = weekdays } = window;
  const days = wanted.map((weekday) => addDays(mondayOf(week), weekdays.indexOf(weekday)));
  const covered = days.filter((day) => from <= day && day <= until);
  return Math.floor((minutesPerWeek * covered.length) / days.length);
}

/** Minutes by week; runs that overlap add up. */
export function minutesBy(weeks: Weeks): Map<string, number> {
  const found = new Map<string, number>();
  for (const { from, to, minutes } of weeks) {
    for (const week of weeksFrom(from, to)) found.set(week, (found.get(week) ?? 0) + minutes);
  }
  return found;
}

/** What is left of it by a release: the weeks before that one, nothing without one. */
export function leftBefore(minutes: ReadonlyMap<string, number>, fromWeek: string | undefined): Map<string, number> {
  return new Map(fromWeek === undefined ? [] : [...minutes].filter(([week]) => week < fromWeek));
}
