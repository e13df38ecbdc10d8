import { Random } from '../random';

/** A need takes minutes of an offer: pair by pair, as places in the lists of needs and offers. */
export interface GeneratedTransport {
  readonly demands: Float64Array;
  readonly capacities: Float64Array;
  /** The pairs of one need lie together, in the order of needs. */
  readonly need: Int32Array;
  readonly offer: Int32Array;
  readonly score: Float64Array;
  readonly tie: Float64Array;
  /** Of each need, from 0 to 2, the most severe last. */
  readonly severity: Uint8Array;
}

export const CLASSES = 3;
export const MOST_SCORE = 1000;

const LAENDER = 16;
const KREISE_A_LAND = 25;
const REMOTE_SHARE = 0.1;
const [FEWEST_PAIRS, MOST_PAIRS] = [10, 15];
/** Of the pairs of a need, about so many are with offers of its Kreis, and with offers of its Land; the others are remote. */
const [IN_KREIS, IN_LAND] = [0.6, 0.9];
/** Points that a nearer ring scores more. */
const A_RING = 200;
const MOST_MINUTES = { need: 2400, offer: 4800 };
const BLOCK = 60;

/**
 * Needs and offers of a week in the Kreise of a country whose populations differ as those of towns do. A tenth of the
 * offers is remote; each need has 10 to 15 feasible pairs, mostly nearby, and nearer ones score higher.
 */
export function generatedTransport(needs: number, offers: number, seed: number): GeneratedTransport {
  const random = new Random(seed);
  const drawKreis = byPopulation(random);
  const near = offersByPlace(offers, random, drawKreis);
  const [need, offer] = [new Int32Array(MOST_PAIRS * needs), new Int32Array(MOST_PAIRS * needs)];
  const score = new Float64Array(MOST_PAIRS * needs);
  let pairs = 0;
  for (let at = 0; at < needs; at += 1) {
    const kreis = drawKreis();
    const around = [near.inKreis(kreis), near.inLand(kreis), near.remote];
    const wanted = random.integer(FEWEST_PAIRS, MOST_PAIRS + 1);
    const chosen = new Set<number>();
    for (let tries = 0; chosen.size < wanted && tries < 10 * wanted; tries += 1) {
      const chance = random.next();
      const ring = chance < IN_KREIS ? 0 : chance < IN_LAND ? 1 : 2;
      const there = around[ring] as readonly number[];
      if (there.length === 0) continue;
      const one = random.pick(there);
      if (chosen.has(one)) continue;
      chosen.add(one);
      need[pairs] = at;
      offer[pairs] = one;
      score[pairs] = random.integer(1, MOST_SCORE - 2 * A_RING + 1) + A_RING * (2 - ring);
      pairs += 1;
    }
  }
  const minutes = (most: number) => BLOCK * random.integer(1, most / BLOCK + 1);
  return {
    demands: Float64Array.from({ length: needs }, () => minutes(MOST_MINUTES.need)),
    capacities: Float64Array.from({ length: offers }, () => minutes(MOST_MINUTES.offer)),
    need: need.subarray(0, pairs),
    offer: offer.subarray(0, pairs),
    score: score.subarray(0, pairs),
    tie: new Float64Array(pairs).map(() => random.integer(0, 2 ** 36)),
    severity: Uint8Array.from({ length: needs }, () => random.integer(0, CLASSES)),
  };
}

/** Draws a Kreis by its population: the nth largest has about an nth of the largest one's. */
function byPopulation(random: Random): () => number {
  const upTo: number[] = [];
  let all = 0;
  for (let rank = 1; rank <= LAENDER * KREISE_A_LAND; rank += 1) {
    all += 1 / rank;
    upTo.push(all);
  }
  return () => {
    const at = random.next() * all;
    const rank = upTo.findIndex((bound) => at < bound);
    return (rank * 7) % upTo.length; // The large ones lie in all Länder: 7 and their number have no divisor in common.
  };
}

function offersByPlace(offers: number, random: Random, drawKreis: () => number) {
  const byKreis = new Map<number, number[]>();
  const byLand = new Map<number, number[]>();
  const remote: number[] = [];
  for (let offer = 0; offer < offers; offer += 1) {
    if (random.chance(REMOTE_SHARE)) {
      remote.push(offer);
      continue;
    }
    const kreis = drawKreis();
    listOf(byKreis, kreis).push(offer);
    listOf(byLand, landOf(kreis)).push(offer);
  }
  return {
    remote,
    inKreis: (kreis: number) => listOf(byKreis, kreis),
    inLand: (kreis: number) => listOf(byLand, landOf(kreis)),
  };
}

function landOf(kreis: number): number {
  return Math.floor(kreis / KREISE_A_LAND);
}

function listOf(lists: Map<number, number[]>, key: number): number[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
