import fc from 'fast-check';
import { inForce, readRules } from './rule-in-force';

describe('a rule with a day from which it holds', () => {
  it('is read in the order of time, whatever the order it is written in', () => {
    expect(readRules('2027-01-01=7, 2022-01-01=5')).toEqual([
      { validFrom: '2022-01-01', value: 5 },
      { validFrom: '2027-01-01', value: 7 },
    ]);
  });

  it.each([
    '',
    '5',
    '2022-01-01',
    '2022-01-01=',
    '2022-01-01=-1',
    '2022-13-01=5',
    '2022-01-01=5,',
    '2022-01-01=5 years',
  ])('is not "%s"', (text) => expect(readRules(text)).toBeUndefined());

  it('begins once on a day, and the first one holds from the beginning of the alliance on', () => {
    expect(readRules('2022-01-01=5,2022-01-01=6')).toBeUndefined();
    expect(readRules('2022-01-02=5')).toBeUndefined();
    expect(readRules('2021-07-01=5')).toEqual([{ validFrom: '2021-07-01', value: 5 }]);
  });

  it('holds from its day on, and until the next one does', () => {
    const rules = readRules('2022-01-01=5,2027-01-01=7') ?? [];
    expect(inForce(rules, '2022-01-01')).toBe(5);
    expect(inForce(rules, '2026-12-31')).toBe(5);
    expect(inForce(rules, '2027-01-01')).toBe(7);
    expect(() => inForce(rules, '2021-12-31')).toThrow('2021-12-31');
  });

  it('is the last one that began, on every day since the beginning', () => {
    const day = fc
      .integer({ min: Date.UTC(2022, 0, 1), max: Date.UTC(2040, 0, 1) })
      .map((time) => new Date(time).toISOString().slice(0, 10));
    const later = fc.uniqueArray(fc.tuple(day, fc.nat(99)), { selector: ([validFrom]) => validFrom });
    fc.assert(
      fc.property(later, day, (written, on) => {
        const all = [['2021-01-01', 1] as const, ...written];
        const rules = readRules(all.map(([validFrom, value]) => `${validFrom}=${value}`).join(',')) ?? [];
        const begun = all.filter(([validFrom]) => validFrom <= on).sort(([a], [b]) => (a < b ? 1 : -1));
        expect(inForce(rules, on)).toBe(begun[0]?.[1]);
      }),
    );
  });
});
