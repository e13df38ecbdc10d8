import fc from 'fast-check';
import { KeptBasis } from './kept-basis';
import type { MatchingProblem } from './matching-problem';
import { onlyPairs, randomFrom, randomProblem } from './random-problem.given';
import { solveWeeks } from './solve-weeks';

const rounds = fc.record({
  seed: fc.integer(),
  needs: fc.integer({ min: 2, max: 14 }),
  offers: fc.integer({ min: 2, max: 9 }),
  weeks: fc.integer({ min: 2, max: 5 }),
  hasBlocks: fc.boolean(),
  hasLimits: fc.boolean(),
});

/** Another round over the same world: some come and go, ask and have something else, fit better or worse; the weeks go on. */
function roundOver(world: MatchingProblem, random: (below: number) => number): MatchingProblem {
  const { needIds, offerIds, severityClass, mostSupporters, pairNeed, pairOffer } = world;
  const some = (count: number) => Array.from({ length: count }, (_, at) => at).filter(() => random(6) > 0);
  const [needs, offers] = [some(needIds.length), some(offerIds.length)];
  const first = random(2);
  const scoresChangeBy = [0, 2, 1000][random(3)] as number;
  const rows = (values: Float64Array, inOrder: readonly number[], changed: number) =>
    Float64Array.from(
      inOrder.flatMap((row) => {
        const isChanged = random(100) < changed;
        const own = values.slice(row * world.weeks.length + first, (row + 1) * world.weeks.length);
        return [...own].map((minutes) => (isChanged ? 30 * random(20) : minutes));
      }),
    );
  const pairs = [...pairNeed.keys()].filter(
    (pair) => needs.includes(pairNeed[pair] as number) && offers.includes(pairOffer[pair] as number) && random(20) > 0,
  );
  const free = rows(world.free, offers, 20);
  return {
    ...{ weeks: world.weeks.slice(first), wanted: rows(world.wanted, needs, 20), free },
    block: rows(world.block, offers, 0).map((block, at) => Math.min(block, free[at] as number)),
    needIds: needs.map((at) => needIds[at] as string),
    offerIds: offers.map((at) => offerIds[at] as string),
    severityClass: Uint8Array.from(needs, (at) => severityClass[at] as number),
    mostSupporters: Uint16Array.from(
      needs.flatMap((at) => [...mostSupporters.slice(at * world.weeks.length + first, (at + 1) * world.weeks.length)]),
    ),
    pairNeed: Int32Array.from(pairs, (pair) => needs.indexOf(pairNeed[pair] as number)),
    pairOffer: Int32Array.from(pairs, (pair) => offers.indexOf(pairOffer[pair] as number)),
    pairFirstWeek: Int16Array.from(pairs, (pair) => Math.max(0, (world.pairFirstWeek[pair] as number) - first)),
    pairLastWeek: Int16Array.from(pairs, (pair) => (world.pairLastWeek[pair] as number) - first),
    pairScore: Int32Array.from(pairs, (pair) =>
      Math.min(1000, (world.pairScore[pair] as number) + random(1 + scoresChangeBy)),
    ),
  };
}

describe('What is kept of the bases of a round', () => {
  it('changes nothing that later rounds find, whatever has changed by then', () => {
    let begunFromIt = 0;
    fc.assert(
      fc.property(rounds, ({ seed, ...shape }) => {
        const random = randomFrom(seed);
        const world = randomProblem(seed, { ...shape, density: 60 });
        const kept = new KeptBasis();
        for (let round = 0; round < 5; round += 1) {
          const problem = roundOver(world, random);
          begunFromIt += kept.pairsByWeek(problem).size;
          expect(solveWeeks(problem, { kept })).toEqual(solveWeeks(problem));
        }
      }),
    );
    expect(begunFromIt).toBeGreaterThan(100);
  });

  it('is of the last round, by the ids of needs and offers, in the order of the basis', () => {
    const world = randomProblem(3, { needs: 12, offers: 8, weeks: 3, density: 60, hasBlocks: true, hasLimits: true });
    const kept = new KeptBasis();
    const pairs = Int32Array.of(7, 2, 5);
    kept.keep(world, [{ weeks: [0, 1], pairs }]);
    expect(kept.pairsByWeek(world)).toEqual(
      new Map([
        ['2026-W15', pairs],
        ['2026-W16', pairs],
      ]),
    );
    const isLeft = [...world.pairNeed.keys()].filter((pair) => pair !== 2);
    const fewer = onlyPairs(world, isLeft);
    expect(kept.pairsByWeek(fewer).get('2026-W15')).toEqual(Int32Array.of(6, 4));
    kept.keep(world, [{ weeks: [2], pairs }]);
    expect([...kept.pairsByWeek(world).keys()]).toEqual(['2026-W17']);
  });

  it('is left where scores are others by more than a tenth of the most', () => {
    const world = randomProblem(4, { needs: 12, offers: 8, weeks: 1, density: 60, hasBlocks: false, hasLimits: false });
    const kept = new KeptBasis();
    solveWeeks(world, { kept });
    const by = (points: number) => ({ ...world, pairScore: world.pairScore.map((score) => score + points) });
    expect(kept.pairsByWeek(by(100)).size).toBe(1);
    expect(kept.pairsByWeek(by(101)).size).toBe(0);
  });
});
