import type { Transport } from './transport.given';

/** The best total by successive longest augmenting paths (Bellman-Ford): slow, and another way altogether. */
export function bestByPaths({ demands, capacities, pairs }: Transport): number {
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
