import type { Highs } from 'highs';
import type { MatchingProblem } from './matching-problem';
import { isWithin } from './week-network';

/**
 * The most that can be gained in one week under minimum blocks and limits of supporters, by HiGHS as a mixed-integer
 * program: of each pair its minutes, and whether it has any. Which pairs have any decides; what is left is a transport with
 * lower bounds, whose optimum is whole.
 */
export function mostGainOfWeekByHighs(
  highs: Highs,
  problem: MatchingProblem,
  gains: Float64Array,
  week: number,
): number {
  const { weeks, needIds, offerIds, wanted, free, block, mostSupporters, pairNeed, pairOffer } = problem;
  const of = (values: Float64Array | Uint16Array, row: number) => values[row * weeks.length + week] as number;
  const pairs = Array.from(pairNeed, (need, pair) => {
    const offer = pairOffer[pair] as number;
    const most = isWithin(problem, pair, week) ? Math.min(of(wanted, need), of(free, offer)) : 0;
    return { need, offer, gain: gains[pair] as number, most };
  });
  const [needs, offers, count] = [needIds.length, offerIds.length, pairs.length];
  const sold = needs;
  const supporters = sold + offers;
  const atMost = supporters + needs;
  const atLeast = atMost + count;
  const numRows = atLeast + count;
  const ofMinutes = pairs.flatMap(({ need, offer }, pair) => [need, sold + offer, atMost + pair, atLeast + pair]);
  const ofUses = pairs.flatMap(({ need }, pair) => [supporters + need, atMost + pair, atLeast + pair]);
  const unlimited = (need: number) => of(mostSupporters, need) || highs.infinity;
  const model = highs.createModel({
    sense: highs.constants.objectiveSense.maximize,
    ...{ numCols: 2 * count, numRows },
    colCost: [...pairs.map(({ gain }) => gain), ...pairs.map(() => 0)],
    colLower: new Float64Array(2 * count),
    colUpper: [...pairs.map(({ most }) => most), ...pairs.map(() => 1)],
    rowLower: new Float64Array(numRows).fill(-highs.infinity),
    rowUpper: [
      ...needIds.map((_, need) => of(wanted, need)),
      ...offerIds.map((_, offer) => of(free, offer)),
      ...needIds.map((_, need) => unlimited(need)),
      ...new Float64Array(2 * count),
    ],
    integrality: [
      ...pairs.map(() => highs.constants.variableType.continuous),
      ...pairs.map(() => highs.constants.variableType.integer),
    ],
    matrix: {
      ...{ format: 'csc', numRows, numCols: 2 * count },
      starts: Array.from(
        { length: 2 * count + 1 },
        (_, column) => 4 * Math.min(column, count) + 3 * Math.max(0, column - count),
      ),
      indices: [...ofMinutes, ...ofUses],
      values: [
        ...pairs.flatMap(() => [1, 1, 1, -1]),
        ...pairs.flatMap(({ offer, most }) => [1, -most, of(block, offer)]),
      ],
    },
  });
  try {
    model.options.set({ output_flag: false, mip_rel_gap: 0, mip_abs_gap: 0 });
    const { modelStatus } = model.run();
    if (modelStatus !== highs.constants.modelStatus.optimal) throw new Error(`HiGHS ended with status ${modelStatus}.`);
    return model.getObjectiveValue();
  } finally {
    model.dispose();
  }
}
