import { IntegerSetting } from '@alliance/service-host';

/** What capacity-matching can be told besides what every service is told. */
export class MatchingSettings {
  /** Hours for which an offer holds minutes for an allocation that both sides have yet to accept. `HOLD_HOURS` */
  @IntegerSetting(1, 8760)
  readonly holdHours: number = 72;
}
