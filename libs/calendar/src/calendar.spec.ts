import fc from 'fast-check';
import { addDays, addMonths, dayBefore, dayOf, daysBetween, isDay } from './calendar';

const aDay = fc
  .date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('2199-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const utc = (day: string) => new Date(`${day}T00:00:00Z`);

describe('the calendar', () => {
  it('knows exactly the days that exist', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2500 }), fc.nat(13), fc.nat(32), (year, month, day) => {
        const text = [String(year).padStart(4, '0'), ...[month, day].map((n) => String(n).padStart(2, '0'))].join('-');
        const date = utc(text);
        const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
        expect(isDay(text)).toBe(exists);
      }),
    );
    expect(isDay('2023-02-29')).toBe(false);
    expect(isDay('2024-02-29')).toBe(true);
    expect(isDay('1900-02-29')).toBe(false);
    expect(isDay('2024-2-9')).toBe(false);
    expect(isDay('0000-01-01')).toBe(false);
  });

  it('lands in the month that is so many months later, on the same day or on the last one of that month', () => {
    fc.assert(
      fc.property(aDay, fc.integer({ min: -600, max: 600 }), (day, months) => {
        const [from, to] = [utc(day), utc(addMonths(day, months))];
        expect(to.getUTCFullYear() * 12 + to.getUTCMonth()).toBe(
          from.getUTCFullYear() * 12 + from.getUTCMonth() + months,
        );
        const lastOfMonth = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
        expect(to.getUTCDate()).toBe(Math.min(from.getUTCDate(), lastOfMonth));
      }),
    );
  });

  it('keeps the order of days when months are added', () => {
    fc.assert(
      fc.property(aDay, aDay, fc.nat(600), (a, b, months) => {
        const [earlier, later] = a <= b ? [a, b] : [b, a];
        expect(addMonths(earlier, months) <= addMonths(later, months)).toBe(true);
      }),
    );
  });

  it('takes twelve months as one year, also over a leap day', () => {
    expect(addMonths('2024-02-29', 12)).toBe('2025-02-28');
    expect(addMonths('2023-02-28', 12)).toBe('2024-02-28');
    expect(addMonths('2024-01-31', 1)).toBe('2024-02-29');
    expect(addMonths('2024-12-31', 2)).toBe('2025-02-28');
    expect(dayOf('2026-03-01T23:59:59.999Z')).toBe('2026-03-01');
  });

  it('knows the day before, over the ends of months and years', () => {
    fc.assert(
      fc.property(aDay, (day) => {
        expect(utc(day).getTime() - utc(dayBefore(day)).getTime()).toBe(24 * 60 * 60 * 1000);
      }),
    );
    expect(dayBefore('2024-03-01')).toBe('2024-02-29');
    expect(dayBefore('2023-01-01')).toBe('2022-12-31');
  });

  it('counts days as the world does', () => {
    fc.assert(
      fc.property(aDay, fc.integer({ min: -50_000, max: 50_000 }), (day, days) => {
        const later = addDays(day, days);
        expect(later).toBe(new Date(utc(day).getTime() + days * 86_400_000).toISOString().slice(0, 10));
        expect(daysBetween(day, later)).toBe(days);
      }),
    );
    expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
  });

  it('does not count on from what is no day', () => {
    expect(() => addDays('2023-02-29', 1)).toThrow('no day');
    expect(() => addMonths('2023-02-29', 1)).toThrow('no day');
    expect(() => dayBefore('2023-02-29')).toThrow('no day');
  });
});
