/** Days as ISO 8601 texts (`2026-03-01`), which compare as text in the order of time. Pure: no clock, no zone. */

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function parseDay(text: string): { year: number; month: number; day: number } | undefined {
  if (!DAY.test(text)) return undefined;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
    ? { year, month, day }
    : undefined;
}

function formatDay(year: number, month: number, day: number): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Whether the text names a day that exists: `2024-02-29` does, `2023-02-29` does not. */
export function isDay(text: string): boolean {
  return parseDay(text) !== undefined;
}

/**
 * Days since 1970-01-01. The year is taken to begin in March, so that a leap day is its last: 153 days are five months
 * of 31 and 30 in turn, 146,097 days are 400 years.
 */
function dayNumber(text: string): number {
  const { year: calendarYear, month, day } = parseDay(text) ?? noDay(text);
  const year = month > 2 ? calendarYear : calendarYear - 1;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return 365 * year + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400) + dayOfYear - 719_468;
}

function dayOfNumber(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const leapDays = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = ((monthFromMarch + 2) % 12) + 1;
  return formatDay(
    era * 400 + yearOfEra + (month > 2 ? 0 : 1),
    month,
    dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  );
}

/** So many days later, or earlier. Throws on what is no day. */
export function addDays(day: string, days: number): string {
  return dayOfNumber(dayNumber(day) + days);
}

/** Throws on what is no day. */
export function dayBefore(day: string): string {
  return addDays(day, -1);
}

/** How many days the second day comes after the first; negative when before. Throws on what is no day. */
export function daysBetween(first: string, second: string): number {
  return dayNumber(second) - dayNumber(first);
}

/** The day, in UTC, of a moment in ISO 8601. */
export function dayOf(moment: string): string {
  return moment.slice(0, 10);
}

/** Whether the text names a day that exists and is, at that moment in ISO 8601, not one to come. */
export function isDayUpTo(text: string, moment: string): boolean {
  return isDay(text) && text <= dayOf(moment);
}

/**
 * The same day of the month so many months later, or the last day of that month where it is shorter
 * (2024-01-31 and one month: 2024-02-29), as § 188 (3) BGB has it. Throws on what is no day.
 */
export function addMonths(day: string, months: number): string {
  const start = parseDay(day) ?? noDay(day);
  const monthsSinceZero = start.year * 12 + (start.month - 1) + months;
  const year = Math.floor(monthsSinceZero / 12);
  const month = (((monthsSinceZero % 12) + 12) % 12) + 1;
  return formatDay(year, month, Math.min(start.day, daysInMonth(year, month)));
}

function noDay(text: string): never {
  throw new Error(`"${text}" is no day.`);
}
