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
  for (const arc of pairsByGain(basis)) hangTogether(basis, arc);
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

/** The arcs of pairs, those that gain most first: sorted by the higher and before that by the lower digit of their gain. */
function pairsByGain({ graph: { arcs, gain, source, target, size } }: Basis): Int32Array {
  const perStep = (DIGIT * DIGIT - 1) / Math.max(1, size.mostGain);
  const steps = new Int32Array(arcs);
  let pairs: Int32Array = new Int32Array(size.pairs);
  let count = 0;
  for (let arc = 0; arc < arcs; arc += 1) {
    if (source[arc] === ROOT || target[arc] === ROOT) continue;
    steps[arc] = (size.mostGain - (gain[arc] as number)) * perStep;
    pairs[count] = arc;
    count += 1;
  }
  for (const shift of [0, DIGIT_BITS]) pairs = sortedByDigit(pairs, steps, shift);
  return pairs;
}

function sortedByDigit(arcs: Int32Array, keys: Int32Array, shift: number): Int32Array {
  const next = new Int32Array(DIGIT + 1);
  const digits = arcs.map((arc) => ((keys[arc] as number) >> shift) & (DIGIT - 1));
  for (let at = 0; at < arcs.length; at += 1) next[(digits[at] as number) + 1]! += 1;
  for (let digit = 0; digit < DIGIT; digit += 1) next[digit + 1]! += next[digit] as number;
  const sorted = new Int32Array(arcs.length);
  for (let at = 0; at < arcs.length; at += 1) {
    const digit = digits[at] as number;
    sorted[next[digit] as number] = arcs[at] as number;
    next[digit]! += 1;
  }
  return sorted;
}
