import { IntegerSetting } from '@alliance/service-host';
import type { HoardingRule } from './allocation/hoarding';

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

  /**
   * So many allocations that both sides have yet to accept are the most for an organisation that finishes few.
   * `HOARDING_OPEN_AT_MOST`
   */
  @IntegerSetting(1, 10_000)
  readonly hoardingOpenAtMost: number = 10;

  /** Few: of its allocations that have ended, less than so many in a hundred delivered. 0: no limit. `HOARDING_FINISHED_BELOW_PERCENT` */
  @IntegerSetting(0, 100)
  readonly hoardingFinishedBelowPercent: number = 30;

  /** Weeks for which a matching round proposes, its own among them, unless its request says otherwise. `ROUND_WEEKS` */
  @IntegerSetting(1, 26)
  readonly roundWeeks: number = 8;

  /** After so long the solver gives the best that it has found. `ROUND_TIME_LIMIT_MS` */
  @IntegerSetting(100, 600_000)
  readonly roundTimeLimitMs: number = 30_000;

  /** So long beyond its time limit a round without a result is carried on, by whichever process looks next. `ROUND_GRACE_MS` */
  @IntegerSetting(0, 3_600_000)
  readonly roundGraceMs: number = 60_000;

  /** Days after which it counts in full for the score that a need has waited. `ROUND_WAITING_FULL_DAYS` */
  @IntegerSetting(1, 366)
  readonly roundWaitingFullDays: number = 60;

  /** People whom one helper cares for from which on the load counts in full for the score. `ROUND_LOAD_FULL_PEOPLE` */
  @IntegerSetting(1, 10_000)
  readonly roundLoadFullPeople: number = 50;

  hoarding(): HoardingRule {
    return { openAtMost: this.hoardingOpenAtMost, finishedBelowPercent: this.hoardingFinishedBelowPercent };
  }
}
