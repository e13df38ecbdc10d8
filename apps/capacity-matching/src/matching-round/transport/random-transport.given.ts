import type { Pair, Transport } from './transport.given';

export const MOST_SCORE = 1000;

/** How transports differ in what is hard about them. */
export interface Shape {
  readonly name: string;
  /** Scores are up to this. */
  readonly mostScore: number;
  readonly mostDemand: number;
  readonly mostCapacity: number;
  /** Minutes are multiples of it. */
  readonly block: number;
  /** Pairs a need at most. */
  readonly mostPairs: number;
  /** Of the needs, and of the offers, those without a pair. */
  readonly isolated: number;
}

const usual = { mostScore: MOST_SCORE, mostDemand: 2400, mostCapacity: 2400, block: 1, mostPairs: 15, isolated: 0.05 };

export const shapes: readonly Shape[] = [
  { ...usual, name: 'varied' },
  { ...usual, name: 'with ties', mostScore: 3, block: 60 },
  { ...usual, name: 'degenerate', mostScore: 5, mostDemand: 60, mostCapacity: 60, block: 60 },
  { ...usual, name: 'with many isolated', isolated: 0.5, mostPairs: 3 },
  { ...usual, name: 'scarce', mostCapacity: 240 },
  { ...usual, name: 'abundant', mostDemand: 240 },
];

type Range = readonly [number, number];

/** So many needs and offers from the one to the other, the same for the same seed, and a class from 0 to 2 of each need. */
export function randomTransport(
  shape: Shape,
  seed: number,
  size: { readonly needs: Range; readonly offers: Range } = { needs: [1, 80], offers: [1, 60] },
): Transport & { readonly classOf: readonly number[] } {
  const random = chances(seed);
  const integer = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const minutes = (upTo: number) => shape.block * integer(upTo === shape.block ? 1 : 0, upTo / shape.block);
  const demands = Array.from({ length: integer(...size.needs) }, () => minutes(shape.mostDemand));
  const capacities = Array.from({ length: integer(...size.offers) }, () => minutes(shape.mostCapacity));
  const reachable = [...capacities.keys()].filter(() => random() >= shape.isolated);
  const pairs = [...demands.keys()].flatMap((need): readonly Pair[] => {
    if (reachable.length === 0 || random() < shape.isolated) return [];
    const chosen = Array.from(
      { length: integer(1, shape.mostPairs) },
      () => reachable[integer(0, reachable.length - 1)],
    );
    return [...new Set(chosen)].map((offer) => ({
      need,
      offer: offer as number,
      gain: integer(1, shape.mostScore),
      tie: integer(0, 2 ** 36 - 1),
    }));
  });
  return { demands, capacities, pairs, classOf: demands.map(() => integer(0, 2)) };
}

/** Numbers in [0, 1) that come out the same for the same seed (mulberry32). */
function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
