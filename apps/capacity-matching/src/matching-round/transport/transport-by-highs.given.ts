import type { Highs } from 'highs';
import type { Transport } from './transport.given';

/** The most that can be gained, by HiGHS: a row a need and an offer, a column a pair. */
export function mostGainByHighs(highs: Highs, { demands, capacities, pairs }: Transport): number {
  const model = highs.createModel({
    sense: highs.constants.objectiveSense.maximize,
    numCols: pairs.length,
    numRows: demands.length + capacities.length,
    colCost: pairs.map(({ gain }) => gain),
    colLower: pairs.map(() => 0),
    colUpper: pairs.map(() => highs.infinity),
    rowLower: [...demands, ...capacities].map(() => -highs.infinity),
    rowUpper: [...demands, ...capacities],
    matrix: {
      format: 'csc',
      numRows: demands.length + capacities.length,
      numCols: pairs.length,
      starts: Array.from({ length: pairs.length + 1 }, (_, pair) => 2 * pair),
      indices: pairs.flatMap(({ need, offer }) => [need, demands.length + offer]),
      values: pairs.flatMap(() => [1, 1]),
    },
  });
  try {
    model.options.set({ output_flag: false });
    const { modelStatus } = model.run();
    if (modelStatus !== highs.constants.modelStatus.optimal) throw new Error(`HiGHS ended with status ${modelStatus}.`);
    return model.getObjectiveValue();
  } finally {
    model.dispose();
  }
}
