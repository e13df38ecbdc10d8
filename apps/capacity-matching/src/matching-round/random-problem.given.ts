import { addWeeks } from '@alliance/calendar';
import type { MatchingProblem } from './matching-problem';

/** Numbers from 0 up to `below`, as good as random, from a seed (mulberry32). */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface Shape {
  readonly needs: number;
  readonly offers: number;
  readonly weeks: number;
  /** Of a hundred pairs. */
  readonly density: number;
  readonly hasBlocks: boolean;
  readonly hasLimits: boolean;
}

/** A problem of that shape: windows begin and end, some weeks are equal, and some pairs have fewer weeks than their ends. */
export function randomProblem(seed: number, shape: Shape): MatchingProblem {
  const random = randomFrom(seed);
  const idOf = () =>
    Array.from({ length: 32 }, () => random(16).toString(16))
      .join('')
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const ids = (count: number) => Array.from({ length: count }, idOf).sort();
  const { needs, offers, weeks, density, hasBlocks, hasLimits } = shape;
  const windowed = (rows: number, most: number) => {
    const values = new Float64Array(rows * weeks);
    for (let row = 0; row < rows; row += 1) {
      const minutes = 30 * (1 + random(most / 30));
      const [first, length] = [random(weeks), 1 + random(weeks)];
      for (let week = first; week < Math.min(weeks, first + length); week += 1) values[row * weeks + week] = minutes;
    }
    return values;
  };
  const pairs = Array.from({ length: needs * offers }, (_, at) => at).filter(() => random(100) < density);
  const [wanted, free] = [windowed(needs, 600), windowed(offers, 900)];
  const severityClass = Uint8Array.from({ length: needs }, () => random(3));
  const limits = Array.from({ length: needs }, () => (hasLimits ? random(3) : 0));
  const pairScore = Int32Array.from(pairs, () => 1 + random(20));
  return {
    ...{ weeks: Array.from({ length: weeks }, (_, at) => addWeeks('2026-W15', at)), wanted, free },
    ...{ needIds: ids(needs), offerIds: ids(offers) },
    block: free.map((minutes) => (hasBlocks ? Math.min(minutes, 120) : 0)),
    severityClass,
    mostSupporters: Uint16Array.from(wanted, (_, at) => limits[Math.floor(at / weeks)] as number),
    pairNeed: Int32Array.from(pairs, (at) => Math.floor(at / offers)),
    pairOffer: Int32Array.from(pairs, (at) => at % offers),
    pairFirstWeek: Int16Array.from(pairs, () => (random(8) === 0 ? Math.min(1, weeks - 1) : 0)),
    pairLastWeek: Int16Array.from(pairs, () => (random(8) === 0 ? Math.max(0, weeks - 2) : weeks - 1)),
    pairScore,
  };
}

/** The same problem with these pairs alone, in this order. */
export function onlyPairs(problem: MatchingProblem, pairs: readonly number[]): MatchingProblem {
  const { pairNeed, pairOffer, pairFirstWeek, pairLastWeek, pairScore } = problem;
  const of = (values: Int16Array | Int32Array) => pairs.map((pair) => values[pair] as number);
  return {
    ...problem,
    ...{ pairNeed: Int32Array.from(of(pairNeed)), pairOffer: Int32Array.from(of(pairOffer)) },
    ...{ pairFirstWeek: Int16Array.from(of(pairFirstWeek)), pairLastWeek: Int16Array.from(of(pairLastWeek)) },
    pairScore: Int32Array.from(of(pairScore)),
  };
}
