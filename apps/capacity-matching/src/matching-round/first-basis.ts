import type { Basis } from './basis';
import { ROOT } from './spanning-tree';

const DIGIT_BITS = 11;
const DIGIT = 2 ** DIGIT_BITS;

/**
 * Puts a basis closer to the optimum, without a pivot: pair by pair, the ones that gain most first, as many minutes as its
 * need still asks and its offer still keeps. One of the two has none left then, and hangs on to the other by the pair.
 *
 * Where both have minutes left, both hang on to the root by their slack arcs, so the pair is none of the tree and carries
 * nothing yet: this is sound on every feasible basis.
 */
export function startGreedily(basis: Basis): void {
  const { graph, tree } = basis;
  const { source, target, flow, slackArc } = graph;
  const pairs = pairsByGain(basis);
  for (let at = 0; at < pairs.length; at += 1) {
    const arc = pairs[at] as number;
    const [need, offer] = [source[arc] as number, target[arc] as number];
    const [needSlack, offerSlack] = [slackArc[need] as number, slackArc[offer] as number];
    const [asked, free] = [flow[needSlack] as number, flow[offerSlack] as number];
    const minutes = Math.min(asked, free);
    if (minutes === 0) continue;
    flow[arc] = minutes;
    flow[needSlack] = asked - minutes;
    flow[offerSlack] = free - minutes;
    if (free === minutes) tree.rehang(offer, offer, need, arc, ROOT);
    else tree.rehang(need, need, offer, arc, ROOT);
  }
  basis.settle();
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
