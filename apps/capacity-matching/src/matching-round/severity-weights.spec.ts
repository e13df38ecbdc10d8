import { MOST_SCORE, randomTransport, shapes } from './transport/random-transport.given';
import { severityWeights } from './severity-weights';
import { lexicographic, networkOf, type Transport } from './transport/transport.given';

const size = { classes: 3, mostScore: 1000, needs: 20_000, offers: 8000, neededMinutes: 4e7, offeredMinutes: 2e7 };

type Minutes = readonly number[];

function solvedMinutes(transport: Transport): Minutes {
  const { network, arcs } = networkOf(transport);
  network.solve();
  expect(network.bound()).toBe(network.objective());
  return arcs.map((arc) => network.minutesOf(arc));
}

/** The minutes of each class, and of all the points of their scores. */
function countedBy(classOf: readonly number[], { pairs }: Transport, minutes: Minutes) {
  const byClass = [0, 0, 0];
  let points = 0;
  pairs.forEach(({ need, gain }, at) => {
    const ofClass = classOf[need] as number;
    byClass[ofClass] = (byClass[ofClass] as number) + (minutes[at] as number);
    points += gain * (minutes[at] as number);
  });
  return { byClass, points };
}

/**
 * Class by class: how many minutes of the most severe one can be served; then how many of this and the next one, whatever
 * both take; and so on. What is served of the more severe ones stays as much, since minutes that were served can be
 * rerouted, but need not be given up, when more are (the needs that can be served together are a matroid).
 */
function minutesClassByClass(classOf: readonly number[], transport: Transport): readonly number[] {
  const byClass = [0, 0, 0];
  let before = 0;
  for (let least = 2; least >= 0; least -= 1) {
    const severe = transport.pairs.filter(({ need }) => (classOf[need] as number) >= least);
    const served = solvedMinutes({ ...transport, pairs: severe.map((pair) => ({ ...pair, gain: 1 })) });
    const all = served.reduce((sum, one) => sum + one, 0);
    byClass[least] = all - before;
    before = all;
  }
  return byClass;
}

describe('the weights of severity classes', () => {
  it('are the multiples of the least number that suffices', () => {
    expect(severityWeights(size)).toEqual([8_000_001, 16_000_002, 24_000_003]);
  });

  it.each(shapes)('serve the same minutes as class by class, on transports that are $name', (shape) => {
    for (let seed = 99_000; seed < 99_020; seed += 1) {
      const { classOf, ...transport } = randomTransport(shape, seed);
      const minutes = solvedMinutes(lexicographic(transport, classOf, MOST_SCORE));
      expect({ seed, byClass: countedBy(classOf, transport, minutes).byClass }).toEqual({
        seed,
        byClass: minutesClassByClass(classOf, transport),
      });
    }
  });

  it('do not let a minute of a higher class go for the points of many pairs', () => {
    // The one severe need can be served only if each other need moves on to an offer that suits it worst.
    const chain = [...Array(20).keys()];
    const transport = {
      demands: [1, ...chain.map(() => 1)],
      capacities: [1, ...chain.map(() => 1)],
      pairs: [
        { need: 0, offer: 0, gain: 0, tie: 0 },
        ...chain.flatMap((at) => [
          { need: at + 1, offer: at, gain: MOST_SCORE, tie: 0 },
          { need: at + 1, offer: at + 1, gain: 0, tie: 0 },
        ]),
      ],
    };
    const classOf = [1, ...chain.map(() => 0)];
    const minutes = solvedMinutes(lexicographic(transport, classOf, MOST_SCORE));
    expect(countedBy(classOf, transport, minutes)).toEqual({ byClass: [20, 1, 0], points: 0 });
  });

  it('refuse a size at which a sum could pass 2^53', () => {
    expect(() => severityWeights({ ...size, offeredMinutes: 3.7e8, neededMinutes: 4e8 })).not.toThrow();
    expect(() => severityWeights({ ...size, offeredMinutes: 3.8e8, neededMinutes: 4e8 })).toThrow(
      new RangeError(
        'The transport is too large to be exact: a gain of 24001003 times all minutes that can move (380000000) passes 2^53.',
      ),
    );
  });
});
