import { severityWeights } from '../severity-weights';
import { TransportNetwork } from './transport-network';

export interface Pair {
  readonly need: number;
  readonly offer: number;
  readonly gain: number;
  readonly tie: number;
}

/** A transport problem; its pairs name needs and offers by their places in the lists of their minutes. */
export interface Transport {
  readonly demands: readonly number[];
  readonly capacities: readonly number[];
  readonly pairs: readonly Pair[];
}

/** The network of the transport, not yet solved, with its nodes and pairs in the order of the transport's lists. */
export function networkOf({ demands, capacities, pairs }: Transport) {
  const network = new TransportNetwork({ nodes: 2, pairs: 1 });
  const needs = demands.map((minutes) => network.addNeed(minutes));
  const offers = capacities.map((minutes) => network.addOffer(minutes));
  const arcs = pairs.map(({ need, offer, gain, tie }) =>
    network.addPair(needs[need] as number, offers[offer] as number, gain, tie),
  );
  return { network, needs, offers, arcs };
}

/** The same with gains by which classes go before scores; `classOf` gives the class of each need, the most severe last. */
export function lexicographic(transport: Transport, classOf: readonly number[], mostScore: number): Transport {
  const { demands, capacities, pairs } = transport;
  const weights = severityWeights({
    classes: Math.max(...classOf) + 1,
    mostScore,
    needs: demands.length,
    offers: capacities.length,
    neededMinutes: sumOf(demands),
    offeredMinutes: sumOf(capacities),
  });
  return {
    ...transport,
    pairs: pairs.map((pair) => ({ ...pair, gain: pair.gain + (weights[classOf[pair.need] as number] as number) })),
  };
}

export function sumOf(minutes: readonly number[]): number {
  return minutes.reduce((sum, one) => sum + one, 0);
}
