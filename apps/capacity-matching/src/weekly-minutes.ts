import { addDays, mondayOf, weekAfter, weekOf, weeksFrom } from '@alliance/calendar';
import { type Weekday, weekdays as allWeekdays, type WeekRun } from './event-fields';

/** When, from a day to a day, both included, and how many minutes in a whole week. */
export interface WeeklyWindow {
  readonly from: string;
  readonly until: string;
  readonly minutesPerWeek: number;
  /** Only on these days; on any when absent. */
  readonly weekdays?: readonly Weekday[];
}

/** By week; a week that is absent has none. */
export type MinutesByWeek = ReadonlyMap<string, number>;

/** The minutes of each week of the window: of each what `minutesInWeek` gives. */
export function minutesByWeek(window: WeeklyWindow): MinutesByWeek {
  const weeks = weeksFrom(weekOf(window.from), weekOf(window.until));
  // Only the first week and the last one can be covered in part.
  const found = weeks.map((week, at) => {
    const isWhole = at > 0 && at < weeks.length - 1;
    return [week, isWhole ? window.minutesPerWeek : minutesInWeek(window, daysOf(week))] as const;
  });
  return new Map(found.filter(([, minutes]) => minutes > 0));
}

/** The seven days of a week, from Monday on. */
export function daysOf(week: string): readonly string[] {
  const monday = mondayOf(week);
  return allWeekdays.map((_, at) => addDays(monday, at));
}

/**
 * The minutes of the week that has these days. Of a week that the window covers in part only, the share of its days (of
 * those that count), rounded down: a week of 600 minutes that begins on Thursday has 342.
 */
export function minutesInWeek(
  { from, until, minutesPerWeek, weekdays = allWeekdays }: WeeklyWindow,
  days: readonly string[],
): number {
  const [monday, sunday] = [days[0] as string, days[6] as string];
  if (from <= monday && sunday <= until) return minutesPerWeek;
  if (sunday < from || until < monday) return 0;
  const covered = weekdays.filter((weekday) => {
    const on = days[allWeekdays.indexOf(weekday)] as string;
    return from <= on && on <= until;
  }).length;
  return Math.floor((minutesPerWeek * covered) / weekdays.length);
}

/** As runs of weeks with equal minutes, in the order of time: the shortest way to write it. */
export function runsOf(minutes: MinutesByWeek): WeekRun[] {
  const runs: WeekRun[] = [];
  for (const [week, amount] of [...minutes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (amount === 0) continue;
    const last = runs.at(-1);
    if (last?.minutes === amount && weekAfter(last.to) === week) last.to = week;
    else runs.push({ from: week, to: week, minutes: amount });
  }
  return runs;
}

/** The same of weeks that follow one another without gaps, by the minutes of each. */
export function runsIn(weeks: readonly string[], minutesAt: (index: number) => number): WeekRun[] {
  const runs: WeekRun[] = [];
  let before = 0;
  weeks.forEach((week, at) => {
    const minutes = minutesAt(at);
    const last = runs.at(-1);
    if (minutes > 0 && minutes === before && last !== undefined) last.to = week;
    else if (minutes > 0) runs.push({ from: week, to: week, minutes });
    before = minutes;
  });
  return runs;
}

/** What runs say of each week. Runs that overlap add up. */
export function byWeek(runs: readonly WeekRun[]): MinutesByWeek {
  const found = new Map<string, number>();
  for (const { from, to, minutes } of runs) {
    for (const week of weeksFrom(from, to)) found.set(week, (found.get(week) ?? 0) + minutes);
  }
  return found;
}

/** What of these weeks lies before that one. */
export function weeksBefore(weeks: readonly WeekRun[], fromWeek: string): WeekRun[] {
  return runsOf(new Map([...byWeek(weeks)].filter(([week]) => week < fromWeek)));
}

/** All minutes of all weeks. */
export function totalMinutes(minutes: MinutesByWeek): number {
  return [...minutes.values()].reduce((sum, one) => sum + one, 0);
}
