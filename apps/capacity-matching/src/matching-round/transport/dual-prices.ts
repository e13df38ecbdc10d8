import { ROOT } from './spanning-tree';
import type { Basis } from './basis';
import { MinHeap } from './min-heap';
import { NONE } from './transport-graph';

/**
 * The prices of all nodes that follow from an optimum alone, by node. Optimal prices are many, and those of a basis depend on
 * the way it was found; these do not. Of a need: what one minute more of it would gain, the least price it can have. Of an
 * offer: what one minute less of it would lose, the greatest price it can have. Together they are optimal prices:
 *
 * - a need's and an offer's price are together no less than the gain of their pair, and equal to it where it carries minutes;
 * - a need that goes without some minutes has the price 0, and so has an offer that keeps some.
 *
 * An offer without minutes could have any price from a certain one on: it has that.
 *
 * They are the longest ways to the root in the residual network, found by Dijkstra's algorithm over what the arcs lose by the
 * potentials of the basis, which is never negative at an optimum.
 */
export function dualPrices(basis: Basis): Float64Array {
  const { graph, potential } = basis;
  graph.link();
  const excess = excessOverLeast(basis);
  const prices = new Float64Array(graph.nodes);
  for (let node = 1; node < graph.nodes; node += 1) {
    const [some, tooMuch] = [potential[node] as number, excess[node] as number];
    prices[node] = graph.isNeed[node] === 1 ? some - tooMuch : tooMuch - some;
  }
  for (let node = 1; node < graph.nodes; node += 1) {
    if (excess[node] !== Infinity) continue;
    let price = 0;
    for (let arc = graph.firstIn[node] as number; arc !== NONE; arc = graph.nextIn[arc] as number) {
      if (graph.isSlack(arc)) continue;
      price = Math.max(price, (graph.gain[arc] as number) - (prices[graph.source[arc] as number] as number));
    }
    prices[node] = price;
  }
  return prices;
}

/** By how much the potential of each node could be less: the shortest way from there to the root; `Infinity` without one. */
function excessOverLeast(basis: Basis): Float64Array {
  const { nodes, source, target, flow, firstIn, nextIn, firstOut, nextOut } = basis.graph;
  const excess = new Float64Array(nodes).fill(Infinity);
  const isDone = new Uint8Array(nodes);
  const waiting = new MinHeap();
  const reach = (node: number, way: number) => {
    if (way >= (excess[node] as number)) return;
    excess[node] = way;
    waiting.push(node, way);
  };
  reach(ROOT, 0);
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (isDone[node] === 1) continue;
    isDone[node] = 1;
    const way = excess[node] as number;
    for (let arc = firstIn[node] as number; arc !== NONE; arc = nextIn[arc] as number)
      reach(source[arc] as number, way - basis.gainOf(arc));
    for (let arc = firstOut[node] as number; arc !== NONE; arc = nextOut[arc] as number)
      if ((flow[arc] as number) > 0) reach(target[arc] as number, way);
  }
  return excess;
}
