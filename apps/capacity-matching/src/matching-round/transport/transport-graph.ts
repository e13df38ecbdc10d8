import { ROOT } from './spanning-tree';
import { assertExact } from './transport-limits';

export const NONE = -1;

/**
 * The nodes and arcs of a transport, in typed arrays that grow. Needs and offers are nodes from 1 on; minutes flow along
 * pairs from a need to an offer. The root takes what needs go without and gives what offers keep, over one slack arc a node.
 */
export class TransportGraph {
  /** How many there are, the root included. */
  nodes = 1;
  readonly size = { needs: 0, offers: 0, pairs: 0, neededMinutes: 0, offeredMinutes: 0, mostGain: 0, mostTie: 0 };
  minutes: Float64Array;
  slackArc: Int32Array;
  /** Of each node: 1 of a need. Whatever arc ties a node to its parent in a tree, it leads out of a need, or into an offer. */
  isNeed: Uint8Array;

  arcs = 0;
  source: Int32Array;
  target: Int32Array;
  gain: Float64Array;
  tie: Float64Array;
  flow: Float64Array;
  /** The arcs of a node, as lists; `link` takes those into them that were added since. */
  firstOut: Int32Array;
  firstIn: Int32Array;
  nextOut: Int32Array;
  nextIn: Int32Array;
  private linked = 0;

  constructor(nodes: number, pairs: number) {
    this.minutes = new Float64Array(nodes + 1);
    this.slackArc = new Int32Array(nodes + 1);
    this.isNeed = new Uint8Array(nodes + 1);
    this.firstOut = new Int32Array(nodes + 1).fill(NONE);
    this.firstIn = new Int32Array(nodes + 1).fill(NONE);
    this.source = new Int32Array(nodes + pairs);
    this.target = new Int32Array(nodes + pairs);
    this.gain = new Float64Array(nodes + pairs);
    this.tie = new Float64Array(nodes + pairs);
    this.flow = new Float64Array(nodes + pairs);
    this.nextOut = new Int32Array(nodes + pairs);
    this.nextIn = new Int32Array(nodes + pairs);
  }

  /** A need that goes without all its minutes; gives its node. */
  addNeed(minutes: number): number {
    const node = this.addNode(minutes);
    this.isNeed[node] = 1;
    this.size.needs += 1;
    this.size.neededMinutes += minutes;
    this.slackArc[node] = this.addArc(node, ROOT, 0, 0, minutes);
    return node;
  }

  /** An offer that keeps all its minutes; gives its node. */
  addOffer(minutes: number): number {
    const node = this.addNode(minutes);
    this.size.offers += 1;
    this.size.offeredMinutes += minutes;
    this.slackArc[node] = this.addArc(ROOT, node, 0, 0, minutes);
    return node;
  }

  /** An arc that carries nothing yet; gives its number. */
  addPair(need: number, offer: number, gain: number, tie: number): number {
    this.noteGain(gain);
    assertCount('tie', tie);
    this.size.pairs += 1;
    this.size.mostTie = Math.max(this.size.mostTie, tie);
    return this.addArc(need, offer, gain, tie, 0);
  }

  /** A pair is to gain so much. */
  noteGain(gain: number): void {
    assertCount('gain', gain);
    this.size.mostGain = Math.max(this.size.mostGain, gain);
  }

  /** Gives how many minutes more the node has than before. */
  setMinutes(node: number, minutes: number): number {
    assertCount('minutes', minutes);
    const more = minutes - (this.minutes[node] as number);
    this.minutes[node] = minutes;
    if (this.isNeed[node] === 1) this.size.neededMinutes += more;
    else this.size.offeredMinutes += more;
    return more;
  }

  /** Throws a RangeError when doubles could not hold all numbers of a solve. */
  assertExact(): void {
    assertExact(this.size);
  }

  link(): void {
    for (; this.linked < this.arcs; this.linked += 1) {
      const arc = this.linked;
      const [from, to] = [this.source[arc] as number, this.target[arc] as number];
      this.nextOut[arc] = this.firstOut[from] as number;
      this.firstOut[from] = arc;
      this.nextIn[arc] = this.firstIn[to] as number;
      this.firstIn[to] = arc;
    }
  }

  isSlack(arc: number): boolean {
    return this.source[arc] === ROOT || this.target[arc] === ROOT;
  }

  private addNode(minutes: number): number {
    assertCount('minutes', minutes);
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
    return arc;
  }

  private growNodes(nodes: number): void {
    this.slackArc = grown(this.slackArc, new Int32Array(nodes));
    this.isNeed = grown(this.isNeed, new Uint8Array(nodes));
    this.firstOut = grown(this.firstOut, new Int32Array(nodes).fill(NONE));
    this.firstIn = grown(this.firstIn, new Int32Array(nodes).fill(NONE));
    this.minutes = grown(this.minutes, new Float64Array(nodes));
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

function assertCount(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`${name} is ${value}; it has to be an integer from 0 on.`);
}

/** The longer array with what the shorter one holds. */
export function grown<Values extends Uint8Array | Int32Array | Float64Array>(from: Values, to: Values): Values {
  to.set(from);
  return to;
}
