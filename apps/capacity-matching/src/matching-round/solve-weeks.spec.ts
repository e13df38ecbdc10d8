import fc from 'fast-check';
import { tieOf, wordsOf } from './matching-problem';
import { randomProblem } from './random-problem.given';
import { type SolvedWeeks, solveWeeks } from './solve-weeks';

const shape = fc.record({
  needs: fc.integer({ min: 1, max: 12 }),
  offers: fc.integer({ min: 1, max: 8 }),
  weeks: fc.integer({ min: 1, max: 5 }),
  density: fc.constantFrom(20, 60, 100),
  hasBlocks: fc.boolean(),
  hasLimits: fc.boolean(),
});
const seed = fc.integer();

/** What each need and offer has in a week, and how many offers a need has. */
function sums(problem: ReturnType<typeof randomProblem>, { minutes }: SolvedWeeks) {
  const needs = problem.needIds.map(() => 0);
  const supporters = problem.needIds.map(() => 0);
  const offers = problem.offerIds.map(() => 0);
  minutes.forEach((some, pair) => {
    const [need, offer] = [problem.pairNeed[pair] as number, problem.pairOffer[pair] as number];
    needs[need] = (needs[need] as number) + some;
    offers[offer] = (offers[offer] as number) + some;
    if (some > 0) supporters[need] = (supporters[need] as number) + 1;
  });
  return { needs, offers, supporters };
}

describe('The weeks of a matching round', () => {
  it('are never oversold nor oversupplied, and keep minimum blocks and limits of supporters', () => {
    fc.assert(
      fc.property(seed, shape, (from, of) => {
        const problem = randomProblem(from, of);
        const solved = solveWeeks(problem);
        expect(solved.flatMap(({ weeks }) => weeks)).toEqual(problem.weeks.map((_, at) => at));
        for (const some of solved) {
          const { needs, offers, supporters } = sums(problem, some);
          for (const week of some.weeks) {
            needs.forEach((sum, at) => expect(sum).toBeLessThanOrEqual(problem.wanted[at * of.weeks + week] as number));
            offers.forEach((sum, at) => expect(sum).toBeLessThanOrEqual(problem.free[at * of.weeks + week] as number));
            some.minutes.forEach((minutes, pair) => {
              const block = problem.block[(problem.pairOffer[pair] as number) * of.weeks + week] as number;
              expect(minutes === 0 || minutes >= block).toBe(true);
            });
          }
          supporters.forEach((count, need) => {
            expect(count).toBeLessThanOrEqual(problem.mostSupporters[need] || Infinity);
          });
          expect(some.objective).toBeLessThanOrEqual(some.bound);
        }
      }),
    );
  });

  it('gain as much as can be, which the bound proves, where no pair had to be given up', () => {
    let gaps = 0;
    fc.assert(
      fc.property(seed, shape, (from, of) => {
        for (const { isOptimal, objective, bound, givenUp } of solveWeeks(randomProblem(from, of))) {
          expect(isOptimal).toBe(true);
          if (!givenUp.includes(1)) expect(objective).toBe(bound);
          else if (objective < bound) gaps += 1;
        }
      }),
    );
    expect(gaps).toBeGreaterThan(0);
  });

  it('are solved each as if there were no other, and once where they are equal', () => {
    fc.assert(
      fc.property(seed, shape, (from, of) => {
        const problem = randomProblem(from, of);
        for (const some of solveWeeks(problem)) {
          for (const week of some.weeks) {
            const only = (values: Float64Array, rows: number) =>
              Float64Array.from({ length: rows }, (_, row) => values[row * of.weeks + week] as number);
            const [alone] = solveWeeks({
              ...{ ...problem, weeks: [problem.weeks[week] as string], wanted: only(problem.wanted, of.needs) },
              ...{ free: only(problem.free, of.offers), block: only(problem.block, of.offers) },
            });
            expect(alone?.minutes).toEqual(some.minutes);
            expect(alone?.certificate).toBe(some.certificate);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('have the same result in whichever order pairs come', () => {
    fc.assert(
      fc.property(seed, shape, (from, of) => {
        const problem = randomProblem(from, of);
        const order = [...problem.pairNeed.keys()].reverse();
        const turned = (values: Int32Array) => Int32Array.from(order, (pair) => values[pair] as number);
        const other = {
          ...{ ...problem, pairNeed: turned(problem.pairNeed), pairOffer: turned(problem.pairOffer) },
          pairScore: turned(problem.pairScore),
        };
        const results = solveWeeks(other);
        solveWeeks(problem).forEach(({ minutes, certificate }, at) => {
          expect(order.map((pair) => minutes[pair])).toEqual([...(results[at]?.minutes ?? [])]);
          expect(results[at]?.certificate).toBe(certificate);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('serve as much as can be of the most severe class before any score counts', () => {
    fc.assert(
      fc.property(seed, shape, (from, of) => {
        const problem = { ...randomProblem(from, { ...of, hasBlocks: false, hasLimits: false }) };
        const severe = problem.pairScore.map((score, pair) =>
          problem.severityClass[problem.pairNeed[pair] as number] === 2 ? score : 0,
        );
        const kept = [...severe.keys()].filter((pair) => (severe[pair] as number) > 0);
        const only = (values: Int32Array) => Int32Array.from(kept, (pair) => values[pair] as number);
        const alone = solveWeeks({
          ...{ ...problem, pairNeed: only(problem.pairNeed), pairOffer: only(problem.pairOffer) },
          pairScore: only(problem.pairScore),
        });
        solveWeeks(problem).forEach(({ servedMinutes }, at) => {
          expect(servedMinutes[2]).toBe(alone[at]?.servedMinutes[2]);
        });
      }),
    );
  });

  it('stop when they are told to, with what is found so far and an honest bound', () => {
    const problem = randomProblem(7, {
      ...{ needs: 200, offers: 80, weeks: 1, density: 60 },
      hasBlocks: false,
      hasLimits: false,
    });
    const [best] = solveWeeks(problem);
    const [stopped] = solveWeeks(problem, { shouldStop: () => true });
    expect(stopped?.isOptimal).toBe(false);
    expect(stopped?.objective).toBeLessThan(best?.objective ?? 0);
    expect(stopped?.bound).toBeGreaterThanOrEqual(best?.objective ?? Infinity);
  });
});

describe('The tie between a need and an offer', () => {
  it('is 36 bits that differ where names differ', () => {
    const { needIds, offerIds } = randomProblem(3, {
      ...{ needs: 200, offers: 200, weeks: 1, density: 1, hasBlocks: false, hasLimits: false },
    });
    const ties = needIds.flatMap((need) => offerIds.map((offer) => tieOf(wordsOf(need), wordsOf(offer))));
    expect(ties.every((tie) => Number.isInteger(tie) && tie >= 0 && tie < 2 ** 36)).toBe(true);
    expect(new Set(ties).size).toBeGreaterThan(ties.length - 2);
    const mean = ties.reduce((sum, tie) => sum + tie, 0) / ties.length / 2 ** 36;
    expect(mean).toBeCloseTo(0.5, 1);
  });
});
