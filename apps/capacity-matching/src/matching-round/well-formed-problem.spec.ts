import type { MatchingProblem } from './matching-problem';
import { randomProblem } from './random-problem.given';
import { solveWeeks } from './solve-weeks';

const problem = randomProblem(5, {
  ...{ needs: 4, offers: 3, weeks: 2, density: 100 },
  ...{ hasBlocks: true, hasLimits: true },
});
/** The array with another first entry. */
const spoiled = <Values extends Uint8Array | Int32Array>(values: Values, first: number): Values => {
  const other = values.slice() as Values;
  other[0] = first;
  return other;
};

describe('A problem whose arrays do not fit together', () => {
  it.each<[string, Partial<MatchingProblem>]>([
    ['wanted has 7 entries; 8 are needed.', { wanted: problem.wanted.slice(1) }],
    ['free has 5 entries; 6 are needed.', { free: problem.free.slice(1) }],
    ['block has 0 entries; 6 are needed.', { block: new Float64Array() }],
    ['severityClass has 3 entries; 4 are needed.', { severityClass: problem.severityClass.slice(1) }],
    ['mostSupporters has 0 entries; 8 are needed.', { mostSupporters: new Uint16Array() }],
    ['pairOffer has 11 entries; 12 are needed.', { pairOffer: problem.pairOffer.slice(1) }],
    ['pairFirstWeek has 11 entries; 12 are needed.', { pairFirstWeek: problem.pairFirstWeek.slice(1) }],
    ['pairLastWeek has 11 entries; 12 are needed.', { pairLastWeek: problem.pairLastWeek.slice(1) }],
    ['pairScore has 11 entries; 12 are needed.', { pairScore: problem.pairScore.slice(1) }],
    ['severityClass is 3 at 0; it has to be from 0 to 2.', { severityClass: spoiled(problem.severityClass, 3) }],
    ['pairNeed is 4 at 0; it has to be from 0 to 3.', { pairNeed: spoiled(problem.pairNeed, 4) }],
    ['pairOffer is -1 at 0; it has to be from 0 to 2.', { pairOffer: spoiled(problem.pairOffer, -1) }],
    ['pairScore is 0 at 0; it has to be from 1 to 1000.', { pairScore: spoiled(problem.pairScore, 0) }],
  ])('is refused: %s', (message, change) => {
    expect(() => solveWeeks({ ...problem, ...change })).toThrow(new RangeError(message));
  });

  it.each<[string, Partial<MatchingProblem>]>([
    ['half a minute', { wanted: problem.wanted.map(() => 0.5) }],
    ['less than none', { free: problem.free.map(() => -30) }],
  ])('is refused with %s', (_, change) => {
    expect(() => solveWeeks({ ...problem, ...change })).toThrow(RangeError);
  });
});
