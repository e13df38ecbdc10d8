import { certificateOf } from './certificate';
import { MOST_SCORE, type MatchingProblem, SEVERITY_CLASSES, tieOf, wordsOf } from './matching-problem';
import type { ShouldStop } from './primal-simplex';
import { severityWeights } from './severity-weights';
import { TransportNetwork } from './transport-network';

/** Weeks in which all the same is wanted and free, and what is allocated in each of them. */
export interface SolvedWeeks {
  /** Indexes of the problem's weeks. */
  readonly weeks: readonly number[];
  /** Of each pair. */
  readonly minutes: Float64Array;
  /** Of each severity class, what is served in a week. */
  readonly servedMinutes: readonly number[];
  /** The gain of a week: weights of the classes and scores, times minutes. */
  readonly objective: number;
  /** More could not be gained without minimum blocks and limits of supporters. */
  readonly bound: number;
  /** False where it was stopped before the end. */
  readonly isOptimal: boolean;
  /** Of each need and of each offer; all 0 where it was stopped. They prove the optimum of the pairs that are left. */
  readonly needPrices: Float64Array;
  readonly offerPrices: Float64Array;
  /** Pairs that were given up since they broke a minimum block or a limit of supporters. */
  readonly givenUp: Uint8Array;
  readonly certificate: string;
}

/**
 * The assignment of minutes that gains most, week by week: since minutes are of a week, no week bears on another, and
 * each distinct week is a transport problem of its own. Consecutive weeks in which the same is wanted and free share a
 * solve, and equal weeks have equal results, since the optimum is canonical.
 *
 * Minimum blocks and limits of supporters are no flow. They are mended on top of it: pairs that break one are given up, of
 * each need the one that gains least, and the rest is solved again, until none does. Each step leaves fewer pairs, so it
 * ends. The first flow is the bound of what is lost by it.
 */
export function solveWeeks(
  problem: MatchingProblem,
  { shouldStop, onWeek }: { readonly shouldStop?: ShouldStop; readonly onWeek?: (weeksDone: number) => void } = {},
): readonly SolvedWeeks[] {
  const solver = new WeekSolver(problem);
  const solved: SolvedWeeks[] = [];
  for (let week = 0; week < problem.weeks.length;) {
    let next = week + 1;
    while (next < problem.weeks.length && solver.isSameWeek(week, next)) next += 1;
    const weeks = Array.from({ length: next - week }, (_, at) => week + at);
    solved.push({ weeks, ...solver.solve(week, shouldStop) });
    week = next;
    onWeek?.(week);
  }
  return solved;
}

/** Of each pair, what a minute gains: the weight of its need's class and its score. Throws a RangeError where that is inexact. */
export function pairGains(problem: MatchingProblem): Float64Array {
  const { needIds, offerIds, pairNeed, pairScore, severityClass, wanted, free, weeks } = problem;
  const weights = severityWeights({
    ...{ classes: SEVERITY_CLASSES, mostScore: MOST_SCORE, needs: needIds.length, offers: offerIds.length },
    neededMinutes: mostOfAWeek(wanted, weeks.length),
    offeredMinutes: mostOfAWeek(free, weeks.length),
  });
  return Float64Array.from(
    pairNeed,
    (need, pair) => (weights[severityClass[need] as number] as number) + (pairScore[pair] as number),
  );
}

class WeekSolver {
  private readonly gains: Float64Array;
  private readonly ties: Float64Array;

  constructor(private readonly problem: MatchingProblem) {
    const { needIds, offerIds, pairNeed, pairOffer } = problem;
    const [needWords, offerWords] = [needIds.map(wordsOf), offerIds.map(wordsOf)];
    this.gains = pairGains(problem);
    this.ties = new Float64Array(pairNeed.length);
    for (let pair = 0; pair < pairNeed.length; pair += 1) {
      const [needId, offerId] = [needWords[pairNeed[pair] as number], offerWords[pairOffer[pair] as number]];
      if (needId === undefined || offerId === undefined) throw new Error(`Pair ${pair} is of nobody.`);
      this.ties[pair] = tieOf(needId, offerId);
    }
  }

  isSameWeek(one: number, other: number): boolean {
    const { wanted, free, block, needIds, offerIds, weeks } = this.problem;
    const isSame = (values: Float64Array, rows: number) => {
      for (let at = 0; at < rows * weeks.length; at += weeks.length) {
        if (values[at + one] !== values[at + other]) return false;
      }
      return true;
    };
    return isSame(wanted, needIds.length) && isSame(free, offerIds.length) && isSame(block, offerIds.length);
  }

  solve(week: number, shouldStop: ShouldStop | undefined): Omit<SolvedWeeks, 'weeks'> {
    const givenUp = new Uint8Array(this.gains.length);
    let flow = this.solveFlow(week, givenUp, shouldStop);
    const { bound } = flow;
    let isOptimal = flow.isOptimal;
    for (
      let broken = this.brokenBy(week, flow.minutes);
      broken.length > 0;
      broken = this.brokenBy(week, flow.minutes)
    ) {
      for (const pair of broken) givenUp[pair] = 1;
      flow = this.solveFlow(week, givenUp, shouldStop);
      isOptimal &&= flow.isOptimal;
    }
    const { minutes, objective, needPrices, offerPrices } = flow;
    const { needIds, offerIds, pairNeed, severityClass } = this.problem;
    const servedMinutes = Array.from({ length: SEVERITY_CLASSES }, () => 0);
    minutes.forEach((some, pair) => {
      const severity = severityClass[pairNeed[pair] as number] as number;
      servedMinutes[severity] = (servedMinutes[severity] as number) + some;
    });
    const prices = new Map([
      ...needIds.map((id, at) => [id, needPrices[at] as number] as const),
      ...offerIds.map((id, at) => [id, offerPrices[at] as number] as const),
    ]);
    const certificate = certificateOf(objective, prices);
    return { minutes, servedMinutes, objective, bound, isOptimal, needPrices, offerPrices, givenUp, certificate };
  }

  private solveFlow(week: number, givenUp: Uint8Array, shouldStop: ShouldStop | undefined) {
    const { wanted, free, weeks, needIds, offerIds, pairNeed, pairOffer } = this.problem;
    const network = new TransportNetwork({ nodes: needIds.length + offerIds.length, pairs: pairNeed.length });
    const needs = needIds.map((_, at) => network.addNeed(wanted[at * weeks.length + week] as number));
    const offers = offerIds.map((_, at) => network.addOffer(free[at * weeks.length + week] as number));
    const arcs = new Int32Array(pairNeed.length).fill(-1);
    for (let pair = 0; pair < pairNeed.length; pair += 1) {
      const [need, offer] = [pairNeed[pair] as number, pairOffer[pair] as number];
      const canCarry =
        (wanted[need * weeks.length + week] as number) > 0 && (free[offer * weeks.length + week] as number) > 0;
      if (!canCarry || givenUp[pair] === 1) continue;
      const [gain, tie] = [this.gains[pair] as number, this.ties[pair] as number];
      arcs[pair] = network.addPair(needs[need] as number, offers[offer] as number, gain, tie);
    }
    const { isOptimal } = network.solve({ shouldStop });
    const minutes = new Float64Array(pairNeed.length);
    arcs.forEach((arc, pair) => {
      if (arc >= 0) minutes[pair] = network.minutesOf(arc);
    });
    const prices = isOptimal ? network.dualPrices() : undefined;
    return {
      ...{ isOptimal, minutes, objective: network.objective(), bound: network.bound() },
      needPrices: Float64Array.from(needs, (node) => prices?.[node] ?? 0),
      offerPrices: Float64Array.from(offers, (node) => prices?.[node] ?? 0),
    };
  }

  /** Of each need that breaks a minimum block or its limit of supporters, the pair to give up: what gains least by it. */
  private brokenBy(week: number, minutes: Float64Array): readonly number[] {
    const { weeks, block, mostSupporters, needIds, pairNeed, pairOffer } = this.problem;
    const supporters = new Uint16Array(needIds.length);
    for (let pair = 0; pair < minutes.length; pair += 1) {
      if ((minutes[pair] as number) > 0)
        supporters[pairNeed[pair] as number] = (supporters[pairNeed[pair] as number] as number) + 1;
    }
    const worst = new Map<number, number>();
    for (let pair = 0; pair < minutes.length; pair += 1) {
      const some = minutes[pair] as number;
      if (some === 0) continue;
      const need = pairNeed[pair] as number;
      const most = mostSupporters[need] as number;
      const isTooMany = most > 0 && (supporters[need] as number) > most;
      const isBelowBlock = some < (block[(pairOffer[pair] as number) * weeks.length + week] as number);
      if (!isTooMany && !isBelowBlock) continue;
      const before = worst.get(need);
      if (before === undefined || this.isLess(pair, before, minutes)) worst.set(need, pair);
    }
    return [...worst.values()];
  }

  /** By what the pair gains in all, then by its tie. */
  private isLess(one: number, other: number, minutes: Float64Array): boolean {
    const gainOf = (pair: number) => (minutes[pair] as number) * (this.gains[pair] as number);
    const more = gainOf(one) - gainOf(other);
    return more < 0 || (more === 0 && (this.ties[one] as number) < (this.ties[other] as number));
  }
}

/** The most that all rows together have in one week. */
function mostOfAWeek(values: Float64Array, weeks: number): number {
  const sums = new Float64Array(weeks);
  values.forEach((value, at) => {
    sums[at % weeks] = (sums[at % weeks] as number) + value;
  });
  return sums.reduce((a, b) => Math.max(a, b), 0);
}
