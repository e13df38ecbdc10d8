/**
 * What a matching round has to solve, by index, in arrays that cross to a worker thread as they are. Needs and offers are in
 * the order of their ids; amounts are whole minutes.
 */
export interface MatchingProblem {
  /** In the order of time, without gaps. */
  readonly weeks: readonly string[];
  readonly needIds: readonly string[];
  readonly offerIds: readonly string[];
  /** Of each need and week, at `need * weeks.length + week`: what is still wanted. */
  readonly wanted: Float64Array;
  /** Of each offer and week: what is free. */
  readonly free: Float64Array;
  /** Of each offer and week: what one need takes at least, if it takes anything; 0 where that does not matter. */
  readonly block: Float64Array;
  /** Of each need: from 0, the least severe, up. */
  readonly severityClass: Uint8Array;
  /** Of each need and week: how many offers may help it in that week; 0 for any number. */
  readonly mostSupporters: Uint16Array;
  /** Who can help whom. In the order of needs, then of offers. */
  readonly pairNeed: Int32Array;
  readonly pairOffer: Int32Array;
  /** Of each pair: the first and the last week, by index, in which the one can help the other. */
  readonly pairFirstWeek: Int16Array;
  readonly pairLastWeek: Int16Array;
  /** Of each pair and minute: from 1 to `MOST_SCORE`. */
  readonly pairScore: Int32Array;
}

export const MOST_SCORE = 1000;
export const SEVERITY_CLASSES = 3;

/**
 * What decides among optima: 36 bits that follow from the names of need and offer, as good as random, and the same whoever
 * else is there. By murmur3's mixing over the eight words of both UUIDs, twice.
 */
export function tieOf(need: UuidWords, offer: UuidWords): number {
  return mixed(need, offer, 0x9747b28c) + (mixed(need, offer, 0x3c6ef372) & 0xf) * 2 ** 32;
}

/** The 128 bits of a UUID. */
export type UuidWords = readonly [number, number, number, number];

export function wordsOf(uuid: string): UuidWords {
  const hex = uuid.replaceAll('-', '');
  const word = (at: number) => Number.parseInt(hex.slice(8 * at, 8 * at + 8), 16) | 0;
  return [word(0), word(1), word(2), word(3)];
}

function mixed(need: UuidWords, offer: UuidWords, seed: number): number {
  let hash = seed;
  for (let at = 0; at < 8; at += 1) {
    let word = Math.imul((at < 4 ? need[at] : offer[at - 4]) as number, 0xcc9e2d51);
    word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
    hash ^= word;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  hash ^= 32;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
