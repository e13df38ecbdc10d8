import type { WeekRun } from './event-fields';
import { byWeek } from './weekly-minutes';

/** What the sides say was worked in a week, in minutes; absent as long as a side has said nothing. */
export interface WeekReport {
  readonly week: string;
  readonly helping?: number;
  readonly supporting?: number;
}

interface Word {
  readonly side: 'helping' | 'supporting';
  readonly week: string;
  readonly minutes: number;
}

/** With the word of a side, which replaces its earlier one. */
export function withWord(reports: readonly WeekReport[], { side, week, minutes }: Word): readonly WeekReport[] {
  const before = reports.find((one) => one.week === week);
  const others = reports.filter((one) => one.week !== week);
  return [...others, { ...before, week, [side]: minutes }].sort((a, b) => (a.week < b.week ? -1 : 1));
}

/** Both sides have said something, and not the same. */
export function isDisputed({ helping, supporting }: WeekReport): boolean {
  return helping !== undefined && supporting !== undefined && helping !== supporting;
}

/** What the words of the sides amount to; those of weeks that are no longer allocated count for nothing. */
export function deliveryOf(reports: readonly WeekReport[], weeks: readonly WeekRun[]) {
  const allocated = byWeek(weeks);
  const counted = reports.filter(({ week }) => allocated.has(week));
  return {
    delivered_minutes: counted.reduce(
      (sum, { helping, supporting }) => sum + (helping === supporting ? (helping ?? 0) : 0),
      0,
    ),
    is_disputed: counted.some(isDisputed),
  };
}
