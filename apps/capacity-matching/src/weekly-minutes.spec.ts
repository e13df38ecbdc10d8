import { addDays, daysBetween, weekOf, weeksFrom } from '@alliance/calendar';
import fc from 'fast-check';
import { weekdays } from './event-fields';
import { byWeek, minutesByWeek, runsOf, totalMinutes } from './weekly-minutes';

const aWindow = fc.record({
  from: fc.integer({ min: 0, max: 1000 }).map((days) => addDays('2026-01-01', days)),
  length: fc.integer({ min: 0, max: 300 }),
  minutesPerWeek: fc.integer({ min: 1, max: 20_000 }),
  weekdays: fc.option(fc.subarray([...weekdays], { minLength: 1 }), { nil: undefined }),
});

describe('The minutes of the weeks of a window', () => {
  it('are all of them in whole weeks, and the share of the days in those that are covered in part', () => {
    const window = { from: '2026-04-09', until: '2026-04-20', minutesPerWeek: 600 };
    expect([...minutesByWeek(window)]).toEqual([
      ['2026-W15', 342],
      ['2026-W16', 600],
      ['2026-W17', 85],
    ]);
  });

  it('share by the days that count', () => {
    const window = { from: '2026-04-09', until: '2026-04-12', minutesPerWeek: 600, weekdays: ['mon', 'thu'] } as const;
    expect([...minutesByWeek(window)]).toEqual([['2026-W15', 300]]);
    expect([...minutesByWeek({ ...window, weekdays: ['mon'] })]).toEqual([]);
  });

  it('are never more than what the covered days are worth, and lack less than a minute a week of it', () => {
    fc.assert(
      fc.property(aWindow, ({ length, ...window }) => {
        const until = addDays(window.from, length);
        const minutes = minutesByWeek({ ...window, until });
        const days = Array.from({ length: length + 1 }, (_, at) => addDays(window.from, at));
        const counted = window.weekdays ?? weekdays;
        const covered = days.filter((on) => counted.includes(weekdays[(daysBetween('1970-01-05', on) % 7) as 0]));
        const exact = (window.minutesPerWeek * covered.length) / counted.length;
        const weeks = weeksFrom(weekOf(window.from), weekOf(until)).length;
        expect(totalMinutes(minutes)).toBeLessThanOrEqual(exact + 1e-6);
        expect(totalMinutes(minutes)).toBeGreaterThan(exact - weeks - 1e-6);
      }),
    );
  });

  it('are written as runs and read again without loss', () => {
    fc.assert(
      fc.property(aWindow, ({ length, ...window }) => {
        const minutes = minutesByWeek({ ...window, until: addDays(window.from, length) });
        const runs = runsOf(minutes);
        expect(byWeek(runs)).toEqual(minutes);
        expect(runs.length).toBeLessThanOrEqual(3);
      }),
    );
  });
});
