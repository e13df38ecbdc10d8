import type { Basis } from './basis';
import { NONE } from './transport-graph';

/**
 * Dual simplex on a basis at which no arc gains, but whose minutes were changed: as long as an arc of the tree carries less
 * than nothing, it leaves, and of the arcs that can carry minutes the other way over the cut, the one that loses least
 * enters. Gain and ties stay optimal on the way. Arcs that do gain, since they are new, are left out; so are those of nodes
 * from `until` on.
 */
export function repair(basis: Basis, until = basis.graph.nodes): void {
  const { graph, short } = basis;
  if (short.length === 0) return;
  basis.settleTies();
  graph.link();
  const isBelow = new Uint8Array(graph.nodes);
  for (let arc = short.pop(); arc !== undefined; arc = short.pop())
    if ((graph.flow[arc] as number) < 0) bridge(basis, arc, until, isBelow);
}

/**
 * Takes a new node into an optimal basis. So far it hangs on to the root and keeps its minutes; now it hangs on where its
 * minutes gain most by the prices there, so that none of its arcs to nodes before it gains any more, and what is then too
 * much elsewhere is repaired.
 */
export function takeIn(basis: Basis, node: number): void {
  const { graph } = basis;
  basis.settleTies();
  graph.link();
  const isNeed = graph.isNeed[node] === 1;
  const [first, next, otherEnd] = isNeed
    ? [graph.firstOut, graph.nextOut, graph.target]
    : [graph.firstIn, graph.nextIn, graph.source];
  let entering = NONE;
  let [most, mostTie] = [0, 0];
  for (let arc = first[node] as number; arc !== NONE; arc = next[arc] as number) {
    if ((otherEnd[arc] as number) >= node) continue;
    const [gained, tied] = [basis.gainOf(arc), basis.tieOf(arc)];
    if (gained < most || (gained === most && tied <= mostTie)) continue;
    [entering, most, mostTie] = [arc, gained, tied];
  }
  if (entering === NONE) return;
  basis.exchange(entering, node, isNeed, basis.apexOf(entering), graph.minutes[node] as number);
  repair(basis, node + 1);
}

function bridge(basis: Basis, short: number, until: number, isBelow: Uint8Array): void {
  const { graph, tree } = basis;
  const isInward = tree.parentArc[graph.source[short] as number] === short;
  const cut = (isInward ? graph.source : graph.target)[short] as number;
  const [first, next, otherEnd] = isInward
    ? [graph.firstIn, graph.nextIn, graph.source]
    : [graph.firstOut, graph.nextOut, graph.target];
  const found = tree.below(cut);
  const count = found.length;
  for (let at = 0; at < count; at += 1) isBelow[found[at] as number] = 1;
  let entering = NONE;
  let [most, mostTie] = [-Infinity, -Infinity];
  for (let at = 0; at < count; at += 1) {
    for (let arc = first[found[at] as number] as number; arc !== NONE; arc = next[arc] as number) {
      const outer = otherEnd[arc] as number;
      if (isBelow[outer] === 1 || outer >= until) continue;
      const gained = basis.gainOf(arc);
      if (gained < most || gained > 0) continue;
      const tied = basis.tieOf(arc);
      if ((gained === most && tied <= mostTie) || (gained === 0 && tied > 0)) continue;
      [entering, most, mostTie] = [arc, gained, tied];
    }
  }
  for (let at = 0; at < count; at += 1) isBelow[found[at] as number] = 0;
  basis.exchange(entering, cut, !isInward, basis.apexOf(entering), -(graph.flow[short] as number));
}
