import { runsIn } from '../weekly-minutes';
import type { BuiltProblem } from './build-problem';
import { MOST_SCORE } from './matching-problem';
import type { BindingReason, NearestMiss, Unserved } from './matching-round.events';
import type { NeedInput, RoundInputs } from './round-inputs';
import { pairGains, type SolvedWeeks } from './solve-weeks';
import { isWithin } from './week-network';

/** Near misses that are told of a need at most. */
const MOST_MISSES = 3;

/** Every need that the round leaves without some of what is wanted in its weeks, in the order of needs. */
export function unservedNeeds(
  inputs: RoundInputs,
  { problem, pairs }: BuiltProblem,
  solved: readonly SolvedWeeks[],
): readonly Unserved[] {
  const gains = pairGains(problem);
  const [pairsOf, missing] = [pairsByNeed(problem.pairNeed, inputs.needs.length), missingMinutes(problem, solved)];

  /** In weeks that are solved as one. */
  const bindingIn = (need: number, some: SolvedWeeks, lacking: number): Pick<Unserved, 'reason' | 'nearestMisses'> => {
    if (!some.isOptimal) return { reason: 'STOPPED', nearestMisses: [] };
    const week = some.weeks[0] as number;
    const open = pairsOf(need).filter((pair) => isWithin(problem, pair, week));
    const own = open.map((pair) => ({ pair, offer: problem.pairOffer[pair] as number }));
    const idOf = (offer: number) => problem.offerIds[offer] as string;
    const at = (offer: number) => offer * problem.weeks.length + week;
    const withFree = own.filter(({ offer }) => (problem.free[at(offer)] as number) > 0);
    if (withFree.length === 0) {
      const change = `${lacking} minutes a week that are free of it`;
      const misses = own.map(({ offer }) => ({ offerId: idOf(offer), lacks: 'FREE_MINUTES' as const, change }));
      return { reason: 'NOTHING_FREE', nearestMisses: misses.slice(0, MOST_MISSES) };
    }
    const left = withFree.filter(({ pair }) => some.givenUp[pair] === 0);
    const nearest = left
      .map(({ pair, offer }) => {
        const prices = (some.needPrices[need] as number) + (some.offerPrices[offer] as number);
        return { pair, offer, lack: prices - (gains[pair] as number) };
      })
      .sort((one, other) => one.lack - other.lack || one.offer - other.offer);
    const byPrice = nearest.flatMap(({ pair, offer, lack }): NearestMiss[] => {
      const offerId = idOf(offer);
      if (lack <= 0) return [{ offerId, lacks: 'FREE_MINUTES', change: `${lacking} minutes a week more of it` }];
      // By one point more it would outdo what it can equal; beyond the most, no score helps.
      const points = lack + 1;
      if ((problem.pairScore[pair] as number) + points > MOST_SCORE) return [];
      return [{ offerId, lacks: 'SCORE', change: `a score that is ${points} points higher` }];
    });
    const byLimit = withFree
      .filter(({ pair }) => some.givenUp[pair] === 1)
      .map(({ offer }): NearestMiss => {
        const block = problem.block[at(offer)] as number;
        const most = problem.mostSupporters[need * problem.weeks.length + week] as number;
        return most > 0 && block === 0
          ? { offerId: idOf(offer), lacks: 'MOST_SUPPORTERS', change: `more supporters at once than ${most}` }
          : { offerId: idOf(offer), lacks: 'MINIMUM_BLOCK', change: `a minimum block of less than ${block} minutes` };
      });
    const reason = reasonOf(nearest[0]?.lack);
    return { reason, nearestMisses: [...byPrice, ...byLimit].slice(0, MOST_MISSES) };
  };

  /** Where there is nobody to take minutes from. */
  const whyNoPair = (need: number): Pick<Unserved, 'reason' | 'rule'> => {
    if (pairs.of(need).length > 0) return { reason: 'NO_OTHER_OFFER' };
    const rule = pairs.ruleThatLeavesOutMost(need);
    return rule === undefined ? { reason: 'NO_OFFER_IN_FIELD' } : { reason: 'HARD_RULE', rule };
  };

  return inputs.needs.flatMap(({ id: needId, severity }: NeedInput, need): Unserved[] => {
    const lackAt = (week: number) => missing[need * problem.weeks.length + week] as number;
    const weeks = runsIn(problem.weeks, lackAt);
    if (weeks.length === 0) return [];
    const lackIn = (some: SolvedWeeks) => lackAt(some.weeks[0] as number);
    const hardest = solved.reduce((a, b) => (lackIn(b) * b.weeks.length > lackIn(a) * a.weeks.length ? b : a));
    const binding =
      pairsOf(need).length === 0
        ? { ...whyNoPair(need), nearestMisses: [] }
        : bindingIn(need, hardest, lackIn(hardest));
    const more = MOST_MISSES - binding.nearestMisses.length;
    const byRule = more === 0 ? [] : pairs.nearMisses(need, more);
    const ruleMisses = byRule.map(({ offerId, rule: lacks, change }): NearestMiss => ({ offerId, lacks, change }));
    const nearestMisses = [...binding.nearestMisses, ...ruleMisses];
    return [{ needId, severity, weeks, ...binding, nearestMisses }];
  });
}

/** By the least that one of its pairs lacks; `undefined` where all pairs were given up. */
function reasonOf(leastLack: number | undefined): BindingReason {
  if (leastLack === undefined) return 'LIMITS';
  if (leastLack <= 0) return 'ALL_TAKEN';
  // Within one class no offer is dearer than the best of its pairs, so that a lack is less than all points.
  return leastLack >= MOST_SCORE ? 'TAKEN_BY_MORE_SEVERE' : 'TAKEN_BY_HIGHER_SCORE';
}

/** Pairs are in the order of needs. */
function pairsByNeed(pairNeed: Int32Array, needs: number): (need: number) => readonly number[] {
  const found: number[][] = Array.from({ length: needs }, () => []);
  pairNeed.forEach((need, pair) => found[need]?.push(pair));
  return (need) => found[need] ?? [];
}

/** Of each need and week, at `need * weeks.length + week`, what is wanted and not served. */
function missingMinutes(
  { weeks, wanted, pairNeed }: BuiltProblem['problem'],
  solved: readonly SolvedWeeks[],
): Float64Array {
  const left = wanted.slice();
  for (const { weeks: equal, minutes } of solved) {
    minutes.forEach((some, pair) => {
      if (some === 0) return;
      for (const week of equal) {
        const at = (pairNeed[pair] as number) * weeks.length + week;
        left[at] = (left[at] as number) - some;
      }
    });
  }
  return left;
}
