import { IntegerSetting } from '@alliance/service-host';

/** What capacity-matching can be told besides what every service is told. */
export class MatchingSettings {
  /** Hours for which an offer holds minutes for an allocation that both sides have yet to accept. `HOLD_HOURS` */
  @IntegerSetting(1, 8760)
  readonly holdHours: number = 72;

  /** Days after which an offer that nobody has assured is shown as stale. `OFFER_STALE_DAYS` */
  @IntegerSetting(1, 366)
  readonly offerStaleDays: number = 60;

  /** … and after which it is paused, until somebody assures it. `OFFER_PAUSE_DAYS` */
  @IntegerSetting(1, 731)
  readonly offerPauseDays: number = 90;
}
