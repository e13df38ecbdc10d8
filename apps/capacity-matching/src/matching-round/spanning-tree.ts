export const ROOT = 0;
const NONE = -1;

/** A tree over the nodes of a network, each but the root on an arc to its parent. Nodes are numbered from 0, the root. */
export class SpanningTree {
  parent: Int32Array;
  /** The arc between a node and its parent. */
  parentArc: Int32Array;
  depth: Int32Array;
  /** The nodes that `below` found last. */
  found: Int32Array;
  private firstChild: Int32Array;
  private nextSibling: Int32Array;
  private previousSibling: Int32Array;

  constructor(nodes: number) {
    this.parent = new Int32Array(nodes).fill(NONE);
    this.parentArc = new Int32Array(nodes).fill(NONE);
    this.depth = new Int32Array(nodes);
    this.found = new Int32Array(nodes);
    this.firstChild = new Int32Array(nodes).fill(NONE);
    this.nextSibling = new Int32Array(nodes).fill(NONE);
    this.previousSibling = new Int32Array(nodes).fill(NONE);
  }

  /** Makes room for so many nodes. */
  growTo(nodes: number): void {
    const grown = new SpanningTree(nodes);
    grown.parent.set(this.parent);
    grown.parentArc.set(this.parentArc);
    grown.depth.set(this.depth);
    grown.firstChild.set(this.firstChild);
    grown.nextSibling.set(this.nextSibling);
    grown.previousSibling.set(this.previousSibling);
    Object.assign(this, grown);
  }

  hang(node: number, parent: number, arc: number): void {
    const first = this.firstChild[parent] as number;
    this.nextSibling[node] = first;
    this.previousSibling[node] = NONE;
    if (first !== NONE) this.previousSibling[first] = node;
    this.firstChild[parent] = node;
    this.parent[node] = parent;
    this.parentArc[node] = arc;
    this.depth[node] = (this.depth[parent] as number) + 1;
  }

  /**
   * Cuts the arc above `cut` and hangs what was below it on `outer` by the arc, which ends at `inner` below the cut: the
   * path between the two turns round.
   */
  rehang(cut: number, inner: number, outer: number, arc: number): void {
    let node = inner;
    let newParent = outer;
    let newArc = arc;
    for (;;) {
      const oldParent = this.parent[node] as number;
      const oldArc = this.parentArc[node] as number;
      this.unhang(node);
      this.hang(node, newParent, newArc);
      if (node === cut) break;
      newParent = node;
      newArc = oldArc;
      node = oldParent;
    }
  }

  /** The node and all below it: `found` holds them, parents before children, whose depth is set anew. Gives their number. */
  below(top: number): number {
    const { found, depth, firstChild, nextSibling } = this;
    let count = 1;
    found[0] = top;
    for (let at = 0; at < count; at += 1) {
      const node = found[at] as number;
      const childDepth = (depth[node] as number) + 1;
      for (let child = firstChild[node] as number; child !== NONE; child = nextSibling[child] as number) {
        depth[child] = childDepth;
        found[count] = child;
        count += 1;
      }
    }
    return count;
  }

  private unhang(node: number): void {
    const [previous, next] = [this.previousSibling[node] as number, this.nextSibling[node] as number];
    if (previous === NONE) this.firstChild[this.parent[node] as number] = next;
    else this.nextSibling[previous] = next;
    if (next !== NONE) this.previousSibling[next] = previous;
  }
}
