import type { Basis } from './basis';
import { NONE } from './transport-graph';

/**
 * Dual simplex on an optimal basis whose minutes were changed: as long as an arc of the tree carries less than nothing, it
 * leaves, and of the arcs that can carry minutes the other way over the cut, the one that loses least enters. Gain and ties
 * stay optimal on the way.
 */
export function repair(basis: Basis): void {
  for (let cut = findShort(basis); cut !== NONE; cut = findShort(basis)) bridge(basis, cut);
}

/** A node whose arc to its parent carries less than nothing; `NONE` when there is none. */
function findShort({ graph: { flow, nodes }, tree: { parentArc } }: Basis): number {
  for (let node = 1; node < nodes; node += 1) if ((flow[parentArc[node] as number] as number) < 0) return node;
  return NONE;
}

function bridge(basis: Basis, cut: number): void {
  const { graph, tree } = basis;
  const isBelow = new Uint8Array(graph.nodes);
  const count = tree.below(cut);
  const { found } = tree;
  for (let at = 0; at < count; at += 1) isBelow[found[at] as number] = 1;
  const short = tree.parentArc[cut] as number;
  const isInward = graph.source[short] === cut;
  const [first, next, otherEnd] = isInward
    ? [graph.firstIn, graph.nextIn, graph.source]
    : [graph.firstOut, graph.nextOut, graph.target];
  let entering = NONE;
  let [most, mostTie] = [-Infinity, -Infinity];
  for (let at = 0; at < count; at += 1) {
    for (let arc = first[found[at] as number] as number; arc !== NONE; arc = next[arc] as number) {
      if (isBelow[otherEnd[arc] as number] === 1) continue;
      const gained = basis.gainOf(arc);
      if (gained < most) continue;
      const tied = basis.tieOf(arc);
      if (gained === most && tied <= mostTie) continue;
      [entering, most, mostTie] = [arc, gained, tied];
    }
  }
  basis.exchange(entering, cut, !isInward, basis.apexOf(entering), -(graph.flow[short] as number));
}
