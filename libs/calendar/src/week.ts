import { addDays, daysBetween, isDay } from './calendar';

/** Calendar weeks by ISO 8601 (`2026-W15`), Monday to Sunday, which compare as text in the order of time. */

const WEEK = /^(\d{4})-W(\d{2})$/;
/** 1970-01-01 was a Thursday, and a week is of the year that its Thursday is of. */
const A_THURSDAY = '1970-01-01';

/** Whether the text names a week that exists: `2026-W53` does, `2025-W53` does not. */
export function isWeek(text: string): boolean {
  const [, year, week] = WEEK.exec(text) ?? [];
  return (
    week !== undefined && week >= '01' && week <= '53' && year !== '0000' && weekOf(firstThursdayPlus(text)) === text
  );
}

/** The week that a day is in. Throws on what is no day. */
export function weekOf(day: string): string {
  const thursday = addDays(mondayUpTo(day), 3);
  const year = thursday.slice(0, 4);
  const week = Math.floor(daysBetween(`${year}-01-01`, thursday) / 7) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}

/** The first day of a week. Throws on what is no week. */
export function mondayOf(week: string): string {
  if (!isWeek(week)) throw new Error(`"${week}" is no week.`);
  return addDays(firstThursdayPlus(week), -3);
}

/** So many weeks later, or earlier. Throws on what is no week. */
export function addWeeks(week: string, weeks: number): string {
  return weekOf(addDays(mondayOf(week), 7 * weeks));
}

/** How many weeks the second comes after the first; negative when before. Throws on what is no week. */
export function weeksBetween(first: string, second: string): number {
  return daysBetween(mondayOf(first), mondayOf(second)) / 7;
}

/** The weeks from one to another, both included; none when the other comes before. Throws on what is no week. */
export function weeksFrom(first: string, last: string): readonly string[] {
  if (!isWeek(last)) throw new Error(`"${last}" is no week.`);
  const weeks: string[] = [];
  for (let week = addWeeks(first, 0); week <= last; week = weekAfter(week)) weeks.push(week);
  return weeks;
}

/** The next week, of one that exists: nothing is checked. */
export function weekAfter(week: string): string {
  const number = Number(week.slice(6));
  return number < 52 ? `${week.slice(0, 6)}${String(number + 1).padStart(2, '0')}` : addWeeks(week, 1);
}

const berlin = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Berlin',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The day, in Berlin, of a moment in ISO 8601: `2026-03-29T22:30:00Z` is the 30th there, since summer time has begun. */
export function berlinDayOf(moment: string): string {
  return berlin.format(Date.parse(moment));
}

/** The Thursday of the week of that number, were there so many weeks in its year. */
function firstThursdayPlus(week: string): string {
  const [, year = '', number = ''] = WEEK.exec(week) ?? [];
  const fourth = `${year}-01-04`;
  if (!isDay(fourth)) throw new Error(`"${week}" is no week.`);
  return addDays(mondayUpTo(fourth), 3 + 7 * (Number(number) - 1));
}

function mondayUpTo(day: string): string {
  const sinceMonday = (((daysBetween(A_THURSDAY, day) + 3) % 7) + 7) % 7;
  return addDays(day, -sinceMonday);
}
