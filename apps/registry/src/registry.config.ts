import { IntegerSetting } from '@alliance/service-host';

/** What the registry can be told besides what every service is told. */
export class RegistrySettings {
  /**
   * Months that an organisation must have been operating before it applies, unless it proves to be sustainably set up.
   * `MINIMUM_OPERATING_MONTHS`
   */
  @IntegerSetting(0, 1200)
  readonly minimumOperatingMonths: number = 12;
}
