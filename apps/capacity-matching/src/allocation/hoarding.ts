/** When an organisation gets no more proposals for the time being. */
export interface HoardingRule {
  /** So many allocations that both sides have yet to accept are too many for it. */
  readonly openAtMost: number;
  /** … if of those that have ended less than this share was delivered. 0 switches the rule off. */
  readonly finishedBelowPercent: number;
}

/** An organisation's allocations, on either side. Those that failed are not its doing, and count for nothing. */
export interface Tally {
  /** Proposed, and not yet accepted by both sides. */
  readonly open: number;
  readonly ended: number;
  /** Of those that ended. */
  readonly delivered: number;
}

/** Of whom nothing has ended nobody can say that it finishes little. */
export function isHoarding({ open, ended, delivered }: Tally, rule: HoardingRule): boolean {
  return open >= rule.openAtMost && 100 * delivered < rule.finishedBelowPercent * ended;
}
