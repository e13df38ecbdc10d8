import { GateSettings } from '@alliance/double-structures';
import { IntegerSetting, ListSetting } from '@alliance/service-host';
import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsOptional, Matches, ValidateBy } from 'class-validator';
import type { Money } from './money';
import { inForce, readRules, type Rule } from './rule-in-force';
import type { Terms } from './terms';

/** A rule of law or finance with the days from which its values hold: `2022-01-01=5,2027-01-01=7`. */
function RuleSetting(min: number, max: number): PropertyDecorator {
  const holds = (rules: unknown) =>
    Array.isArray(rules) && rules.every(({ value }: Rule) => value >= min && value <= max);
  const expected = `must be values from ${min} to ${max}, each with the day from which it holds and the first not after 2022-01-01, joined by commas: 2022-01-01=${min},2027-01-01=${max}`;
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? (readRules(value) ?? value) : value)),
    ValidateBy({ name: 'ruleSetting', validator: { validate: holds, defaultMessage: () => expected } }),
  );
}

/** Numbers of days, joined by commas: `30,7`. */
function DaysSetting(): PropertyDecorator {
  const isDays = (days: unknown) => Array.isArray(days) && days.every((day) => typeof day === 'number' && day <= 366);
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^ *\d{1,3}( *, *\d{1,3})* *$/.test(value) ? value.split(',').map(Number) : value,
    ),
    ValidateBy({
      name: 'daysSetting',
      validator: {
        validate: isDays,
        defaultMessage: () => 'must be numbers of days from 0 to 366, joined by commas: 30,7',
      },
    }),
  );
}

const mostCents = 100_000_000_000_000;

/** What the fund can be told besides what every service is told. What the law says is a starting point, to be checked. */
export class FundSettings extends GateSettings {
  /** From which amount on, in cents, an award needs a third approver. `THIRD_APPROVER_FROM_CENTS_GRANT` */
  @IntegerSetting(1, mostCents)
  readonly thirdApproverFromCentsGrant: number = 5_000_000;

  /** … and a payment. `THIRD_APPROVER_FROM_CENTS_PAYMENT` */
  @IntegerSetting(1, mostCents)
  readonly thirdApproverFromCentsPayment: number = 2_500_000;

  /** Reviews that a decision needs; one more where they disagree strongly. `REVIEWS_AT_LEAST` */
  @IntegerSetting(2, 3)
  readonly reviewsAtLeast: number = 2;

  /** How far apart the scores may be, in hundredths of what can be reached. `REVIEW_SPREAD_PERCENT` */
  @IntegerSetting(0, 100)
  readonly reviewSpreadPercent: number = 30;

  /** What the terms of a call are where it says nothing else. `NEED_WINDOW_DAYS`, … */
  @IntegerSetting(1, 366)
  readonly needWindowDays: number = 42;
  @IntegerSetting(0, 100)
  readonly lineTolerancePercent: number = 20;
  @IntegerSetting(1, 60)
  readonly proofDueMonths: number = 6;
  @RuleSetting(1, 10)
  readonly spendWithinYears: readonly Rule[] = [{ validFrom: '2022-01-01', value: 2 }];
  /** None unless the terms say so: it is a private fund. `REPAYMENT_INTEREST_BASIS_POINTS` */
  @RuleSetting(0, 10_000)
  readonly repaymentInterestBasisPoints: readonly Rule[] = [{ validFrom: '2022-01-01', value: 0 }];

  /** Years for which a notice of exemption, or annex to the assessment, counts (§ 63 (5) AO). `EXEMPTION_NOTICE_YEARS` */
  @RuleSetting(1, 100)
  readonly exemptionNoticeYears: readonly Rule[] = [{ validFrom: '2022-01-01', value: 5 }];

  /** … and a provisional notice (§ 60a AO), where neither of the others exists. `PROVISIONAL_NOTICE_YEARS` */
  @RuleSetting(1, 100)
  readonly provisionalNoticeYears: readonly Rule[] = [{ validFrom: '2022-01-01', value: 3 }];

  /** Days before and after a report is due on which its recipient is reminded of it. `REMIND_DAYS_BEFORE`, `REMIND_DAYS_AFTER` */
  @DaysSetting()
  readonly remindDaysBefore: readonly number[] = [30, 7];
  @DaysSetting()
  readonly remindDaysAfter: readonly number[] = [1, 14];

  /** What lists of receipts are read for. `RECEIPT_PURPOSES` */
  @ListSetting()
  @Matches(/^[a-z0-9]+(-[a-z0-9]+)*$/, { each: true, message: 'must be words such as review-of-report' })
  readonly receiptPurposes: readonly string[] = ['review-of-report', 'audit', 'data-subject-request'];

  /** For how many years after a grant is closed or revoked the rows of its receipts are kept. `RECEIPT_RETENTION_YEARS` */
  @IntegerSetting(0, 100)
  readonly receiptRetentionYears: number = 10;

  /** By which id of the lists at org-id.guide the fund is known; without it nothing is exported to 360Giving. `FUNDER_ORG_ID` */
  @IsOptional()
  @Matches(/^[A-Z]{2,}-[A-Z]+-[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/, {
    message: 'must be an id by org-id.guide, such as DE-CR-RA000220-VR8726',
  })
  readonly funderOrgId?: string;

  /** Its name, as others are told it. `FUNDER_NAME` */
  @Matches(/^(?=.*\S).{1,200}$/, { message: 'must be a name of 1 to 200 characters' })
  readonly funderName: string = 'Alliance4Ukraine Fund';

  thirdApproverFrom(of: 'grant' | 'payment'): Money {
    const cents = of === 'grant' ? this.thirdApproverFromCentsGrant : this.thirdApproverFromCentsPayment;
    return { cents, currency: 'EUR' };
  }

  /** Of a call that is published on that day. */
  terms(on: string): Terms {
    return {
      proofDueMonths: this.proofDueMonths,
      lineTolerancePercent: this.lineTolerancePercent,
      needWindowDays: this.needWindowDays,
      spendWithinYears: inForce(this.spendWithinYears, on),
      interest: this.repaymentInterestBasisPoints.map(({ validFrom, value }) => ({ validFrom, basisPoints: value })),
    };
  }

  /** How many years the proofs of tax-exempt status count on that day. */
  taxNoticeYears(on: string): { readonly exemptionNoticeYears: number; readonly provisionalNoticeYears: number } {
    return {
      exemptionNoticeYears: inForce(this.exemptionNoticeYears, on),
      provisionalNoticeYears: inForce(this.provisionalNoticeYears, on),
    };
  }
}
