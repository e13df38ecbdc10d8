import type { Basis } from './basis';
import { NONE } from './transport-graph';

/** Asked once in a while with the number of pivots so far; the solve ends early when it says so. */
export type ShouldStop = (pivots: number) => boolean;

const PIVOTS_BETWEEN_QUESTIONS = 64;
/** After looks at so many of all arcs, one search over all of them costs less than going on from node to node. */
const SHARE_TO_LOOK_AT = 1 / 8;

/**
 * Primal simplex on a feasible basis: arcs over which a minute more gains enter the tree until there is none. First for
 * gain, then for ties over the arcs that cost none of it, so that the gain stays.
 */
export class PrimalSimplex {
  /** Where the search for an arc that gains goes on. */
  private cursor = 0;

  constructor(
    private readonly basis: Basis,
    private readonly shouldStop: ShouldStop | undefined,
  ) {}

  /** Looks at all arcs. False when it was stopped. */
  improveAll(): boolean {
    const { basis } = this;
    basis.mindsTies = false;
    if (!this.pivotWhileGaining(basis.graph.gain, basis.potential, undefined)) return false;
    basis.settleTies();
    return this.pivotWhileGaining(basis.graph.tie, basis.tiePotential, this.arcsWithoutLoss());
  }

  /**
   * From an optimum to which the arcs from `firstNew` on were added, and in which the gain of those in `changed` was changed.
   * Another gain, and each pivot, changes how much an arc gains only where the one end is below the arc that changed and the
   * other is not: whatever is to enter is among the new and the changed arcs, and then among those at the nodes that were
   * moved. False when it was stopped.
   */
  improveFrom(firstNew: number, changed: readonly number[]): boolean {
    const { basis } = this;
    basis.settleTies();
    basis.graph.link();
    const { arcs } = basis.graph;
    const waiting = Array.from({ length: arcs - firstNew }, (_, index) => firstNew + index);
    let looked = 0;
    for (const arc of changed) {
      const below = basis.nodeBelow(arc);
      if (below === NONE) waiting.push(arc);
      else for (const isRaised of [true, false]) looked += this.awaitArcsAt(below, isRaised, waiting);
    }
    for (let arc = waiting.pop(); arc !== undefined; arc = waiting.pop()) {
      if (!this.gains(arc)) continue;
      this.enter(arc, false);
      if (this.isStopped()) return false;
      looked += this.awaitArcsAt(basis.moved, basis.isRaised, waiting);
      if (looked > SHARE_TO_LOOK_AT * arcs) return this.improveAll();
    }
    return true;
  }

  /**
   * Whatever gains at the nodes of a subtree now that their potentials were raised, or lowered: of arcs into it, or of those
   * out of it, since the others gain less than before. Gives how many it looked at.
   */
  private awaitArcsAt(top: number, isRaised: boolean, waiting: number[]): number {
    const { tree, graph } = this.basis;
    const [first, next] = isRaised ? [graph.firstIn, graph.nextIn] : [graph.firstOut, graph.nextOut];
    let looked = 0;
    let node = top;
    for (let left = tree.size[top] as number; left > 0; left -= 1) {
      for (let arc = first[node] as number; arc !== NONE; arc = next[arc] as number) {
        looked += 1;
        if (this.gains(arc)) waiting.push(arc);
      }
      node = tree.next[node] as number;
    }
    return looked;
  }

  private gains(arc: number): boolean {
    const gained = this.basis.gainOf(arc);
    return gained > 0 || (gained === 0 && this.basis.tieOf(arc) > 0);
  }

  /** False when it was stopped. `among`: the arcs that may enter the tree; all, where it is `undefined`. */
  private pivotWhileGaining(value: Float64Array, potential: Float64Array, among: Int32Array | undefined): boolean {
    const size = among?.length ?? this.basis.graph.arcs;
    const block = Math.max(20, Math.ceil(Math.sqrt(size) / 4));
    // Pivots that move no minute could go in circles; after so many of them the lowest arc enters (Bland's rule).
    let idle = 0;
    this.cursor = 0;
    for (;;) {
      const isIdle = idle > size;
      const entering = this.findGain(value, potential, among, isIdle ? 1 : block, isIdle ? 0 : this.cursor);
      if (entering === NONE) return true;
      idle = this.enter(entering, isIdle) > 0 ? 0 : idle + 1;
      if (this.isStopped()) return false;
    }
  }

  /** Of the first block of arcs in which one gains, that which gains most; `NONE` when none does. */
  private findGain(
    value: Float64Array,
    potential: Float64Array,
    among: Int32Array | undefined,
    block: number,
    from: number,
  ): number {
    const { source, target, arcs } = this.basis.graph;
    const size = among?.length ?? arcs;
    let best = NONE;
    let most = 0;
    let at = from;
    for (let left = size; left > 0 && best === NONE;) {
      if (at >= size) at = 0;
      const end = Math.min(at + block, at + left, size);
      left -= end - at;
      for (; at < end; at += 1) {
        const arc = among === undefined ? at : (among[at] as number);
        const reduced =
          (value[arc] as number) -
          (potential[source[arc] as number] as number) +
          (potential[target[arc] as number] as number);
        if (reduced <= most) continue;
        most = reduced;
        best = arc;
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
    const { source, target, flow, isNeed } = this.basis.graph;
    const { parent, parentArc } = this.basis.tree;
    const apex = this.basis.apexOf(entering);
    let minutes = Infinity;
    let cut = NONE;
    let leaving = Infinity;
    let isBelowSource = true;
    for (let node = source[entering] as number; node !== apex; node = parent[node] as number) {
      if (isNeed[node] === 0) continue;
      const arc = parentArc[node] as number;
      const carried = flow[arc] as number;
      if (carried < minutes || (takesLowest && carried === minutes && arc < leaving))
        [minutes, cut, leaving] = [carried, node, arc];
    }
    for (let node = target[entering] as number; node !== apex; node = parent[node] as number) {
      if (isNeed[node] === 1) continue;
      const arc = parentArc[node] as number;
      const carried = flow[arc] as number;
      if (carried < minutes || (carried === minutes && (!takesLowest || arc < leaving))) {
        [minutes, cut, leaving] = [carried, node, arc];
        isBelowSource = false;
      }
    }
    this.basis.exchange(entering, cut, isBelowSource, apex, minutes);
    return minutes;
  }

  /** The arcs over which minutes could move without loss. */
  private arcsWithoutLoss(): Int32Array {
    const { arcs } = this.basis.graph;
    const found = new Int32Array(arcs);
    let count = 0;
    for (let arc = 0; arc < arcs; arc += 1) {
      if (this.basis.gainOf(arc) !== 0) continue;
      found[count] = arc;
      count += 1;
    }
    return found.subarray(0, count);
  }

  private isStopped(): boolean {
    const { pivots } = this.basis;
    return pivots % PIVOTS_BETWEEN_QUESTIONS === 0 && this.shouldStop?.(pivots) === true;
  }
}
