import type { WeekRun } from './event-fields';
import { byWeek, type MinutesByWeek } from './weekly-minutes';

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

/** By week, what both sides say the same of, as long as the week is allocated. */
export function deliveredByWeek(reports: readonly WeekReport[], weeks: readonly WeekRun[]): MinutesByWeek {
  const allocated = byWeek(weeks);
  const agreed = reports.filter((one) => allocated.has(one.week) && one.helping === one.supporting);
  return new Map(agreed.map(({ week, helping }) => [week, helping ?? 0]));
}

/** Whether the sides say different things of a week that is allocated. */
export function hasDispute(reports: readonly WeekReport[], weeks: readonly WeekRun[]): boolean {
  const allocated = byWeek(weeks);
  return reports.some((one) => allocated.has(one.week) && isDisputed(one));
}
