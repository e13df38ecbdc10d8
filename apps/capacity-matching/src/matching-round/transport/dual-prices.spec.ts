import fc from 'fast-check';
import { certificateOf } from '../certificate';
import { randomTransport, shapes } from './random-transport.given';
import { reordered, smallTransports } from './small-transports.given';
import { networkOf, sumOf, type Transport } from './transport.given';

function solved(transport: Transport) {
  const built = networkOf(transport);
  built.network.solve();
  const prices = built.network.dualPrices();
  return {
    ...built,
    prices,
    needPrices: built.needs.map((need) => prices[need] as number),
    offerPrices: built.offers.map((offer) => prices[offer] as number),
  };
}

function mostGain(transport: Transport): number {
  return solved(transport).network.objective();
}

/** The list with so much more at the place. */
function withMore(list: readonly number[], place: number, more: number): readonly number[] {
  return list.map((one, at) => (at === place ? one + more : one));
}

function certificate(
  { network, needPrices, offerPrices }: ReturnType<typeof solved>,
  names: readonly string[],
): string {
  const prices = new Map([...needPrices, ...offerPrices].map((price, at) => [names[at] as string, price]));
  return certificateOf(network.objective(), prices);
}

describe('the dual prices of a transport network', () => {
  it('are what one minute more of a need would gain, and one minute less of an offer would lose', () => {
    fc.assert(
      fc.property(smallTransports, (transport) => {
        const { network, needPrices, offerPrices } = solved(transport);
        const { demands, capacities } = transport;
        const gained = demands.map(
          (_, need) => mostGain({ ...transport, demands: withMore(demands, need, 1) }) - network.objective(),
        );
        expect(needPrices).toEqual(gained);
        capacities.forEach((minutes, offer) => {
          if (minutes === 0) return;
          const less = mostGain({ ...transport, capacities: withMore(capacities, offer, -1) });
          expect(offerPrices[offer]).toBe(network.objective() - less);
        });
      }),
      { numRuns: 300 },
    );
  });

  it.each(shapes)('prove the optimum of a transport that is $name, and lack nothing where minutes are', (shape) => {
    for (let seed = 88_000; seed < 88_010; seed += 1) {
      const transport = randomTransport(shape, seed);
      const { network, needs, offers, arcs, prices } = solved(transport);
      const { demands, capacities } = transport;
      expect(prices.every((price) => Number.isInteger(price) && price >= 0)).toBe(true);
      const lacks = arcs.map((arc) => network.lackOf(arc, prices));
      expect(lacks.filter((lack) => lack < 0)).toEqual([]);
      expect(lacks.filter((lack, at) => lack > 0 && network.minutesOf(arcs[at] as number) > 0)).toEqual([]);
      const worth = (minutes: readonly number[], nodes: readonly number[]) =>
        sumOf(minutes.map((one, at) => one * (prices[nodes[at] as number] as number)));
      expect(worth(demands, needs) + worth(capacities, offers)).toBe(network.objective());
    }
  });

  it('tell how much the score of a pair lacks to serve a need that goes without', () => {
    fc.assert(
      fc.property(smallTransports, (transport) => {
        const { network, arcs, prices } = solved(transport);
        transport.pairs.forEach((pair, at) => {
          const lack = network.lackOf(arcs[at] as number, prices);
          const served = sumOf(
            transport.pairs.map(({ need }, other) =>
              need === pair.need ? network.minutesOf(arcs[other] as number) : 0,
            ),
          );
          const capacity = transport.capacities[pair.offer] as number;
          if (served >= (transport.demands[pair.need] as number) || capacity === 0 || lack === 0) return;
          const withGain = (gain: number) => ({ ...transport, pairs: transport.pairs.with(at, { ...pair, gain }) });
          expect(mostGain(withGain(pair.gain + lack))).toBe(network.objective());
          expect(mostGain(withGain(pair.gain + lack + 1))).toBeGreaterThan(network.objective());
        });
      }),
      { numRuns: 300 },
    );
  });

  it('have one certificate, whatever the order of what comes in', () => {
    const cases = smallTransports.chain((transport) =>
      fc.record({ transport: fc.constant(transport), other: reordered(transport) }),
    );
    fc.assert(
      fc.property(cases, ({ transport, other }) => {
        const name = (kind: string) => (at: number) => `${kind}-${at}`;
        const names = [
          ...transport.demands.map((_, at) => `need-${at}`),
          ...transport.capacities.map((_, at) => `offer-${at}`),
        ];
        const otherNames = [...other.needs.map(name('need')), ...other.offers.map(name('offer'))];
        expect(certificate(solved(other.transport), otherNames)).toBe(certificate(solved(transport), names));
      }),
      { numRuns: 500 },
    );
  });

  it('are not there before an optimum is', () => {
    const pairs = [{ need: 0, offer: 0, gain: 1, tie: 0 }];
    const { network } = networkOf({ demands: [1], capacities: [1], pairs });
    expect(() => network.dualPrices()).toThrow('solve first');
  });
});
