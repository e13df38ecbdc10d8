import { GateSettings } from '@alliance/double-structures';
import { IntegerSetting, ListSetting } from '@alliance/service-host';
import type { Ageing, FactKind } from './assurance/freshness';
import { Matches } from 'class-validator';

/** What the registry can be told besides what every service is told. */
export class RegistrySettings extends GateSettings {
  /**
   * Months that an organisation must have been operating before it applies, unless it proves to be sustainably set up.
   * `MINIMUM_OPERATING_MONTHS`
   */
  @IntegerSetting(0, 1200)
  readonly minimumOperatingMonths: number = 12;

  /**
   * How likely, in percent, two organisations have to be one and the same to be shown to a coordinator as duplicates.
   * `DUPLICATE_SCORE_PERCENT`
   */
  @IntegerSetting(1, 99)
  readonly duplicateScorePercent: number = 40;

  /** What personal data of contacts may be held for; joined by commas. `CONTACT_PURPOSES` */
  @ListSetting()
  @Matches(/^[a-z0-9]+(-[a-z0-9]+)*$/, { each: true, message: 'must be words in kebab-case, joined by commas' })
  readonly contactPurposes: readonly string[] = ['membership', 'payments', 'coordination', 'emergency'];

  /** Months after which somebody has to look whether the data of a contact still are needed. `CONTACT_REVIEW_MONTHS` */
  @IntegerSetting(1, 120)
  readonly contactReviewMonths: number = 24;

  /**
   * Days after which the contacts of an organisation that left the alliance, or was refused, are erased. The proof of use
   * of a grant may be due half a year after the project has ended, and is reviewed after that: until then somebody has
   * to be reached. `CONTACT_RETENTION_DAYS`
   */
  @IntegerSetting(1, 3_650)
  readonly contactRetentionDays: number = 365;

  /** Days in which confidence in a fact halves after it was assured, for each kind of fact. `HALF_LIFE_DAYS_…` */
  @IntegerSetting(1, 36_500)
  readonly halfLifeDaysIdentity: number = 730;
  @IntegerSetting(1, 36_500)
  readonly halfLifeDaysSeat: number = 365;
  @IntegerSetting(1, 36_500)
  readonly halfLifeDaysFields: number = 365;
  @IntegerSetting(1, 36_500)
  readonly halfLifeDaysOffer: number = 180;
  @IntegerSetting(1, 36_500)
  readonly halfLifeDaysCapacity: number = 90;

  /** Days between the reminder of a fact and its being marked stale, at least. `STALE_NOTICE_DAYS` */
  @IntegerSetting(0, 3_650)
  readonly staleNoticeDays: number = 30;

  ageingRules(): Readonly<Record<FactKind, Ageing>> {
    const rule = (halfLifeDays: number): Ageing => ({ halfLifeDays, noticeDays: this.staleNoticeDays });
    return {
      identity: rule(this.halfLifeDaysIdentity),
      seat: rule(this.halfLifeDaysSeat),
      fields: rule(this.halfLifeDaysFields),
      offer: rule(this.halfLifeDaysOffer),
      capacity: rule(this.halfLifeDaysCapacity),
    };
  }
}
