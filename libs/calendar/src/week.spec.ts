import fc from 'fast-check';
import { addDays } from './calendar';
import { addWeeks, berlinDayOf, isWeek, mondayOf, weekOf, weeksBetween, weeksFrom } from './week';

const aDay = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2200-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

describe('Calendar weeks', () => {
  it('belong to the year that their Thursday belongs to', () => {
    expect(weekOf('2026-01-01')).toBe('2026-W01');
    expect(weekOf('2027-01-01')).toBe('2026-W53');
    expect(weekOf('2024-12-30')).toBe('2025-W01');
    expect(weekOf('2022-01-02')).toBe('2021-W52');
    expect(mondayOf('2026-W15')).toBe('2026-04-06');
  });

  it('exist or not: not every year has 53 of them', () => {
    expect(['2026-W53', '2020-W53', '2026-W01'].every(isWeek)).toBe(true);
    expect(['2025-W53', '2026-W00', '2026-W54', '2026-W1', '2026-15', ''].some(isWeek)).toBe(false);
    expect(() => mondayOf('2025-W53')).toThrow('no week');
    expect(() => mondayOf('next week')).toThrow('no week');
  });

  it('are seven days each, from Monday to Sunday, without gap or overlap', () => {
    fc.assert(
      fc.property(aDay, (day) => {
        const monday = mondayOf(weekOf(day));
        expect(new Date(monday).getUTCDay()).toBe(1);
        expect(monday <= day && day <= addDays(monday, 6)).toBe(true);
        expect(weekOf(addDays(monday, 6))).toBe(weekOf(day));
        expect(weekOf(addDays(monday, 7)) > weekOf(day)).toBe(true);
        expect(isWeek(weekOf(day))).toBe(true);
      }),
    );
  });

  it('are counted over the ends of years', () => {
    expect(weeksFrom('2026-W52', '2027-W01')).toEqual(['2026-W52', '2026-W53', '2027-W01']);
    expect(weeksFrom('2027-W01', '2026-W53')).toEqual([]);
    fc.assert(
      fc.property(aDay, fc.integer({ min: -300, max: 300 }), (day, weeks) => {
        const week = weekOf(day);
        expect(weeksBetween(week, addWeeks(week, weeks))).toBe(weeks);
      }),
    );
  });

  it('begin at midnight in Berlin, in winter as in summer', () => {
    expect(berlinDayOf('2026-01-04T22:59:59Z')).toBe('2026-01-04');
    expect(berlinDayOf('2026-01-04T23:00:00Z')).toBe('2026-01-05');
    expect(berlinDayOf('2026-03-29T21:59:59Z')).toBe('2026-03-29');
    expect(berlinDayOf('2026-03-29T22:00:00Z')).toBe('2026-03-30');
    expect(berlinDayOf('2026-10-25T22:59:59.999Z')).toBe('2026-10-25');
    expect(berlinDayOf('2026-10-25T23:00:00Z')).toBe('2026-10-26');
    expect(weekOf(berlinDayOf('2026-07-05T22:30:00Z'))).toBe('2026-W28');
  });
});
