import { ROOT, SpanningTree } from './spanning-tree';
import { grown, NONE, type TransportGraph } from './transport-graph';

/**
 * A basis of the network simplex: a tree over the graph whose arcs alone carry minutes, and the potentials by which each of
 * its arcs gains nothing more.
 */
export class Basis {
  readonly tree: SpanningTree;
  /** Of a need what one minute more would gain; of an offer, as a negative number, what one minute less would cost. */
  potential: Float64Array;
  /** The same by ties, as long as `settleTies` was called after the last pivot without them. */
  tiePotential: Float64Array;
  /** Pivots for gain alone need not mind ties. */
  mindsTies = true;
  /** Arcs that came to carry less than nothing. */
  readonly short: number[] = [];
  pivots = 0;
  /** The last pivot moved this node and what is below it, and raised their potentials, or lowered them. */
  moved = ROOT;
  isRaised = true;

  constructor(
    readonly graph: TransportGraph,
    nodes: number,
  ) {
    this.tree = new SpanningTree(nodes + 1);
    this.potential = new Float64Array(nodes + 1);
    this.tiePotential = new Float64Array(nodes + 1);
  }

  /** Hangs a new node on to the root, by its slack arc. */
  hang(node: number): void {
    if (node >= this.potential.length) this.growTo(2 * node);
    this.tree.hang(node, this.graph.slackArc[node] as number);
  }

  /** What a minute more on the arc would gain. */
  gainOf(arc: number): number {
    const { gain, source, target } = this.graph;
    return (
      (gain[arc] as number) -
      (this.potential[source[arc] as number] as number) +
      (this.potential[target[arc] as number] as number)
    );
  }

  /** The same by ties. */
  tieOf(arc: number): number {
    const { tie, source, target } = this.graph;
    return (
      (tie[arc] as number) -
      (this.tiePotential[source[arc] as number] as number) +
      (this.tiePotential[target[arc] as number] as number)
    );
  }

  /** The node whose arc to its parent it is; `NONE` of an arc outside of the tree. */
  nodeBelow(arc: number): number {
    const { source, target } = this.graph;
    const { parentArc } = this.tree;
    return [source, target].map((end) => end[arc] as number).find((node) => parentArc[node] === arc) ?? NONE;
  }

  /** A minute of the arc gains so much from now on. */
  setGain(arc: number, gain: number): void {
    const more = gain - (this.graph.gain[arc] as number);
    const below = this.nodeBelow(arc);
    this.graph.gain[arc] = gain;
    if (below !== NONE) this.tree.raise(below, this.potential, this.graph.isNeed[below] === 1 ? more : -more);
  }

  /** Where the ways of both ends of the arc to the root meet. */
  apexOf(arc: number): number {
    return this.tree.apexOf(this.graph.source[arc] as number, this.graph.target[arc] as number);
  }

  /**
   * A pivot: moves so many minutes round the cycle that the arc closes with the tree, and puts it in the place of the arc
   * above `cut`, which is on the way from the apex to the arc's source or to its target.
   */
  exchange(entering: number, cut: number, isBelowSource: boolean, apex: number, minutes: number): void {
    const { potential, tiePotential, tree } = this;
    if (minutes !== 0) this.sendRound(entering, apex, minutes);
    const sign = isBelowSource ? 1 : -1;
    const [gained, tied] = [sign * this.gainOf(entering), sign * this.tieOf(entering)];
    const [from, to] = [this.graph.source[entering] as number, this.graph.target[entering] as number];
    const [inner, outer] = isBelowSource ? [from, to] : [to, from];
    tree.rehang(cut, inner, outer, entering, apex);
    tree.raise(inner, potential, gained);
    if (this.mindsTies) tree.raise(inner, tiePotential, tied);
    this.moved = inner;
    this.isRaised = isBelowSource;
    this.pivots += 1;
  }

  /** Computes the potentials of a tree that was put together anew. */
  settle(): void {
    this.sumFromRoot(this.graph.gain, this.potential);
    this.sumFromRoot(this.graph.tie, this.tiePotential);
  }

  /** From now on pivots mind ties. */
  settleTies(): void {
    if (!this.mindsTies) this.sumFromRoot(this.graph.tie, this.tiePotential);
    this.mindsTies = true;
  }

  /** What a need has more goes over the tree to the root, and what an offer has more comes from there. */
  sendFromNode(node: number, minutes: number): void {
    const { isNeed } = this.graph;
    const { parent, parentArc } = this.tree;
    for (let at = node; at !== ROOT; at = parent[at] as number)
      this.send(parentArc[at] as number, isNeed[at] === isNeed[node] ? minutes : -minutes);
  }

  private sendRound(entering: number, apex: number, minutes: number): void {
    const { source, target, isNeed } = this.graph;
    const { parent, parentArc } = this.tree;
    this.send(entering, minutes);
    for (let node = source[entering] as number; node !== apex; node = parent[node] as number)
      this.send(parentArc[node] as number, isNeed[node] === 1 ? -minutes : minutes);
    for (let node = target[entering] as number; node !== apex; node = parent[node] as number)
      this.send(parentArc[node] as number, isNeed[node] === 1 ? minutes : -minutes);
  }

  private send(arc: number, minutes: number): void {
    const { flow } = this.graph;
    const carried = (flow[arc] as number) + minutes;
    flow[arc] = carried;
    if (carried < 0) this.short.push(arc);
  }

  /** What the arcs of the tree come to on the way from each node to the root. */
  private sumFromRoot(value: Float64Array, sums: Float64Array): void {
    const { isNeed } = this.graph;
    const { next, parent, parentArc } = this.tree;
    for (let node = next[ROOT] as number; node !== ROOT; node = next[node] as number) {
      const arc = parentArc[node] as number;
      const own = value[arc] as number;
      sums[node] = (sums[parent[node] as number] as number) + (isNeed[node] === 1 ? own : -own);
    }
  }

  private growTo(nodes: number): void {
    this.tree.growTo(nodes);
    this.potential = grown(this.potential, new Float64Array(nodes));
    this.tiePotential = grown(this.tiePotential, new Float64Array(nodes));
  }
}
