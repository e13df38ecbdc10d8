import loadHighs, { type Highs } from 'highs';
import { MOST_SCORE, randomTransport, shapes } from './random-transport.given';
import { mostGainByHighs } from './transport-by-highs.given';
import { lexicographic, networkOf, type Transport } from './transport.given';

const SEEDS_A_SHAPE = 25;

describe('the transport network against HiGHS, on 300 random instances', () => {
  let highs: Highs;
  beforeAll(async () => {
    highs = await loadHighs();
  });

  const cases = shapes.flatMap((shape, at) =>
    Array.from({ length: SEEDS_A_SHAPE }, (_, index) => ({ shape, seed: 1000 * (at + 1) + index })),
  );

  function sameAsHighs(transport: Transport): void {
    const { network } = networkOf(transport);
    expect(network.solve().isOptimal).toBe(true);
    expect(network.bound()).toBe(network.objective());
    const reference = mostGainByHighs(highs, transport);
    expect(Math.abs(reference - Math.round(reference))).toBeLessThan(0.01);
    expect(network.objective()).toBe(Math.round(reference));
  }

  it.each(cases)('gains as much on a transport that is $shape.name, seed $seed', ({ shape, seed }) => {
    sameAsHighs(randomTransport(shape, seed));
  });

  it.each(cases)('gains as much by classes on one that is $shape.name, seed $seed', ({ shape, seed }) => {
    const transport = randomTransport(shape, seed);
    sameAsHighs(lexicographic(transport, transport.classOf, MOST_SCORE));
  });
});
