import { ROOT, SpanningTree } from './spanning-tree';

/** How a solve ended. */
export interface Solved {
  /** False when it was stopped: what was found so far is feasible, and `bound()` says how much could be missing. */
  readonly isOptimal: boolean;
  readonly pivots: number;
}

interface SolveOptions {
  /** Asked once in a while; the solve ends early when it says so. */
  readonly shouldStop?: (pivots: number) => boolean;
}

const NONE = -1;
const PIVOTS_BETWEEN_QUESTIONS = 512;
/** Less than one arc in so many. */
const SHARE_THAT_IS_LITTLE = 16;

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
 * Numbers are integers that doubles hold exactly, as long as `MOST_PER_ARC` is kept to.
 */
export class TransportNetwork {
  private readonly tree: SpanningTree;
  private nodes = 1;
  private slackArc: Int32Array;
  private minutes: Float64Array;
  /** Of a need what one minute more would gain; of an offer, as a negative number, what one minute less would cost. */
  private potential: Float64Array;
  private tiePotential: Float64Array;

  private arcs = 0;
  private source: Int32Array;
  private target: Int32Array;
  private gain: Float64Array;
  private tie: Float64Array;
  private flow: Float64Array;
  /** The arcs of a node, as lists. */
  private firstOut: Int32Array;
  private firstIn: Int32Array;
  private nextOut: Int32Array;
  private nextIn: Int32Array;

  /** Arcs from this one on are new since the last optimum. */
  private firstNew = 0;
  /** Where the search for an arc that gains goes on. */
  private cursor = 0;
  /** Changed minutes may have left a flow below zero. */
  private isFeasible = true;
  /** Nothing is there that could gain more. */
  private isOptimal = true;
  private pivots = 0;
  /** How many nodes the last pivot moved: `tree.found` holds them. */
  private moved = 0;

  /** The sizes are a hint; the network grows. */
  constructor({ nodes = 64, pairs = 256 }: { readonly nodes?: number; readonly pairs?: number } = {}) {
    this.tree = new SpanningTree(nodes + 1);
    this.slackArc = new Int32Array(nodes + 1);
    this.minutes = new Float64Array(nodes + 1);
    this.potential = new Float64Array(nodes + 1);
    this.tiePotential = new Float64Array(nodes + 1);
    this.source = new Int32Array(nodes + pairs);
    this.target = new Int32Array(nodes + pairs);
    this.gain = new Float64Array(nodes + pairs);
    this.tie = new Float64Array(nodes + pairs);
    this.flow = new Float64Array(nodes + pairs);
    this.firstOut = new Int32Array(nodes + 1).fill(NONE);
    this.firstIn = new Int32Array(nodes + 1).fill(NONE);
    this.nextOut = new Int32Array(nodes + pairs);
    this.nextIn = new Int32Array(nodes + pairs);
  }

  /** A need of so many minutes; gives its node. */
  addNeed(minutes: number): number {
    const node = this.addNode(minutes);
    const slack = this.addArc(node, ROOT, 0, 0, minutes);
    this.slackArc[node] = slack;
    this.tree.hang(node, ROOT, slack);
    return node;
  }

  /** An offer of so many minutes; gives its node. */
  addOffer(minutes: number): number {
    const node = this.addNode(minutes);
    const slack = this.addArc(ROOT, node, 0, 0, minutes);
    this.slackArc[node] = slack;
    this.tree.hang(node, ROOT, slack);
    return node;
  }

  /** The need can take from the offer; gives the pair. A minute gains `gain`, and `tie` decides among optima. */
  addPair(need: number, offer: number, gain: number, tie: number): number {
    this.repair();
    this.isOptimal = false;
    return this.addArc(need, offer, gain, tie, 0);
  }

  /** The need asks, or the offer has, so many minutes from now on; none when it is withdrawn. */
  setMinutes(node: number, minutes: number): void {
    if (!this.isOptimal) this.improve();
    const more = minutes - (this.minutes[node] as number);
    if (more === 0) return;
    this.minutes[node] = minutes;
    const { parent, parentArc } = this.tree;
    const isNeed = this.isNeed(node);
    // What a need has more goes over the tree to the root, and what an offer has more comes from there.
    for (let at = node; at !== ROOT; at = parent[at] as number) {
      const arc = parentArc[at] as number;
      const isAlong = (this.source[arc] === at) === isNeed;
      this.flow[arc] = (this.flow[arc] as number) + (isAlong ? more : -more);
    }
    this.isFeasible = false;
  }

  /** Finds the canonical optimum, from the basis that is there. */
  solve(options: SolveOptions = {}): Solved {
    const before = this.pivots;
    this.repair();
    if (!this.isOptimal) this.improve(options);
    return { isOptimal: this.isOptimal, pivots: this.pivots - before };
  }

  /** The minutes that the pair's need takes from its offer. */
  minutesOf(pair: number): number {
    return this.flow[pair] as number;
  }

  /** What one minute more of the need, or of the offer, would gain at most. */
  price(node: number): number {
    const potential = this.potential[node] as number;
    return Math.max(0, this.isNeed(node) ? potential : -potential);
  }

  /** The gain of all minutes together. */
  objective(): number {
    let sum = 0;
    for (let arc = 0; arc < this.arcs; arc += 1) sum += (this.flow[arc] as number) * (this.gain[arc] as number);
    return sum;
  }

  /**
   * More than this cannot be gained, by the prices of the offers alone (weak duality). Where it equals the objective, the
   * optimum is proved, however it was found.
   */
  bound(): number {
    const prices = Float64Array.from({ length: this.nodes }, (_, node) => (this.isNeed(node) ? 0 : this.price(node)));
    const worth = new Float64Array(this.nodes);
    for (let arc = 0; arc < this.arcs; arc += 1) {
      const [need, offer] = [this.source[arc] as number, this.target[arc] as number];
      if (need === ROOT || offer === ROOT) continue;
      worth[need] = Math.max(worth[need] as number, (this.gain[arc] as number) - (prices[offer] as number));
    }
    let sum = 0;
    for (let node = 1; node < this.nodes; node += 1) {
      sum += (this.minutes[node] as number) * ((worth[node] as number) + (prices[node] as number));
    }
    return sum;
  }

  private isNeed(node: number): boolean {
    return this.target[this.slackArc[node] as number] === ROOT;
  }

  /**
   * Primal simplex: first for gain, then for ties over the arcs that cost none of it, so that the gain stays. Where only
   * little is new, from there.
   */
  private improve({ shouldStop }: SolveOptions = {}): void {
    this.isOptimal =
      SHARE_THAT_IS_LITTLE * (this.arcs - this.firstNew) < this.arcs
        ? this.spreadFromNewArcs(shouldStop)
        : this.pivotWhileGaining(this.gain, this.potential, undefined, shouldStop) &&
          this.pivotWhileGaining(this.tie, this.tiePotential, this.arcsWithoutLoss(), shouldStop);
    if (this.isOptimal) this.firstNew = this.arcs;
  }

  /**
   * A pivot changes how much an arc gains only where the one end is below the cut and the other is not. So from an optimum,
   * whatever is to enter is among the new arcs, and then among those at the nodes that were moved.
   */
  private spreadFromNewArcs(shouldStop: SolveOptions['shouldStop']): boolean {
    const waiting = Array.from({ length: this.arcs - this.firstNew }, (_, index) => this.firstNew + index);
    for (let arc = waiting.pop(); arc !== undefined; arc = waiting.pop()) {
      const gained = this.reduced(arc, this.gain, this.potential);
      if (gained < 0 || (gained === 0 && this.reduced(arc, this.tie, this.tiePotential) <= 0)) continue;
      this.enter(arc, false);
      if (this.pivots % PIVOTS_BETWEEN_QUESTIONS === 0 && shouldStop?.(this.pivots) === true) return false;
      for (let at = 0; at < this.moved; at += 1) {
        const node = this.tree.found[at] as number;
        for (let out = this.firstOut[node] as number; out !== NONE; out = this.nextOut[out] as number)
          waiting.push(out);
        for (let into = this.firstIn[node] as number; into !== NONE; into = this.nextIn[into] as number)
          waiting.push(into);
      }
    }
    return true;
  }

  /** What a minute more on the arc would gain by these values. */
  private reduced(arc: number, value: Float64Array, potential: Float64Array): number {
    const [from, to] = [this.source[arc] as number, this.target[arc] as number];
    return (value[arc] as number) - (potential[from] as number) + (potential[to] as number);
  }

  /** False when it was stopped. `among`: the arcs that may enter the tree; all, where it is `undefined`. */
  private pivotWhileGaining(
    value: Float64Array,
    potential: Float64Array,
    among: Int32Array | undefined,
    shouldStop: SolveOptions['shouldStop'],
  ): boolean {
    const size = among?.length ?? this.arcs;
    const block = Math.max(20, Math.ceil(Math.sqrt(size) / 4));
    // Pivots that move no minute could go in circles; after so many of them the lowest arc enters (Bland's rule).
    let idle = 0;
    this.cursor = 0;
    for (;;) {
      const isIdle = idle > size;
      const entering = this.findGain(value, potential, among, isIdle ? 1 : block, isIdle ? 0 : this.cursor);
      if (entering < 0) return true;
      idle = this.enter(entering, isIdle) > 0 ? 0 : idle + 1;
      if (this.pivots % PIVOTS_BETWEEN_QUESTIONS === 0 && shouldStop?.(this.pivots) === true) return false;
    }
  }

  /** Of the first block of arcs in which one gains, that which gains most; negative when none does. */
  private findGain(
    value: Float64Array,
    potential: Float64Array,
    among: Int32Array | undefined,
    block: number,
    from: number,
  ): number {
    const { source, target } = this;
    const size = among?.length ?? this.arcs;
    let best = -1;
    let most = 0;
    let leftInBlock = block;
    let at = from;
    for (let looked = 0; looked < size; looked += 1) {
      if (at >= size) at = 0;
      const arc = among === undefined ? at : (among[at] as number);
      const reduced =
        (value[arc] as number) -
        (potential[source[arc] as number] as number) +
        (potential[target[arc] as number] as number);
      if (reduced > most) {
        most = reduced;
        best = arc;
      }
      at += 1;
      leftInBlock -= 1;
      if (leftInBlock === 0) {
        if (best >= 0) break;
        leftInBlock = block;
      }
    }
    this.cursor = at;
    return best;
  }

  /**
   * Sends as much as possible round the cycle that the arc closes with the tree, and puts it in the place of an arc that
   * then carries nothing. Gives how many minutes were moved. Of several such arcs the last one on the way round leaves, which
   * keeps a strongly feasible tree one; or the lowest.
   */
  private enter(entering: number, takesLowest: boolean): number {
    const { source, target, flow } = this;
    const { parent, parentArc } = this.tree;
    const [from, to] = [source[entering] as number, target[entering] as number];
    const apex = this.apexOf(entering);
    let moved = Infinity;
    let cut = -1;
    let leaving = Infinity;
    for (let node = from; node !== apex; node = parent[node] as number) {
      const arc = parentArc[node] as number;
      if (source[arc] !== node) continue;
      const carried = flow[arc] as number;
      if (carried < moved || (takesLowest && carried === moved && arc < leaving))
        [moved, cut, leaving] = [carried, node, arc];
    }
    let isBelowSource = true;
    for (let node = to; node !== apex; node = parent[node] as number) {
      const arc = parentArc[node] as number;
      if (target[arc] !== node) continue;
      const carried = flow[arc] as number;
      if (carried < moved || (carried === moved && (!takesLowest || arc < leaving))) {
        [moved, cut, leaving] = [carried, node, arc];
        isBelowSource = false;
      }
    }
    this.exchange(entering, cut, isBelowSource, apex, moved);
    return moved;
  }

  /** Moves so many minutes round the cycle, and the arc into the place of that above `cut`. */
  private exchange(entering: number, cut: number, isBelowSource: boolean, apex: number, moved: number): void {
    const { source, target, flow, potential, tiePotential, tree } = this;
    const [from, to] = [source[entering] as number, target[entering] as number];
    if (moved !== 0) {
      flow[entering] = (flow[entering] as number) + moved;
      for (let node = from; node !== apex; node = tree.parent[node] as number) {
        const arc = tree.parentArc[node] as number;
        flow[arc] = (flow[arc] as number) + (source[arc] === node ? -moved : moved);
      }
      for (let node = to; node !== apex; node = tree.parent[node] as number) {
        const arc = tree.parentArc[node] as number;
        flow[arc] = (flow[arc] as number) + (target[arc] === node ? -moved : moved);
      }
    }
    const gained = (this.gain[entering] as number) - (potential[from] as number) + (potential[to] as number);
    const tied = (this.tie[entering] as number) - (tiePotential[from] as number) + (tiePotential[to] as number);
    const [inner, outer] = isBelowSource ? [from, to] : [to, from];
    tree.rehang(cut, inner, outer, entering);
    const count = tree.below(inner);
    const sign = isBelowSource ? 1 : -1;
    this.moved = count;
    const { found } = tree;
    for (let at = 0; at < count; at += 1) {
      const node = found[at] as number;
      potential[node] = (potential[node] as number) + sign * gained;
      tiePotential[node] = (tiePotential[node] as number) + sign * tied;
    }
    this.pivots += 1;
  }

  /** The arcs over which minutes could move without loss. */
  private arcsWithoutLoss(): Int32Array {
    const found = new Int32Array(this.arcs);
    let count = 0;
    for (let arc = 0; arc < this.arcs; arc += 1) {
      if (this.reduced(arc, this.gain, this.potential) === 0) {
        found[count] = arc;
        count += 1;
      }
    }
    return found.subarray(0, count);
  }

  /**
   * Dual simplex: as long as an arc of the tree carries less than nothing, it leaves, and of the arcs that can carry
   * minutes the other way over the cut, the one that loses least enters. Gain and ties stay optimal on the way.
   */
  private repair(): void {
    while (!this.isFeasible) {
      const cut = this.findShort();
      if (cut < 0) this.isFeasible = true;
      else this.bridge(cut);
    }
  }

  /** A node whose arc to its parent carries less than nothing; negative when there is none. */
  private findShort(): number {
    const { flow } = this;
    const { parentArc } = this.tree;
    for (let node = 1; node < this.nodes; node += 1) if ((flow[parentArc[node] as number] as number) < 0) return node;
    return -1;
  }

  private bridge(cut: number): void {
    const { source, target, flow, tree } = this;
    const isBelow = new Uint8Array(this.nodes);
    const count = tree.below(cut);
    for (let at = 0; at < count; at += 1) isBelow[tree.found[at] as number] = 1;
    const short = tree.parentArc[cut] as number;
    const isInward = source[short] === cut;
    const [first, next, otherEnd] = isInward
      ? [this.firstIn, this.nextIn, source]
      : [this.firstOut, this.nextOut, target];
    let entering = NONE;
    let [most, mostTie] = [-Infinity, -Infinity];
    for (let at = 0; at < count; at += 1) {
      for (let arc = first[tree.found[at] as number] as number; arc !== NONE; arc = next[arc] as number) {
        if (isBelow[otherEnd[arc] as number] === 1) continue;
        const gained = this.reduced(arc, this.gain, this.potential);
        if (gained < most) continue;
        const tied = this.reduced(arc, this.tie, this.tiePotential);
        if (gained === most && tied <= mostTie) continue;
        [entering, most, mostTie] = [arc, gained, tied];
      }
    }
    this.exchange(entering, cut, !isInward, this.apexOf(entering), -(flow[short] as number));
  }

  /** Where the ways of both ends of the arc to the root meet. */
  private apexOf(arc: number): number {
    const { parent, depth } = this.tree;
    let [a, b] = [this.source[arc] as number, this.target[arc] as number];
    while (a !== b) {
      if ((depth[a] as number) >= (depth[b] as number)) a = parent[a] as number;
      else b = parent[b] as number;
    }
    return a;
  }

  private addNode(minutes: number): number {
    const node = this.nodes;
    if (node === this.minutes.length) this.growNodes(2 * node);
    this.nodes += 1;
    this.minutes[node] = minutes;
    return node;
  }

  private addArc(from: number, to: number, gain: number, tie: number, flow: number): number {
    const arc = this.arcs;
    if (arc === this.source.length) this.growArcs(2 * arc);
    this.arcs += 1;
    this.source[arc] = from;
    this.target[arc] = to;
    this.gain[arc] = gain;
    this.tie[arc] = tie;
    this.flow[arc] = flow;
    this.nextOut[arc] = this.firstOut[from] as number;
    this.firstOut[from] = arc;
    this.nextIn[arc] = this.firstIn[to] as number;
    this.firstIn[to] = arc;
    return arc;
  }

  private growNodes(nodes: number): void {
    this.tree.growTo(nodes);
    this.slackArc = grown(this.slackArc, new Int32Array(nodes));
    this.firstOut = grown(this.firstOut, new Int32Array(nodes).fill(NONE));
    this.firstIn = grown(this.firstIn, new Int32Array(nodes).fill(NONE));
    this.minutes = grown(this.minutes, new Float64Array(nodes));
    this.potential = grown(this.potential, new Float64Array(nodes));
    this.tiePotential = grown(this.tiePotential, new Float64Array(nodes));
  }

  private growArcs(arcs: number): void {
    this.source = grown(this.source, new Int32Array(arcs));
    this.target = grown(this.target, new Int32Array(arcs));
    this.gain = grown(this.gain, new Float64Array(arcs));
    this.tie = grown(this.tie, new Float64Array(arcs));
    this.flow = grown(this.flow, new Float64Array(arcs));
    this.nextOut = grown(this.nextOut, new Int32Array(arcs));
    this.nextIn = grown(this.nextIn, new Int32Array(arcs));
  }
}

function grown<Values extends Int32Array | Float64Array>(from: Values, to: Values): Values {
  to.set(from);
  return to;
}
