import fc from 'fast-check';
import { bestByPaths } from './best-by-paths.given';
import { randomTransport, shapes } from './random-transport.given';
import { reordered, smallTransports } from './small-transports.given';
import { networkOf, type Transport } from './transport.given';
import { TransportNetwork } from './transport-network';

function expectFeasible({ demands, capacities, pairs }: Transport, minutes: readonly number[]): void {
  expect(minutes.every((one) => Number.isInteger(one) && one >= 0)).toBe(true);
  const [served, used] = [demands.map(() => 0), capacities.map(() => 0)];
  pairs.forEach(({ need, offer }, at) => {
    served[need] = (served[need] ?? 0) + (minutes[at] ?? 0);
    used[offer] = (used[offer] ?? 0) + (minutes[at] ?? 0);
  });
  expect(served.every((one, need) => one <= (demands[need] ?? 0))).toBe(true);
  expect(used.every((one, offer) => one <= (capacities[offer] ?? 0))).toBe(true);
}

describe('the transport network', () => {
  it('gains as much as another way altogether, keeps to all minutes, and proves it by prices', () => {
    fc.assert(
      fc.property(smallTransports, (transport) => {
        const { network, arcs } = networkOf(transport);
        expect(network.solve().isOptimal).toBe(true);
        expect(network.objective()).toBe(bestByPaths(transport));
        expect(network.bound()).toBe(network.objective());
        expectFeasible(
          transport,
          arcs.map((arc) => network.minutesOf(arc)),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('has one result, whatever the order of needs, offers and pairs', () => {
    const cases = smallTransports.chain((transport) =>
      fc.record({ transport: fc.constant(transport), other: reordered(transport) }),
    );
    fc.assert(
      fc.property(cases, ({ transport, other }) => {
        const one = networkOf(transport);
        const another = networkOf(other.transport);
        one.network.solve();
        another.network.solve();
        expect(another.arcs.map((arc) => another.network.minutesOf(arc))).toEqual(
          other.pairs.map((pair) => one.network.minutesOf(one.arcs[pair] as number)),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('finds the same from whatever pairs it is told to begin with', () => {
    fc.assert(
      fc.property(smallTransports, fc.infiniteStream(fc.nat()), (transport, places) => {
        const [one, other] = [networkOf(transport), networkOf(transport)];
        one.network.solve();
        const { arcs } = other;
        const hint = arcs.length === 0 ? [] : [...places.take(12)].map((place) => arcs[place % arcs.length] as number);
        other.network.solve({ hint });
        expect(arcs.map((arc) => other.network.minutesOf(arc))).toEqual(
          one.arcs.map((arc) => one.network.minutesOf(arc)),
        );
        expect(other.network.dualPrices()).toEqual(one.network.dualPrices());
      }),
      { numRuns: 500 },
    );
  });

  it.each(shapes)('needs no pivot from the basis of one that is the same: $name', (shape) => {
    const random = randomTransport(shape, 88_000, { needs: [300, 400], offers: [150, 200] });
    // An offer without minutes can be anywhere in a basis, and begins at the root.
    const transport = { ...random, capacities: random.capacities.map((minutes) => Math.max(minutes, shape.block)) };
    const { network } = networkOf(transport);
    expect(network.solve().pivots).toBeGreaterThan(0);
    const again = networkOf(transport).network;
    expect(again.solve({ hint: network.basisPairs() })).toEqual({ isOptimal: true, pivots: 0 });
    expect(again.objective()).toBe(network.objective());
  });

  it('keeps to all minutes when it is stopped, says how much could be missing, and goes on from there', () => {
    let stops = 0;
    for (const [at, shape] of shapes.entries()) {
      const transport = randomTransport(shape, 77_000 + at);
      const whole = networkOf(transport);
      whole.network.solve();
      const { network, arcs } = networkOf(transport);
      while (!network.solve({ shouldStop: () => true }).isOptimal) {
        stops += 1;
        expect(stops).toBeLessThan(100);
        expectFeasible(
          transport,
          arcs.map((arc) => network.minutesOf(arc)),
        );
        expect(network.objective()).toBeLessThanOrEqual(whole.network.objective());
        expect(network.bound()).toBeGreaterThanOrEqual(whole.network.objective());
      }
      expect(arcs.map((arc) => network.minutesOf(arc))).toEqual(whole.arcs.map((arc) => whole.network.minutesOf(arc)));
    }
  });

  it.each([
    ['minutes of a need', (network: TransportNetwork) => network.addNeed(1.5), 'minutes is 1.5'],
    ['minutes of an offer', (network: TransportNetwork) => network.addOffer(-1), 'minutes is -1'],
    ['changed minutes', (network: TransportNetwork) => network.setMinutes(1, NaN), 'minutes is NaN'],
    ['a gain', (network: TransportNetwork) => network.addPair(1, 2, -3, 0), 'gain is -3'],
    ['a changed gain', (network: TransportNetwork) => network.setGain(0, -1), 'gain is -1'],
    ['a tie', (network: TransportNetwork) => network.addPair(1, 2, 3, 0.5), 'tie is 0.5'],
  ])('refuses %s that is no integer from 0 on', (_, change, says) => {
    const { network } = networkOf({ demands: [10], capacities: [10], pairs: [] });
    expect(() => change(network)).toThrow(new RangeError(`${says}; it has to be an integer from 0 on.`));
  });

  it('is exact up to its limit, and refuses to solve beyond it', () => {
    const gain = Math.floor(Number.MAX_SAFE_INTEGER / 3);
    const { network, needs } = networkOf({
      demands: [1, 1],
      capacities: [3],
      pairs: [
        { need: 0, offer: 0, gain, tie: 0 },
        { need: 1, offer: 0, gain: gain - 1, tie: 0 },
      ],
    });
    network.solve();
    expect(network.objective()).toBe(2 * gain - 1);
    expect(network.bound()).toBe(2 * gain - 1);
    network.setMinutes(needs[0] as number, 4);
    network.solve();
    expect(network.objective()).toBe(3 * gain);
    network.addPair(needs[1] as number, 3, gain + 1, 0);
    expect(() => network.solve()).toThrow(RangeError);
  });
});
