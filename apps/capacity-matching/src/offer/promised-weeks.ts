import { byWeek, type MinutesByWeek, runsOf } from '../weekly-minutes';
import type { WeekRun } from '../event-fields';

/** The weeks of an offer that were over when it last changed, with what it promised of each when that week ended. */
export interface PastWeeks {
  /** The first week that is not among them. */
  readonly before: string;
  readonly weeks: readonly WeekRun[];
}

/** What has become past when an offer that promises this changes in that week. */
export function pastUpTo(past: PastWeeks, promise: MinutesByWeek, week: string): PastWeeks {
  if (week <= past.before) return past;
  const ended = [...promise].filter(([one]) => past.before <= one && one < week);
  return { before: week, weeks: [...past.weeks, ...runsOf(new Map(ended))] };
}

/** By week: what was promised when the week ended, or is promised now where nothing has changed since. */
export function promisedByWeek(past: PastWeeks, promise: MinutesByWeek): MinutesByWeek {
  return new Map([...byWeek(past.weeks), ...[...promise].filter(([week]) => week >= past.before)]);
}
