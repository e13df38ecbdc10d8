import fc from 'fast-check';
import { Basis } from './basis';
import { takeIn } from './dual-simplex';
import { PrimalSimplex } from './primal-simplex';
import { smallTransports } from './small-transports.given';
import { networkOf } from './transport.given';
import { TransportGraph } from './transport-graph';

describe('the dual simplex', () => {
  it('takes new nodes into an optimum one by one, with pairs among themselves too', () => {
    const cases = fc.record({ transport: smallTransports, oldNeeds: fc.nat(8), oldOffers: fc.nat(6) });
    fc.assert(
      fc.property(cases, ({ transport, oldNeeds, oldOffers }) => {
        const graph = new TransportGraph(2, 1);
        const basis = new Basis(graph, 2);
        const hung = (node: number) => {
          basis.hang(node);
          return node;
        };
        const { demands, capacities, pairs } = transport;
        const needs = demands.slice(0, oldNeeds).map((minutes) => hung(graph.addNeed(minutes)));
        const offers = capacities.slice(0, oldOffers).map((minutes) => hung(graph.addOffer(minutes)));
        const isOld = ({ need, offer }: { need: number; offer: number }) => need < oldNeeds && offer < oldOffers;
        const arcs = new Map<string, number>();
        const add = ({ need, offer, gain, tie }: (typeof pairs)[number]) =>
          arcs.set(`${need}/${offer}`, graph.addPair(needs[need] as number, offers[offer] as number, gain, tie));
        pairs.filter(isOld).forEach(add);
        new PrimalSimplex(basis, undefined).improveAll();
        const firstNew = graph.nodes;
        needs.push(...demands.slice(oldNeeds).map((minutes) => hung(graph.addNeed(minutes))));
        offers.push(...capacities.slice(oldOffers).map((minutes) => hung(graph.addOffer(minutes))));
        pairs.filter((pair) => !isOld(pair)).forEach(add);
        for (let node = firstNew; node < graph.nodes; node += 1) takeIn(basis, node);
        const anew = networkOf(transport);
        anew.network.solve();
        expect(pairs.map(({ need, offer }) => graph.flow[arcs.get(`${need}/${offer}`) as number])).toEqual(
          anew.arcs.map((arc) => anew.network.minutesOf(arc)),
        );
      }),
      { numRuns: 1000 },
    );
  });
});
