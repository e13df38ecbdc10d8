import type { MatchingProblem } from './matching-problem';
import type { ShouldStop } from './transport/primal-simplex';
import type { PairValues, WeekNetwork } from './week-network';

const NONE = -1;

/**
 * Minimum blocks and limits of supporters are no flow. They are kept on top of the optimum of one week, in its network:
 *
 * - Repair: of each need that breaks one, the pair is given up that gains least, and the rest is solved again, until none
 *   does. Each step leaves fewer pairs, so it ends.
 * - Local search: pairs that were given up are taken back one by one, those first that could gain most, and others given up
 *   for them where that is needed; what gains more in all stays.
 *
 * All solves are canonical, and the search is counted in trials, not by a clock or by pivots, so that the result depends
 * neither on the order of what comes in nor on the basis from which it was found.
 */
export class SideConditions {
  constructor(
    private readonly problem: MatchingProblem,
    private readonly week: number,
    private readonly values: PairValues,
    private readonly network: WeekNetwork,
    private readonly limits: {
      readonly shouldStop: ShouldStop | undefined;
      /** Of the search: pairs of the week, times pairs that it takes back on trial, which is about what it costs. */
      readonly effort: number;
    },
  ) {}

  /** From the optimum of all pairs to what keeps all conditions. False where it was stopped before the end. */
  keep(): boolean {
    return this.mend(NONE, []) && this.search();
  }

  /** After a stop: leaves out what breaks a condition, and solves nothing any more. */
  dropBroken(): void {
    const { network } = this;
    network.drop(network.carrying.filter((pair) => network.givenUp[pair] === 1));
    for (let broken = this.broken(NONE); broken.length > 0; broken = this.broken(NONE)) network.drop(broken);
  }

  /**
   * Gives pairs up until none breaks a condition, or no more than `least` is gained. Where `kept` breaks one, others have to
   * make room for it first. Notes what was given up in `givenUp`. False where it was stopped.
   */
  private mend(kept: number, givenUp: number[], least = NONE): boolean {
    const { network } = this;
    for (let broken = this.broken(kept); broken.length > 0; broken = this.broken(kept)) {
      if (network.objective() <= least) return true;
      for (const pair of broken) network.giveUp(pair);
      givenUp.push(...broken);
      if (!network.solve(this.limits.shouldStop)) return false;
    }
    return true;
  }

  private search(): boolean {
    const { network } = this;
    let trialsLeft = Math.ceil(this.limits.effort / network.pairs);
    for (let hasGained = true; hasGained;) {
      hasGained = false;
      for (const pair of this.pairsByMostGain(network.pairsGivenUp())) {
        if (!network.couldGain(pair)) continue;
        if (trialsLeft === 0) return true;
        const before = network.assignment();
        const trial = this.tryWith(pair, network.objective());
        if (trial === 'stopped') {
          network.restore(before);
          return false;
        }
        // One that gained nothing at first is not counted: whether it was tried may follow from the basis.
        if (trial !== 'idle') trialsLeft -= 1;
        hasGained ||= trial === 'gained';
      }
    }
    return true;
  }

  /** Takes the pair back and mends what that breaks; takes all this back unless more than `least` is gained by it. */
  private tryWith(pair: number, least: number): 'gained' | 'lost' | 'idle' | 'stopped' {
    const { network } = this;
    const { shouldStop } = this.limits;
    network.takeBack(pair);
    if (!network.solve(shouldStop)) return 'stopped';
    const isIdle = network.objective() <= least;
    const givenUp: number[] = [];
    if (!isIdle && !this.mend(pair, givenUp, least)) return 'stopped';
    if (network.objective() > least) return 'gained';
    for (const one of givenUp) network.takeBack(one);
    network.giveUp(pair);
    if (!network.solve(shouldStop)) return 'stopped';
    return isIdle ? 'idle' : 'lost';
  }

  /** Of each need that breaks a condition, the pair to give up: what gains least by it, and rather another one than `kept`. */
  private broken(kept: number): readonly number[] {
    const { weeks, block, mostSupporters, needIds, pairNeed, pairOffer } = this.problem;
    const { carrying, minutes } = this.network;
    const supporters = new Uint16Array(needIds.length);
    for (const pair of carrying) supporters[pairNeed[pair] as number]! += 1;
    const worst = new Map<number, number>();
    for (const pair of carrying) {
      const need = pairNeed[pair] as number;
      const most = mostSupporters[need * weeks.length + this.week] as number;
      const isTooMany = most > 0 && (supporters[need] as number) > most;
      const least = block[(pairOffer[pair] as number) * weeks.length + this.week] as number;
      if (!isTooMany && (minutes[pair] as number) >= least) continue;
      const before = worst.get(need);
      if (before === undefined || before === kept || (pair !== kept && this.isLess(pair, before)))
        worst.set(need, pair);
    }
    if (kept !== NONE && worst.get(pairNeed[kept] as number) === kept)
      worst.set(pairNeed[kept] as number, this.inTheWayOf(kept));
    return [...worst.values()];
  }

  /** What gains least of the other pairs of its need, or else of its offer; the pair itself, where it has both for itself. */
  private inTheWayOf(pair: number): number {
    const { pairNeed, pairOffer } = this.problem;
    for (const end of [pairNeed, pairOffer]) {
      const others = this.network.carrying.filter((other) => end[other] === end[pair] && other !== pair);
      if (others.length > 0) return others.reduce((least, other) => (this.isLess(other, least) ? other : least));
    }
    return pair;
  }

  /** By what the pair gains in all, then by its tie. */
  private isLess(one: number, other: number): boolean {
    const { minutes } = this.network;
    const { gains, ties } = this.values;
    const gainOf = (pair: number) => (minutes[pair] as number) * (gains[pair] as number);
    const more = gainOf(one) - gainOf(other);
    return more < 0 || (more === 0 && (ties[one] as number) < (ties[other] as number));
  }

  /** First those that could gain most if need and offer were there for each other alone. */
  private pairsByMostGain(pairs: readonly number[]): readonly number[] {
    const { wanted, free, weeks, pairNeed, pairOffer } = this.problem;
    const { gains, ties } = this.values;
    const of = (amounts: Float64Array, row: number) => amounts[row * weeks.length + this.week] as number;
    const mostOf = (pair: number) =>
      (gains[pair] as number) * Math.min(of(wanted, pairNeed[pair] as number), of(free, pairOffer[pair] as number));
    return pairs
      .map((pair) => ({ pair, most: mostOf(pair), tie: ties[pair] as number }))
      .sort((one, other) => other.most - one.most || one.tie - other.tie)
      .map(({ pair }) => pair);
  }
}
