import { addDays } from '@alliance/calendar';
import fc from 'fast-check';
import { euros } from '../grant/grant.given';
import { interestOn } from './interest';

const five = [{ validFrom: '2022-01-01', basisPoints: 500 }];

describe('interest on a repayment', () => {
  it('is none on the day it is due, or before', () => {
    expect(interestOn(euros(1_000), '2026-03-31', '2026-03-31', five)).toEqual(euros(0));
    expect(interestOn(euros(1_000), '2026-03-31', '2026-01-01', five)).toEqual(euros(0));
    expect(interestOn(euros(1_000), '9999-12-31', '2026-01-01', five)).toEqual(euros(0));
  });

  it('is the rate for a year of 365 days, and a day more in a leap year', () => {
    expect(interestOn(euros(1_000), '2026-03-31', '2027-03-31', five)).toEqual(euros(50));
    expect(interestOn(euros(1_000), '2027-12-31', '2028-12-31', five)).toEqual({ cents: 5_014, currency: 'EUR' });
  });

  it('follows the rate of each day, whatever the order they are listed in', () => {
    const rates = [{ validFrom: '2026-07-01', basisPoints: 1_000 }, ...five];
    // 10 days of June at 5 % and 10 of July at 10 %, of 3,650 EUR
    expect(interestOn(euros(3_650), '2026-06-20', '2026-07-10', rates)).toEqual(euros(15));
  });

  it('is none before the first rate, and without one', () => {
    const later = [{ validFrom: '2026-07-01', basisPoints: 1_000 }];
    expect(interestOn(euros(3_650), '2026-06-20', '2026-07-10', later)).toEqual(euros(10));
    expect(interestOn(euros(3_650), '2026-06-20', '2026-07-10', [])).toEqual(euros(0));
  });

  it('rounds half a cent up', () => {
    // 36.50 EUR at 1 % for 5 days are 0.5 cents
    const one = [{ validFrom: '2022-01-01', basisPoints: 100 }];
    expect(interestOn({ cents: 3_650, currency: 'EUR' }, '2026-03-01', '2026-03-06', one).cents).toBe(1);
    expect(interestOn({ cents: 3_649, currency: 'EUR' }, '2026-03-01', '2026-03-06', one).cents).toBe(0);
  });

  it('stays exact for the greatest amounts', () => {
    const most = { cents: Number.MAX_SAFE_INTEGER, currency: 'EUR' } as const;
    const rate = [{ validFrom: '2022-01-01', basisPoints: 1 }];
    expect(BigInt(interestOn(most, '2026-01-01', '2027-01-01', rate).cents)).toBe(
      (BigInt(most.cents) + 5_000n) / 10_000n,
    );
  });

  it('is what adding up day by day gives', () => {
    const day = (most: number) => fc.integer({ min: 0, max: most }).map((n) => addDays('2025-12-01', n));
    const period = fc.record({ validFrom: day(500), basisPoints: fc.integer({ min: 0, max: 10_000 }) });
    const rates = fc.uniqueArray(period, { maxLength: 5, selector: ({ validFrom }) => validFrom });
    fc.assert(
      fc.property(fc.nat(10_000_000), day(500), fc.nat(400), rates, (cents, dueOn, late, periods) => {
        let owed = 0n;
        for (let n = 1; n <= late; n += 1) {
          const on = addDays(dueOn, n);
          const begun = periods.filter(({ validFrom }) => validFrom <= on);
          const latest = begun.reduce(
            (a, b) => (b.validFrom > a.validFrom ? b : a),
            begun[0] ?? { validFrom: '', basisPoints: 0 },
          );
          owed += BigInt(cents * latest.basisPoints);
        }
        const whole = owed / 3_650_000n;
        const expected = whole + (owed % 3_650_000n >= 1_825_000n ? 1n : 0n);
        const interest = interestOn({ cents, currency: 'EUR' }, dueOn, addDays(dueOn, late), periods);
        expect(BigInt(interest.cents)).toBe(expected);
      }),
    );
  });
});
