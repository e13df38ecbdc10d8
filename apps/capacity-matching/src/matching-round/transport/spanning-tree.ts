export const ROOT = 0;
const NONE = -1;

/**
 * A tree over the nodes of a network, each but the root on an arc to its parent. Nodes are numbered from 0, the root.
 *
 * One thread runs through all nodes, each before those below it, so that a subtree is a piece of it: what a pivot has to do
 * for all of a subtree is one walk along that piece (as in LEMON; Kovács, Minimum-cost flow algorithms, 2015).
 */
export class SpanningTree {
  parent: Int32Array;
  /** The arc between a node and its parent. */
  parentArc: Int32Array;
  /** The node that comes after it on the thread, all round. */
  next: Int32Array;
  /** How many nodes its subtree has, itself included. */
  size: Int32Array;
  private previous: Int32Array;
  /** The last node of its subtree on the thread. */
  private last: Int32Array;
  /** Where the thread was changed on the way of a rehanging. */
  private readonly changed: number[] = [];

  constructor(nodes: number) {
    this.parent = new Int32Array(nodes).fill(NONE);
    this.parentArc = new Int32Array(nodes).fill(NONE);
    this.next = new Int32Array(nodes);
    this.size = new Int32Array(nodes).fill(1);
    this.previous = new Int32Array(nodes);
    this.last = new Int32Array(nodes);
  }

  /** Makes room for so many nodes. */
  growTo(nodes: number): void {
    const { parent, parentArc, next, size, previous, last } = new SpanningTree(nodes);
    parent.set(this.parent);
    parentArc.set(this.parentArc);
    next.set(this.next);
    size.set(this.size);
    previous.set(this.previous);
    last.set(this.last);
    Object.assign(this, { parent, parentArc, next, size, previous, last });
  }

  /** Hangs a new node on to the root. */
  hang(node: number, arc: number): void {
    if (this.last[ROOT] === ROOT) this.last[ROOT] = node;
    this.last[node] = node;
    this.parent[node] = ROOT;
    this.parentArc[node] = arc;
    this.size[ROOT]! += 1;
    this.thread(node, this.next[ROOT] as number);
    this.thread(ROOT, node);
  }

  /** Where the ways of both nodes to the root meet. */
  apexOf(one: number, other: number): number {
    const { parent, size } = this;
    let [a, b] = [one, other];
    while (a !== b) {
      if ((size[a] as number) < (size[b] as number)) a = parent[a] as number;
      else b = parent[b] as number;
    }
    return a;
  }

  /** The node and all below it, parents before children. */
  below(top: number): Int32Array {
    const found = new Int32Array(this.size[top] as number);
    for (let at = 0, node = top; at < found.length; at += 1, node = this.next[node] as number) found[at] = node;
    return found;
  }

  /** Adds `by` to the values of the node and of all below it. */
  raise(top: number, values: Float64Array, by: number): void {
    const { next } = this;
    let node = top;
    for (let left = this.size[top] as number; left > 0; left -= 1) {
      values[node] = (values[node] as number) + by;
      node = next[node] as number;
    }
  }

  /**
   * Cuts the arc above `cut` and hangs what was below it on `outer` by the arc, which ends at `inner` below the cut: the
   * path between the two turns round. `apex` is where the ways of both ends of the arc meet.
   */
  rehang(cut: number, inner: number, outer: number, arc: number, apex: number): void {
    const { parent, size, last, previous } = this;
    const above = parent[cut] as number;
    const [before, count, lastBefore] = [previous[cut] as number, size[cut] as number, last[cut] as number];
    if (inner === cut) this.moveWhole(cut, outer, arc, before, lastBefore);
    else this.turnRound(cut, inner, outer, arc, before, count);
    this.settleLast(cut, outer, above, apex, before, lastBefore);
    for (let node = outer; node !== apex; node = parent[node] as number) size[node]! += count;
    for (let node = above; node !== apex; node = parent[node] as number) size[node]! -= count;
  }

  private moveWhole(cut: number, outer: number, arc: number, before: number, last: number): void {
    this.parent[cut] = outer;
    this.parentArc[cut] = arc;
    if (this.next[outer] === cut) return;
    this.thread(before, this.next[last] as number);
    this.thread(last, this.next[outer] as number);
    this.thread(outer, cut);
  }

  /** Hangs on node after node from `inner` up to `cut`, each below the one before it and after all that is below that. */
  private turnRound(cut: number, inner: number, outer: number, arc: number, before: number, count: number): void {
    const { parent, parentArc, next, previous, size, last, changed } = this;
    const onward = (before === outer ? next[last[cut] as number] : next[outer]) as number;
    let [node, newParent] = [inner, outer];
    let end = last[inner] as number;
    let after = next[end] as number;
    next[outer] = inner;
    changed.length = 0;
    changed.push(outer);
    while (node !== cut) {
      const oldParent = parent[node] as number;
      next[end] = oldParent;
      changed.push(end);
      this.thread(previous[node] as number, after);
      parent[node] = newParent;
      newParent = node;
      node = oldParent;
      end = (last[node] === last[newParent] ? previous[newParent] : last[node]) as number;
      after = next[end] as number;
    }
    parent[cut] = newParent;
    this.thread(end, onward);
    last[cut] = end;
    if (before !== outer) this.thread(before, after);
    for (const one of changed) previous[next[one] as number] = one;
    let turned = 0;
    for (let up = cut; up !== inner; up = parent[up] as number) {
      const below = parent[up] as number;
      parentArc[up] = parentArc[below] as number;
      turned += (size[up] as number) - (size[below] as number);
      size[up] = turned;
      last[below] = end;
    }
    parentArc[inner] = arc;
    size[inner] = count;
  }

  /** Above the old place of the subtree, and above its new one, others may come last now. */
  private settleLast(
    cut: number,
    outer: number,
    above: number,
    apex: number,
    before: number,
    lastBefore: number,
  ): void {
    const { parent, last } = this;
    const limit = last[apex] === outer ? apex : NONE;
    const lastNow = last[cut] as number;
    for (let node = outer; node !== NONE && last[node] === outer; node = parent[node] as number) last[node] = lastNow;
    const instead = apex !== before && outer !== before ? before : lastNow;
    if (instead === lastBefore) return;
    for (let node = above; node !== limit && last[node] === lastBefore; node = parent[node] as number)
      last[node] = instead;
  }

  private thread(node: number, next: number): void {
    this.next[node] = next;
    this.previous[next] = node;
  }
}
