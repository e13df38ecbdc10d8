import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { FundSettings } from './fund.config';
import { euros } from './grant/grant.given';

/** As the service reads them from its environment. */
function settings(given: Readonly<Record<string, string>> = {}) {
  const read = plainToInstance(FundSettings, given, { exposeDefaultValues: true });
  return { read, faults: validateSync(read).map(({ property }) => property) };
}

describe('the settings of the fund', () => {
  it('have defaults for all of them', () => {
    const { read, faults } = settings();
    expect(faults).toEqual([]);
    expect(read.terms('2026-03-01')).toEqual({
      proofDueMonths: 6,
      lineTolerancePercent: 20,
      needWindowDays: 42,
      spendWithinYears: 2,
      interest: [{ validFrom: '2022-01-01', basisPoints: 0 }],
    });
    expect(read.thirdApproverFrom('grant')).toEqual(euros(50_000));
    expect(read.thirdApproverFrom('payment')).toEqual(euros(25_000));
    expect(read.reviewsAtLeast).toBe(2);
    expect(read.reviewSpreadPercent).toBe(30);
  });

  it('name a rule for each time, of which that of the day holds', () => {
    const { read, faults } = settings({
      exemptionNoticeYears: '2027-01-01=7, 2022-01-01=5',
      spendWithinYears: '2022-01-01=2,2025-01-01=3',
      repaymentInterestBasisPoints: '2022-01-01=0,2024-01-01=500',
    });
    expect(faults).toEqual([]);
    expect(read.taxNoticeYears('2026-12-31')).toEqual({ exemptionNoticeYears: 5, provisionalNoticeYears: 3 });
    expect(read.taxNoticeYears('2027-01-01').exemptionNoticeYears).toBe(7);
    expect(read.terms('2025-06-01')).toMatchObject({
      spendWithinYears: 3,
      interest: [
        { validFrom: '2022-01-01', basisPoints: 0 },
        { validFrom: '2024-01-01', basisPoints: 500 },
      ],
    });
  });

  it.each([
    ['no rule', 'five'],
    ['a rule that begins too late', '2023-01-01=5'],
    ['a value out of range', '2022-01-01=500'],
  ])('refuse %s at start', (_, text) => {
    expect(settings({ exemptionNoticeYears: text }).faults).toEqual(['exemptionNoticeYears']);
  });

  it('remind of reports so many days before and after their day', () => {
    expect(settings().read).toMatchObject({ remindDaysBefore: [30, 7], remindDaysAfter: [1, 14] });
    expect(settings({ remindDaysBefore: '60, 3', remindDaysAfter: '0' }).read).toMatchObject({
      remindDaysBefore: [60, 3],
      remindDaysAfter: [0],
    });
    for (const text of ['', 'soon', '-1', '1.5', '367']) {
      expect(settings({ remindDaysAfter: text }).faults).toEqual(['remindDaysAfter']);
    }
  });

  it('never let fewer than two reviews suffice', () => {
    expect(settings({ reviewsAtLeast: '1' }).faults).toEqual(['reviewsAtLeast']);
  });
});
