import { createHash } from 'node:crypto';
import { buildProblem } from './build-problem';
import { matchingRoundEvents } from './matching-round.events';
import { randomProblem } from './random-problem.given';
import { randomInputs } from './round-inputs.given';
import { ROUND_METHOD } from './round-method';
import { roundResult } from './round-result';
import { solveWeeks } from './solve-weeks';

/** What comes of the inputs of this specification by each method: no line is ever changed, a change of the rules adds one. */
const resultsByMethod: Readonly<Record<number, string>> = {
  2: 'd00a5fcf16d9d566ac0516d1c62c07e245f146a69018e1357513ac8456155f01',
};
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('The rules by which a round follows from what it saw', () => {
  it('are those of their number', () => {
    const results = Array.from({ length: 4 }, (_, seed) => {
      const inputs = randomInputs(seed, { offers: 12, needs: 20 });
      const built = buildProblem(inputs);
      return roundResult(inputs, built, solveWeeks(built.problem), sha256);
    });
    const limits = { hasBlocks: true, hasLimits: true };
    const small = { needs: 20, offers: 15, weeks: 7, density: 50, ...limits };
    // With so many pairs the search for what can be taken back comes to the end of its trials.
    const large = { needs: 100, offers: 100, weeks: 1, density: 80, ...limits };
    const minutes = [small, large].map((shape) =>
      solveWeeks(randomProblem(1, shape)).map((solved) => [...solved.minutes]),
    );
    expect(sha256(JSON.stringify([results, minutes]))).toBe(resultsByMethod[ROUND_METHOD]);
  });

  it('had the first number before they were numbered', () => {
    const [lift] = matchingRoundEvents.definitions.RoundSolved.upcasters;
    expect(lift({ pairs: 1 })).toEqual({ pairs: 1, method: 1 });
  });
});
