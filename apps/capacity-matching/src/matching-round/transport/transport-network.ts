import { Basis } from './basis';
import { dualPrices } from './dual-prices';
import { repair, takeIn } from './dual-simplex';
import { startGreedily } from './first-basis';
import { PrimalSimplex, type ShouldStop } from './primal-simplex';
import { ROOT } from './spanning-tree';
import { NONE, TransportGraph } from './transport-graph';

/** How a solve ended. */
export interface Solved {
  /** False when it was stopped: what was found so far is feasible, and `bound()` says how much could be missing. */
  readonly isOptimal: boolean;
  readonly pivots: number;
}

/** Less than one arc in so many. */
const SHARE_THAT_IS_LITTLE = 500;
/** To go without a minute and to keep one cost nothing, so no optimum moves a minute over a pair that costs something. */
const GAIN_OF_CLOSED = -1;

/**
 * Who helps whom, as a transport problem: needs take minutes from offers over pairs, each minute of a pair gains its
 * score, and what is gained in all is as much as can be. Solved by the network simplex on the min-cost flow.
 *
 * One root takes what needs go without and gives what offers keep. Those slack arcs, one a node, are a feasible first
 * basis, so there are no artificial arcs and no big M. A basis is a spanning tree about the root. It is kept between
 * solves: new needs, offers and pairs are improved from where they hang on to the tree (primal simplex), changed minutes
 * are repaired (dual simplex).
 *
 * Optima are not unique. So each pair has a tie value, too, and among all optima the one with the highest sum of ties is
 * taken. Where ties are as good as random (a digest of the names of need and offer) that is one only, so the result
 * depends neither on the order of what comes in, nor on the way on which it was found.
 *
 * Minutes, gains and ties are integers from 0 on, ties of 36 bits at most; all that is computed from them is exact.
 */
export class TransportNetwork {
  private readonly graph: TransportGraph;
  private readonly basis: Basis;
  /** Nodes, and arcs, from these on are new since the last optimum. */
  private firstNewNode = 1;
  private firstNewArc = 0;
  /** Pairs whose gain was changed since then, so that some arc could gain more. */
  private readonly changed: number[] = [];
  /** Nothing is there that could gain more. */
  private isOptimal = true;

  /** The sizes are a hint; the network grows. */
  constructor({ nodes = 64, pairs = 256 }: { readonly nodes?: number; readonly pairs?: number } = {}) {
    this.graph = new TransportGraph(nodes, pairs);
    this.basis = new Basis(this.graph, nodes);
  }

  /** A need of so many minutes; gives its node. */
  addNeed(minutes: number): number {
    const node = this.graph.addNeed(minutes);
    this.basis.hang(node);
    return node;
  }

  /** An offer of so many minutes; gives its node. */
  addOffer(minutes: number): number {
    const node = this.graph.addOffer(minutes);
    this.basis.hang(node);
    return node;
  }

  /** The need can take from the offer; gives the pair. A minute gains `gain`, and `tie` decides among optima. */
  addPair(need: number, offer: number, gain: number, tie: number): number {
    repair(this.basis);
    this.isOptimal = false;
    return this.graph.addPair(need, offer, gain, tie);
  }

  /** A minute of the pair gains so much from now on. */
  setGain(pair: number, gain: number): void {
    this.graph.noteGain(gain);
    this.changeGain(pair, gain);
  }

  /** The pair carries nothing from the next solve on, until its gain is set again. */
  closePair(pair: number): void {
    this.changeGain(pair, GAIN_OF_CLOSED);
  }

  /** The need asks, or the offer has, so many minutes from now on; none when it is withdrawn. */
  setMinutes(node: number, minutes: number): void {
    if (!this.isOptimal) this.improve(undefined, []);
    const more = this.graph.setMinutes(node, minutes);
    if (more !== 0) this.basis.sendFromNode(node, more);
  }

  /**
   * Finds the canonical optimum, from the basis that is there. Throws a RangeError where numbers are so large that it would
   * not be exact (see `assertExact`).
   *
   * @param hint pairs that were in a basis of a similar transport (see `basisPairs`), from which the first solve begins.
   */
  solve({
    shouldStop,
    hint = [],
  }: { readonly shouldStop?: ShouldStop; readonly hint?: readonly number[] } = {}): Solved {
    this.graph.assertExact();
    const before = this.basis.pivots;
    repair(this.basis);
    if (!this.isOptimal) this.improve(shouldStop, hint);
    return { isOptimal: this.isOptimal, pivots: this.basis.pivots - before };
  }

  /** The minutes that the pair's need takes from its offer. */
  minutesOf(pair: number): number {
    return this.graph.flow[pair] as number;
  }

  /** The pairs that carry minutes, each on the arc of one node of the tree, in no order that matters. */
  carrying(): readonly number[] {
    const { graph, basis } = this;
    const found: number[] = [];
    for (let node = 1; node < graph.nodes; node += 1) {
      const arc = basis.tree.parentArc[node] as number;
      if ((graph.flow[arc] as number) > 0 && !graph.isSlack(arc)) found.push(arc);
    }
    return found;
  }

  /** The pairs in the basis, each before those that are nearer to the root. */
  basisPairs(): readonly number[] {
    const { graph, basis } = this;
    const { next, parentArc } = basis.tree;
    const found: number[] = [];
    for (let node = next[ROOT] as number; node !== ROOT; node = next[node] as number) {
      const arc = parentArc[node] as number;
      if (!graph.isSlack(arc)) found.push(arc);
    }
    return found.reverse();
  }

  /** The prices of all nodes that prove the optimum, whatever the basis is; see there. It has to be solved. */
  dualPrices(): Float64Array {
    if (!this.isOptimal || this.basis.short.length > 0) throw new Error('Prices follow from an optimum: solve first.');
    return dualPrices(this.basis);
  }

  /** How much the gain of the pair lacks, at such prices, to carry minutes; 0 where it does. */
  lackOf(pair: number, prices: Float64Array): number {
    const { source, target, gain } = this.graph;
    const [need, offer] = [source[pair] as number, target[pair] as number];
    return (prices[need] as number) + (prices[offer] as number) - (gain[pair] as number);
  }

  /** False where, at such a gain, it is sure that the pair gains nothing that is not gained without it. */
  couldGain(pair: number, gain: number): boolean {
    const { potential, graph } = this.basis;
    const [need, offer] = [graph.source[pair] as number, graph.target[pair] as number];
    return gain - (potential[need] as number) + (potential[offer] as number) > 0;
  }

  /** What one minute more of the need, or of the offer, would gain at most. */
  price(node: number): number {
    const potential = this.basis.potential[node] as number;
    return Math.max(0, this.graph.isNeed[node] === 1 ? potential : -potential);
  }

  /** The gain of all minutes together. */
  objective(): number {
    const { flow, gain } = this.graph;
    return this.carrying().reduce((sum, pair) => sum + (flow[pair] as number) * (gain[pair] as number), 0);
  }

  /**
   * More than this cannot be gained, by the prices of the offers alone (weak duality). Where it equals the objective, the
   * optimum is proved, however it was found.
   */
  bound(): number {
    const { graph } = this;
    const mostGain = new Float64Array(graph.nodes);
    for (let arc = 0; arc < graph.arcs; arc += 1) {
      const offer = graph.target[arc] as number;
      mostGain[offer] = Math.max(mostGain[offer] as number, graph.gain[arc] as number);
    }
    // Of any prices the bound holds; one above all that a minute of the offer can gain would only make it wider.
    const prices = mostGain.map((most, node) => (graph.isNeed[node] === 1 ? 0 : Math.min(most, this.price(node))));
    const worth = new Float64Array(graph.nodes);
    for (let arc = 0; arc < graph.arcs; arc += 1) {
      if (graph.isSlack(arc)) continue;
      const [need, offer] = [graph.source[arc] as number, graph.target[arc] as number];
      worth[need] = Math.max(worth[need] as number, (graph.gain[arc] as number) - (prices[offer] as number));
    }
    let sum = 0;
    for (let node = 1; node < graph.nodes; node += 1) {
      sum += (graph.minutes[node] as number) * ((worth[node] as number) + (prices[node] as number));
    }
    return sum;
  }

  private changeGain(pair: number, gain: number): void {
    const before = this.graph.gain[pair] as number;
    if (gain === before) return;
    repair(this.basis);
    const carriesNothing = this.basis.nodeBelow(pair) === NONE;
    this.basis.setGain(pair, gain);
    if (carriesNothing && gain < before) return;
    this.isOptimal = false;
    this.changed.push(pair);
  }

  private improve(shouldStop: ShouldStop | undefined, hint: readonly number[]): void {
    const { nodes, arcs } = this.graph;
    const isLittle = SHARE_THAT_IS_LITTLE * (arcs - this.firstNewArc + this.changed.length) < arcs;
    this.isOptimal = isLittle ? this.takeInNew(shouldStop) : this.improveAll(shouldStop, hint);
    this.changed.length = 0;
    [this.firstNewNode, this.firstNewArc] = this.isOptimal ? [nodes, arcs] : [1, 0];
  }

  private improveAll(shouldStop: ShouldStop | undefined, hint: readonly number[]): boolean {
    if (this.firstNewArc === 0) startGreedily(this.basis, hint);
    return new PrimalSimplex(this.basis, shouldStop).improveAll();
  }

  /** New nodes one by one, then new and changed pairs of those that were there. Nodes are taken into an optimum only. */
  private takeInNew(shouldStop: ShouldStop | undefined): boolean {
    if (this.changed.length === 0)
      for (let node = this.firstNewNode; node < this.graph.nodes; node += 1) takeIn(this.basis, node);
    return new PrimalSimplex(this.basis, shouldStop).improveFrom(this.firstNewArc, this.changed);
  }
}
