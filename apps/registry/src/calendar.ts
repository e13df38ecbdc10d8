/** Days as ISO 8601 texts (`2026-03-01`), which compare as text in the order of time. Pure: no clock, no zone. */

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function parseDay(text: string): { year: number; month: number; day: number } | undefined {
  const [, year, month, day] = (DAY.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return undefined;
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

/** Throws on what is no day. */
export function dayBefore(text: string): string {
  const { year, month, day } = parseDay(text) ?? noDay(text);
  if (day > 1) return formatDay(year, month, day - 1);
  return month > 1 ? formatDay(year, month - 1, daysInMonth(year, month - 1)) : formatDay(year - 1, 12, 31);
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
