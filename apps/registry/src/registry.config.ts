import { IntegerSetting, ListSetting } from '@alliance/service-host';
import { Matches } from 'class-validator';

/** What the registry can be told besides what every service is told. */
export class RegistrySettings {
  /**
   * Months that an organisation must have been operating before it applies, unless it proves to be sustainably set up.
   * `MINIMUM_OPERATING_MONTHS`
   */
  @IntegerSetting(0, 1200)
  readonly minimumOperatingMonths: number = 12;

  /** What personal data of contacts may be held for; joined by commas. `CONTACT_PURPOSES` */
  @ListSetting()
  @Matches(/^[a-z0-9]+(-[a-z0-9]+)*$/, { each: true, message: 'must be words in kebab-case, joined by commas' })
  readonly contactPurposes: readonly string[] = ['membership', 'payments', 'coordination', 'emergency'];

  /** Months after which somebody has to look whether the data of a contact still are needed. `CONTACT_REVIEW_MONTHS` */
  @IntegerSetting(1, 120)
  readonly contactReviewMonths: number = 24;
}
