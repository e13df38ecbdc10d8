import { TransportNetwork } from '@alliance/capacity-matching';
import { type GeneratedTransport } from './generated-transport';

/** Builds the network and solves it; throws when its prices do not prove the optimum. */
export function solveByNetwork(transport: GeneratedTransport, gains: Float64Array): TransportNetwork {
  const { network } = networkOf(transport, gains, transport.demands.length);
  network.solve();
  return network;
}

/** The network of the first so many needs, and the nodes of all offers. */
export function networkOf(transport: GeneratedTransport, gains: Float64Array, needs: number) {
  const { demands, capacities, need } = transport;
  const network = new TransportNetwork({ nodes: demands.length + capacities.length, pairs: need.length });
  const offers = Int32Array.from(capacities, (minutes) => network.addOffer(minutes));
  let pair = 0;
  for (let at = 0; at < needs; at += 1) pair = addNeed(network, offers, transport, gains, at, pair);
  return { network, offers, pairs: pair };
}

/** Adds the need with its pairs, which begin at the place `pair`; gives the place behind them. */
export function addNeed(
  network: TransportNetwork,
  offers: Int32Array,
  { demands, need, offer, tie }: GeneratedTransport,
  gains: Float64Array,
  at: number,
  pair: number,
): number {
  const node = network.addNeed(demands[at]!);
  let next = pair;
  for (; need[next] === at; next += 1) network.addPair(node, offers[offer[next]!]!, gains[next]!, tie[next]!);
  return next;
}

/** The objective, which its bound has to prove. */
export function provedObjective(network: TransportNetwork): number {
  const objective = network.objective();
  if (network.bound() !== objective) throw new Error(`The objective ${objective} has the bound ${network.bound()}.`);
  return objective;
}
