import type { Highs } from 'highs';
import type { GeneratedTransport } from './generated-transport';

/** Builds the model and solves it, by arrays, which HiGHS takes fastest: a row a need and an offer, a column a pair. */
export function solveByHighs(highs: Highs, transport: GeneratedTransport, gains: Float64Array): number {
  const { demands, capacities, need, offer } = transport;
  const [numRows, numCols] = [demands.length + capacities.length, need.length];
  const rowUpper = new Float64Array(numRows);
  rowUpper.set(demands);
  rowUpper.set(capacities, demands.length);
  const indices = new Int32Array(2 * numCols);
  for (let pair = 0; pair < numCols; pair += 1) {
    indices[2 * pair] = need[pair]!;
    indices[2 * pair + 1] = demands.length + offer[pair]!;
  }
  const model = highs.createModel({
    sense: highs.constants.objectiveSense.maximize,
    numCols,
    numRows,
    colCost: gains,
    colLower: new Float64Array(numCols),
    colUpper: new Float64Array(numCols).fill(highs.infinity),
    rowLower: new Float64Array(numRows).fill(-highs.infinity),
    rowUpper,
    matrix: {
      format: 'csc',
      numRows,
      numCols,
      starts: Int32Array.from({ length: numCols + 1 }, (_, pair) => 2 * pair),
      indices,
      values: new Float64Array(2 * numCols).fill(1),
    },
  });
  try {
    model.options.set({ output_flag: false });
    const { modelStatus } = model.run();
    if (modelStatus !== highs.constants.modelStatus.optimal) throw new Error(`HiGHS ended with status ${modelStatus}.`);
    return Math.round(model.getObjectiveValue());
  } finally {
    model.dispose();
  }
}
