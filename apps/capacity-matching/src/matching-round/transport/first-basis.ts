import type { Basis } from './basis';
import { ROOT } from './spanning-tree';

const DIGIT_BITS = 11;
const DIGIT = 2 ** DIGIT_BITS;

/**
 * Puts a basis closer to the optimum, without a pivot: pair by pair, as many minutes as its need still asks and its offer
 * still keeps. One of the two has none left then, and hangs on to the other by the pair. First come the pairs of `hint`,
 * then the others, the ones that gain most first.
 *
 * Where both have minutes left, both hang on to the root by their slack arcs, so the pair is none of the tree and carries
 * nothing yet: this is sound on every feasible basis. With a basis of before as hint, leaves first, the same tree comes
 * about where the same is asked and kept, and what no longer fits stays with the root.
 */
export function startGreedily(basis: Basis, hint: readonly number[]): void {
  for (const arc of hint) if (!hangTogether(basis, arc)) hangWithoutMinutes(basis, arc);
  const pairs = pairsByGain(basis);
  for (let at = 0; at < pairs.length; at += 1) hangTogether(basis, pairs[at] as number);
  basis.settle();
}

/** False where one of the two has nothing left. */
function hangTogether({ graph, tree }: Basis, arc: number): boolean {
  const { source, target, flow, slackArc } = graph;
  const [need, offer] = [source[arc] as number, target[arc] as number];
  const [needSlack, offerSlack] = [slackArc[need] as number, slackArc[offer] as number];
  const [asked, free] = [flow[needSlack] as number, flow[offerSlack] as number];
  const minutes = Math.min(asked, free);
  if (minutes === 0) return false;
  flow[arc] = minutes;
  flow[needSlack] = asked - minutes;
  flow[offerSlack] = free - minutes;
  if (free === minutes) tree.rehang(offer, offer, need, arc, ROOT);
  else tree.rehang(need, need, offer, arc, ROOT);
  return true;
}

/** A need that asks nothing more can hang on to an offer that has some: its minutes could go there (strongly feasible). */
function hangWithoutMinutes({ graph, tree }: Basis, arc: number): void {
  const [need, offer] = [graph.source[arc] as number, graph.target[arc] as number];
  const isFree = (graph.flow[graph.slackArc[offer] as number] as number) > 0;
  if (isFree && tree.parentArc[need] === graph.slackArc[need]) tree.rehang(need, need, offer, arc, ROOT);
}

/** The pairs that lose nothing, those that gain most first: sorted by the lower, then by the higher digit of what they gain less. */
function pairsByGain({ graph }: Basis): Int32Array {
  const { arcs, gain, size } = graph;
  const perStep = (DIGIT * DIGIT - 1) / Math.max(1, size.mostGain);
  const steps = new Int32Array(arcs);
  const pairs = new Int32Array(size.pairs);
  const [low, high] = [new Int32Array(DIGIT + 1), new Int32Array(DIGIT + 1)];
  let count = 0;
  for (let arc = 0; arc < arcs; arc += 1) {
    if (graph.isSlack(arc) || (gain[arc] as number) < 0) continue;
    const step = ((size.mostGain - (gain[arc] as number)) * perStep) | 0;
    steps[arc] = step;
    pairs[count] = arc;
    count += 1;
    low[(step & (DIGIT - 1)) + 1]! += 1;
    high[(step >> DIGIT_BITS) + 1]! += 1;
  }
  return sortedByDigit(sortedByDigit(pairs.subarray(0, count), steps, 0, low), steps, DIGIT_BITS, high);
}

/** Keeps the order of equal ones. `next`: behind each digit, how many have it; in the end, how many have it or a lower one. */
function sortedByDigit(arcs: Int32Array, steps: Int32Array, shift: number, next: Int32Array): Int32Array {
  for (let digit = 0; digit < DIGIT; digit += 1) next[digit + 1]! += next[digit] as number;
  const sorted = new Int32Array(arcs.length);
  for (let at = 0; at < arcs.length; at += 1) {
    const arc = arcs[at] as number;
    const digit = ((steps[arc] as number) >> shift) & (DIGIT - 1);
    sorted[next[digit] as number] = arc;
    next[digit]! += 1;
  }
  return sorted;
}
