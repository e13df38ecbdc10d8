import { certificateOf } from './certificate';
import { KeptBasis } from './kept-basis';
import { MOST_SCORE, type MatchingProblem, SEVERITY_CLASSES, tieOf, type UuidWords, wordsOf } from './matching-problem';
import type { ShouldStop } from './transport/primal-simplex';
import { severityWeights } from './severity-weights';
import { SideConditions } from './side-conditions';
import { isWithin, type PairValues, WeekNetwork } from './week-network';
import { assertWellFormed } from './well-formed-problem';

/**
 * What the search for pairs to take back may cost in a week, and in all distinct weeks of a round together, which share it
 * equally: pairs of a week, times pairs that are taken back on trial. Other figures are another `ROUND_METHOD`.
 */
const MOST_EFFORT = { week: 2_000_000, round: 10_000_000 };

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
  /**
   * More cannot be gained: the optimum over all pairs that can carry a minimum block, whatever is given up later. Where it
   * was stopped before that optimum, what the prices by then prove.
   */
  readonly bound: number;
  /** False where it was stopped before the end. With pairs given up, how good it is, the bound says. */
  readonly isOptimal: boolean;
  /** Of each need and of each offer; all 0 where it was stopped. They prove the optimum of the pairs that are left. */
  readonly needPrices: Float64Array;
  readonly offerPrices: Float64Array;
  /** Pairs that carry nothing since they would break, or broke, a minimum block or a limit of supporters. */
  readonly givenUp: Uint8Array;
  readonly certificate: string;
}

/**
 * The assignment of minutes that gains most, week by week: since minutes are of a week, no week bears on another, and
 * each distinct week is a transport problem of its own. Consecutive weeks in which the same is wanted and free share a
 * solve, and equal weeks have equal results, since the optimum is canonical.
 *
 * A week begins from the basis that `kept` has of it, or else from that of the week before, which is faster and changes
 * nothing; what is kept is then that of these weeks.
 *
 * Minimum blocks and limits of supporters are no flow. They are kept on top of it (see `SideConditions`), and the first flow
 * is the bound: how near the result is to the best that keeps them is not known, but that it cannot be farther than that.
 */
export function solveWeeks(
  problem: MatchingProblem,
  {
    shouldStop,
    onWeek,
    kept = new KeptBasis(),
  }: {
    readonly shouldStop?: ShouldStop;
    readonly onWeek?: (weeksDone: number) => void;
    readonly kept?: KeptBasis;
  } = {},
): readonly SolvedWeeks[] {
  assertWellFormed(problem);
  const solver = new WeekSolver(problem);
  const runs = solver.runsOfSameWeeks();
  const effort = Math.min(MOST_EFFORT.week, MOST_EFFORT.round / runs.length);
  const pairsKept = kept.pairsByWeek(problem);
  const solved: SolvedWeeks[] = [];
  const bases: { readonly weeks: readonly number[]; readonly pairs: Int32Array }[] = [];
  for (const weeks of runs) {
    const first = weeks[0] as number;
    const hint = pairsKept.get(problem.weeks[first] as string) ?? bases.at(-1)?.pairs;
    const { result, basisPairs } = solver.solve(first, { hint, shouldStop, effort });
    solved.push({ weeks, ...result });
    bases.push({ weeks, pairs: basisPairs });
    onWeek?.(first + weeks.length);
  }
  kept.keep(problem, bases);
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
  private readonly values: PairValues;

  constructor(private readonly problem: MatchingProblem) {
    const { needIds, offerIds, pairNeed, pairOffer } = problem;
    const [needWords, offerWords] = [needIds.map(wordsOf), offerIds.map(wordsOf)];
    const ties = Float64Array.from(pairNeed, (need, pair) =>
      tieOf(needWords[need] as UuidWords, offerWords[pairOffer[pair] as number] as UuidWords),
    );
    this.values = { gains: pairGains(problem), ties };
  }

  /** Consecutive weeks in which the same is wanted and free. */
  runsOfSameWeeks(): readonly (readonly number[])[] {
    const runs: number[][] = [];
    this.problem.weeks.forEach((_, week) => {
      const run = runs.at(-1);
      if (run !== undefined && this.isSameWeek(run[0] as number, week)) run.push(week);
      else runs.push([week]);
    });
    return runs;
  }

  private isSameWeek(one: number, other: number): boolean {
    const { wanted, free, block, mostSupporters, needIds, offerIds, weeks, pairFirstWeek } = this.problem;
    const isSame = (values: Float64Array | Uint16Array, rows: number) => {
      for (let at = 0; at < rows * weeks.length; at += weeks.length) {
        if (values[at + one] !== values[at + other]) return false;
      }
      return true;
    };
    return (
      isSame(wanted, needIds.length) &&
      isSame(free, offerIds.length) &&
      isSame(block, offerIds.length) &&
      isSame(mostSupporters, needIds.length) &&
      pairFirstWeek.every((_, pair) => isWithin(this.problem, pair, one) === isWithin(this.problem, pair, other))
    );
  }

  solve(
    week: number,
    { hint, shouldStop, effort }: { hint?: Int32Array; shouldStop?: ShouldStop; effort: number },
  ): { readonly result: Omit<SolvedWeeks, 'weeks'>; readonly basisPairs: Int32Array } {
    const network = new WeekNetwork(this.problem, week, this.values);
    const conditions = new SideConditions(this.problem, week, this.values, network, { shouldStop, effort });
    const isSolved = network.solve(shouldStop, hint);
    const [bound, basisPairs] = [network.bound(), network.basisPairs()];
    const isOptimal = isSolved && conditions.keep();
    if (!isOptimal) conditions.dropBroken();
    const { minutes, givenUp } = network;
    const objective = network.objective();
    const { needPrices, offerPrices } = isOptimal ? network.prices() : this.noPrices();
    const { needIds, offerIds, pairNeed, severityClass } = this.problem;
    const servedMinutes = Array.from({ length: SEVERITY_CLASSES }, () => 0);
    for (const pair of network.carrying) {
      const severity = severityClass[pairNeed[pair] as number] as number;
      servedMinutes[severity] = (servedMinutes[severity] as number) + (minutes[pair] as number);
    }
    const prices = new Map([
      ...needIds.map((id, at) => [id, needPrices[at] as number] as const),
      ...offerIds.map((id, at) => [id, offerPrices[at] as number] as const),
    ]);
    const certificate = certificateOf(objective, prices);
    return {
      result: { minutes, servedMinutes, objective, bound, isOptimal, needPrices, offerPrices, givenUp, certificate },
      basisPairs,
    };
  }

  private noPrices(): ReturnType<WeekNetwork['prices']> {
    const { needIds, offerIds } = this.problem;
    return { needPrices: new Float64Array(needIds.length), offerPrices: new Float64Array(offerIds.length) };
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
