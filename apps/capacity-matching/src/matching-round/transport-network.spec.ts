import fc from 'fast-check';
import { TransportNetwork } from './transport-network';

interface Instance {
  readonly demands: number[];
  readonly capacities: number[];
  readonly pairs: { need: number; offer: number; gain: number; tie: number }[];
}

const instances = fc
  .record({
    needs: fc.integer({ min: 1, max: 8 }),
    offers: fc.integer({ min: 1, max: 6 }),
    most: fc.constantFrom(1, 3, 100),
  })
  .chain(({ needs, offers, most }) =>
    fc.record({
      demands: fc.array(fc.integer({ min: 0, max: 8 }), { minLength: needs, maxLength: needs }),
      capacities: fc.array(fc.integer({ min: 0, max: 8 }), { minLength: offers, maxLength: offers }),
      pairs: fc.uniqueArray(
        fc.record({
          need: fc.integer({ min: 0, max: needs - 1 }),
          offer: fc.integer({ min: 0, max: offers - 1 }),
          gain: fc.integer({ min: 1, max: most }),
          tie: fc.integer({ min: 0, max: 2 ** 36 }),
        }),
        { selector: ({ need, offer }) => `${need}/${offer}`, maxLength: 30 },
      ),
    }),
  );

function built({ demands, capacities, pairs }: Instance) {
  const network = new TransportNetwork({ nodes: 2, pairs: 1 });
  const needs = demands.map((minutes) => network.addNeed(minutes));
  const offers = capacities.map((minutes) => network.addOffer(minutes));
  const arcs = pairs.map(({ need, offer, gain, tie }) =>
    network.addPair(needs[need] as number, offers[offer] as number, gain, tie),
  );
  return { network, needs, offers, arcs };
}

/** The best total by successive longest augmenting paths (Bellman-Ford): slow, and another way altogether. */
function bestByPaths({ demands, capacities, pairs }: Instance): number {
  const flow = pairs.map(() => 0);
  let total = 0;
  for (;;) {
    const served = demands.map((_, need) =>
      pairs.reduce((sum, pair, k) => sum + (pair.need === need ? (flow[k] ?? 0) : 0), 0),
    );
    const used = capacities.map((_, offer) =>
      pairs.reduce((sum, pair, k) => sum + (pair.offer === offer ? (flow[k] ?? 0) : 0), 0),
    );
    const atNeed = demands.map((minutes, need) => ((served[need] ?? 0) < minutes ? 0 : -Infinity));
    const atOffer = capacities.map(() => -Infinity);
    const before = new Map<string, { from: string; pair: number; forward: boolean }>();
    for (let changed = true; changed;) {
      changed = false;
      pairs.forEach(({ need, offer, gain }, pair) => {
        if ((atNeed[need] ?? 0) + gain > (atOffer[offer] ?? 0)) {
          atOffer[offer] = (atNeed[need] ?? 0) + gain;
          before.set(`o${offer}`, { from: `n${need}`, pair, forward: true });
          changed = true;
        }
        if ((flow[pair] ?? 0) > 0 && (atOffer[offer] ?? 0) - gain > (atNeed[need] ?? 0)) {
          atNeed[need] = (atOffer[offer] ?? 0) - gain;
          before.set(`n${need}`, { from: `o${offer}`, pair, forward: false });
          changed = true;
        }
      });
    }
    let best = -1;
    atOffer.forEach((value, offer) => {
      if ((used[offer] ?? 0) < (capacities[offer] ?? 0) && value > (best < 0 ? 0 : (atOffer[best] ?? 0))) best = offer;
    });
    if (best < 0) return total;
    total += atOffer[best] ?? 0;
    for (let step = before.get(`o${best}`); step !== undefined; step = before.get(step.from)) {
      flow[step.pair] = (flow[step.pair] ?? 0) + (step.forward ? 1 : -1);
    }
  }
}

describe('the transport network', () => {
  it('gains as much as another way altogether, keeps to all minutes, and proves it by prices', () => {
    fc.assert(
      fc.property(instances, (instance) => {
        const { network, arcs } = built(instance);
        expect(network.solve().isOptimal).toBe(true);
        expect(network.objective()).toBe(bestByPaths(instance));
        expect(network.bound()).toBe(network.objective());
        const minutes = arcs.map((arc) => network.minutesOf(arc));
        expect(minutes.every((one) => Number.isInteger(one) && one >= 0)).toBe(true);
        instance.demands.forEach((demand, need) => {
          const served = instance.pairs.reduce((sum, pair, k) => sum + (pair.need === need ? (minutes[k] ?? 0) : 0), 0);
          expect(served).toBeLessThanOrEqual(demand);
        });
        instance.capacities.forEach((capacity, offer) => {
          const used = instance.pairs.reduce((sum, pair, k) => sum + (pair.offer === offer ? (minutes[k] ?? 0) : 0), 0);
          expect(used).toBeLessThanOrEqual(capacity);
        });
      }),
      { numRuns: 2000 },
    );
  });

  it('has one result, whatever the order of what comes in', () => {
    const cases = instances.chain((instance) =>
      fc.record({
        instance: fc.constant(instance),
        order: fc.shuffledSubarray([...instance.pairs.keys()], { minLength: instance.pairs.length }),
      }),
    );
    fc.assert(
      fc.property(cases, ({ instance, order }) => {
        const one = built(instance);
        one.network.solve();
        const other = built({ ...instance, pairs: order.map((k) => instance.pairs[k] as Instance['pairs'][number]) });
        other.network.solve();
        expect(order.map((k) => one.network.minutesOf(one.arcs[k] as number))).toEqual(
          other.arcs.map((arc) => other.network.minutesOf(arc)),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('comes to the same from the basis of before as from scratch, whatever was changed', () => {
    const changes = fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('need' as const), at: fc.nat(), minutes: fc.integer({ min: 0, max: 8 }) }),
        fc.record({ kind: fc.constant('offer' as const), at: fc.nat(), minutes: fc.integer({ min: 0, max: 8 }) }),
        fc.record({ kind: fc.constant('pair' as const), at: fc.nat(), minutes: fc.integer({ min: 1, max: 100 }) }),
        fc.record({ kind: fc.constant('new need' as const), at: fc.nat(), minutes: fc.integer({ min: 0, max: 8 }) }),
      ),
      { minLength: 1, maxLength: 12 },
    );
    let tie = 1;
    fc.assert(
      fc.property(instances, changes, (start, list) => {
        const instance = { demands: [...start.demands], capacities: [...start.capacities], pairs: [...start.pairs] };
        const warm = built(instance);
        warm.network.solve();
        for (const { kind, at, minutes } of list) {
          if (kind === 'need') {
            const need = at % instance.demands.length;
            instance.demands[need] = minutes;
            warm.network.setMinutes(warm.needs[need] as number, minutes);
          } else if (kind === 'offer') {
            const offer = at % instance.capacities.length;
            instance.capacities[offer] = minutes;
            warm.network.setMinutes(warm.offers[offer] as number, minutes);
          } else {
            if (kind === 'new need') {
              instance.demands.push(minutes);
              warm.needs.push(warm.network.addNeed(minutes));
            }
            const need = kind === 'new need' ? instance.demands.length - 1 : at % instance.demands.length;
            const offer = at % instance.capacities.length;
            if (instance.pairs.some((pair) => pair.need === need && pair.offer === offer)) continue;
            tie = (tie * 48_271) % 2_147_483_647;
            const pair = { need, offer, gain: minutes + 1, tie };
            instance.pairs.push(pair);
            const [n, o] = [warm.needs[need] as number, warm.offers[offer] as number];
            warm.arcs.push(warm.network.addPair(n, o, pair.gain, pair.tie));
          }
        }
        warm.network.solve();
        const cold = built(instance);
        cold.network.solve();
        expect(warm.network.objective()).toBe(cold.network.objective());
        expect(warm.network.bound()).toBe(warm.network.objective());
        expect(warm.arcs.map((arc) => warm.network.minutesOf(arc))).toEqual(
          cold.arcs.map((arc) => cold.network.minutesOf(arc)),
        );
      }),
      { numRuns: 2000 },
    );
  });
});
