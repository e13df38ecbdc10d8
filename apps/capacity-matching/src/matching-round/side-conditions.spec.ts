import loadHighs, { type Highs } from 'highs';
import { randomProblem } from './random-problem.given';
import { pairGains, solveWeeks } from './solve-weeks';
import { mostGainOfWeekByHighs } from './week-by-highs.given';

const SEEDS = 20;
const sizes = [
  { needs: 6, offers: 4, density: 100 },
  { needs: 12, offers: 8, density: 20 },
  { needs: 9, offers: 6, density: 60 },
];
/** Of the best, on average. Without the search for what can be taken back, each of these shapes loses more. */
const shapes = sizes.flatMap((size) => [
  { ...size, hasBlocks: true, hasLimits: false, losesLessThan: 0.01 },
  { ...size, hasBlocks: false, hasLimits: true, losesLessThan: 0.001 },
  { ...size, hasBlocks: true, hasLimits: true, losesLessThan: 0.01 },
]);

describe('Minimum blocks and limits of supporters, against HiGHS on 180 random weeks', () => {
  let highs: Highs;
  beforeAll(async () => {
    highs = await loadHighs();
  });

  /** What is gained, what could be at most, and what the bound says. */
  function compared(shape: (typeof shapes)[number], seed: number) {
    const problem = randomProblem(seed, { ...shape, weeks: 1 });
    const [solved] = solveWeeks(problem);
    const best = mostGainOfWeekByHighs(highs, problem, pairGains(problem), 0);
    expect(Math.abs(best - Math.round(best))).toBeLessThan(0.01);
    return { gained: solved?.objective ?? 0, bound: solved?.bound ?? 0, best: Math.round(best) };
  }

  it.each(shapes)(
    'gain no more than can be, little less, and the bound is above: $needs × $offers, $density %, blocks $hasBlocks, limits $hasLimits',
    (shape) => {
      let lost = 0;
      for (let seed = 0; seed < SEEDS; seed += 1) {
        const { gained, best, bound } = compared(shape, seed);
        expect(gained).toBeLessThanOrEqual(best);
        expect(bound).toBeGreaterThanOrEqual(best);
        lost += best === 0 ? 0 : (best - gained) / best;
      }
      expect(lost / SEEDS).toBeLessThan(shape.losesLessThan);
    },
  );
});
