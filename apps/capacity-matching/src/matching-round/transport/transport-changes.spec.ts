import fc from 'fast-check';
import { MOST_SCORE, randomTransport, shapes } from './random-transport.given';
import { smallTransports } from './small-transports.given';
import { lexicographic, networkOf, type Pair, type Transport } from './transport.given';
import { TransportNetwork } from './transport-network';

const at = fc.nat();
const minutes = fc.integer({ min: 0, max: 8 });
const gain = fc.integer({ min: 1, max: 100 });
const tie = fc.noBias(fc.integer({ min: 0, max: 2 ** 36 - 1 }));

/** What may happen to a transport between two rounds; `at` is a place in its lists, counted round and round. */
const changes = fc.oneof(
  fc.record({ kind: fc.constant('change need' as const), at, minutes }),
  fc.record({ kind: fc.constant('withdraw need' as const), at, minutes: fc.constant(0) }),
  fc.record({ kind: fc.constant('change offer' as const), at, minutes }),
  fc.record({ kind: fc.constant('new pair' as const), at, other: at, gain, tie }),
  fc.record({ kind: fc.constant('change gain' as const), at, gain }),
  fc.record({ kind: fc.constant('close pair' as const), at }),
  fc.record({ kind: fc.constant('new need' as const), at, minutes, gain, tie }),
  fc.record({ kind: fc.constant('new offer' as const), at, minutes, gain, tie }),
  fc.record({ kind: fc.constant('solve' as const) }),
);
type Change = typeof changes extends fc.Arbitrary<infer One> ? One : never;

/** The solved network of a transport, and the transport itself, under the same changes. */
class Changing {
  readonly transport: { readonly demands: number[]; readonly capacities: number[]; readonly pairs: Pair[] };
  readonly closed = new Set<number>();
  readonly warm: ReturnType<typeof networkOf>;

  constructor({ demands, capacities, pairs }: Transport) {
    this.transport = { demands: [...demands], capacities: [...capacities], pairs: [...pairs] };
    this.warm = networkOf(this.transport);
    this.warm.network.solve();
  }

  apply(change: Change): void {
    const { demands, capacities } = this.transport;
    const { network, needs, offers, arcs } = this.warm;
    switch (change.kind) {
      case 'change need':
      case 'withdraw need': {
        const need = change.at % demands.length;
        demands[need] = change.minutes;
        return network.setMinutes(needs[need] as number, change.minutes);
      }
      case 'change offer': {
        const offer = change.at % capacities.length;
        capacities[offer] = change.minutes;
        return network.setMinutes(offers[offer] as number, change.minutes);
      }
      case 'new pair':
        return this.addPair(change.at % demands.length, change.other % capacities.length, change);
      case 'change gain':
        return this.changePair(change.at, (at) => {
          const { pairs } = this.transport;
          pairs[at] = { ...(pairs[at] as Pair), gain: change.gain };
          this.closed.delete(at);
          network.setGain(arcs[at] as number, change.gain);
        });
      case 'close pair':
        return this.changePair(change.at, (at) => {
          this.closed.add(at);
          network.closePair(arcs[at] as number);
        });
      case 'new need':
        demands.push(change.minutes);
        needs.push(network.addNeed(change.minutes));
        return this.addPair(demands.length - 1, change.at % capacities.length, change);
      case 'new offer':
        capacities.push(change.minutes);
        offers.push(network.addOffer(change.minutes));
        return this.addPair(change.at % demands.length, capacities.length - 1, change);
      case 'solve':
        network.solve();
    }
  }

  /** The transport without pairs that are closed, and where those that are left stand in the lists. */
  left(): { readonly transport: Transport; readonly pairs: readonly number[] } {
    const pairs = [...this.transport.pairs.keys()].filter((at) => !this.closed.has(at));
    return { transport: { ...this.transport, pairs: pairs.map((at) => this.transport.pairs[at] as Pair) }, pairs };
  }

  private changePair(place: number, change: (at: number) => void): void {
    const { length } = this.transport.pairs;
    if (length > 0) change(place % length);
  }

  private addPair(need: number, offer: number, { gain, tie }: { readonly gain: number; readonly tie: number }): void {
    const { pairs } = this.transport;
    if (pairs.some((pair) => pair.need === need && pair.offer === offer)) return;
    pairs.push({ need, offer, gain, tie });
    const { network, needs, offers, arcs } = this.warm;
    arcs.push(network.addPair(needs[need] as number, offers[offer] as number, gain, tie));
  }
}

describe('a transport network that was changed', () => {
  it('comes to the same from the basis of before as from scratch, whatever was changed', () => {
    fc.assert(
      fc.property(smallTransports, fc.array(changes, { minLength: 1, maxLength: 16 }), (start, list) => {
        const changing = new Changing(start);
        for (const change of list) changing.apply(change);
        const { warm } = changing;
        expect(warm.network.solve().isOptimal).toBe(true);
        const { transport, pairs } = changing.left();
        const cold = networkOf(transport);
        cold.network.solve();
        expect(warm.network.objective()).toBe(cold.network.objective());
        expect(warm.network.bound()).toBe(warm.network.objective());
        const minutesAnew = new Map(pairs.map((at, index) => [at, cold.network.minutesOf(cold.arcs[index] as number)]));
        expect(warm.arcs.map((arc) => warm.network.minutesOf(arc))).toEqual(
          warm.arcs.map((_, at) => minutesAnew.get(at) ?? 0),
        );
        const [pricesThen, pricesAnew] = [warm.network.dualPrices(), cold.network.dualPrices()];
        expect([...warm.needs, ...warm.offers].map((node) => pricesThen[node])).toEqual(
          [...cold.needs, ...cold.offers].map((node) => pricesAnew[node]),
        );
      }),
      { numRuns: 800 },
    );
  });

  it.each(shapes)('takes a few in among many as if all had come at once, on a transport that is $name', (shape) => {
    for (let seed = 66_000; seed < 66_002; seed += 1) {
      const { classOf, ...scored } = randomTransport(shape, seed, { needs: [1500, 1600], offers: [600, 700] });
      const whole = seed % 2 === 0 ? scored : lexicographic(scored, classOf, MOST_SCORE);
      // The last few needs and offers come bit by bit; a pair comes when both its ends are there, some later.
      const [needs, offers] = [whole.demands.length - 6, whole.capacities.length - 3];
      const late = whole.pairs.slice(0, 4);
      const isOld = (pair: Pair) => pair.need < needs && pair.offer < offers && !late.includes(pair);
      const network = new TransportNetwork();
      const needNodes = whole.demands.slice(0, needs).map((minutes) => network.addNeed(minutes));
      const offerNodes = whole.capacities.slice(0, offers).map((minutes) => network.addOffer(minutes));
      const arcs = new Map<Pair, number>();
      const addPairs = (pairs: readonly Pair[]) => {
        for (const pair of pairs) {
          const [need, offer] = [needNodes[pair.need], offerNodes[pair.offer]];
          if (need === undefined || offer === undefined || arcs.has(pair)) continue;
          arcs.set(pair, network.addPair(need, offer, pair.gain, pair.tie));
        }
      };
      addPairs(whole.pairs.filter(isOld));
      network.solve();
      const later = whole.pairs.filter((pair) => !isOld(pair));
      for (let at = 0; at < 3; at += 1) {
        needNodes.push(network.addNeed(whole.demands[needs + 2 * at] as number));
        offerNodes.push(network.addOffer(whole.capacities[offers + at] as number));
        needNodes.push(network.addNeed(whole.demands[needs + 2 * at + 1] as number));
        addPairs(later);
        network.solve();
        expect(network.bound()).toBe(network.objective());
      }
      const cold = networkOf(whole);
      cold.network.solve();
      expect({ seed, minutes: whole.pairs.map((pair) => network.minutesOf(arcs.get(pair) as number)) }).toEqual({
        seed,
        minutes: cold.arcs.map((arc) => cold.network.minutesOf(arc)),
      });
    }
  });

  it.each(shapes)('closes a few pairs among many and opens them again, on a transport that is $name', (shape) => {
    const { classOf, ...scored } = randomTransport(shape, 67_000, { needs: [1500, 1600], offers: [600, 700] });
    const whole = lexicographic(scored, classOf, MOST_SCORE);
    const { network, arcs } = networkOf(whole);
    network.solve();
    const minutes = () => arcs.map((arc) => network.minutesOf(arc));
    const atFirst = minutes();
    const closed = new Set<number>();
    for (let step = 0; step < 10; step += 1) {
      // What carries minutes is closed, so that they have to go elsewhere; with every other step one is opened, too.
      const carrying = [...arcs.keys()].filter((at) => network.minutesOf(arcs[at] as number) > 0);
      for (const at of carrying.filter((_, index) => index % 97 === step).slice(0, 3)) {
        network.closePair(arcs[at] as number);
        closed.add(at);
      }
      const [oldest] = closed;
      if (step % 2 === 1 && oldest !== undefined) {
        network.setGain(arcs[oldest] as number, (whole.pairs[oldest] as Pair).gain);
        closed.delete(oldest);
      }
      network.solve();
      expect(network.bound()).toBe(network.objective());
    }
    const cold = networkOf({ ...whole, pairs: whole.pairs.filter((_, at) => !closed.has(at)) });
    cold.network.solve();
    const left = [...arcs.keys()].filter((at) => !closed.has(at));
    const now = minutes();
    expect(left.map((at) => now[at])).toEqual(cold.arcs.map((arc) => cold.network.minutesOf(arc)));
    expect([...closed].every((at) => now[at] === 0)).toBe(true);
    for (const at of closed) network.setGain(arcs[at] as number, (whole.pairs[at] as Pair).gain);
    network.solve();
    expect(minutes()).toEqual(atFirst);
  });
});
