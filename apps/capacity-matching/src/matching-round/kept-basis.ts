import type { MatchingProblem } from './matching-problem';

/** Points by which the score of a pair may be another one on average; with more, a new start is as near to the optimum. */
const MOST_CHANGE_OF_SCORE = 100;

/**
 * Where the weeks of a round had their optimum, so that the next round begins near to its own: of each week the pairs that
 * were in the basis. Nothing that is found depends on it, but how long that takes.
 *
 * It holds the weeks of one round, the last one: at 5,000 needs and 2,000 offers up to 80 kB for each week that differs from
 * the one before, at most 26 of them, and the ids once.
 */
export class KeptBasis {
  private needIds: readonly string[] = [];
  private offerIds: readonly string[] = [];
  /** Of each pair in the basis of a week, by turns: the place of its need, that of its offer, and its score. */
  private byWeek: ReadonlyMap<string, Int32Array> = new Map();

  /** Of each of the problem's weeks whose basis is worth to begin with, the pairs that were in it, in their order. */
  pairsByWeek({
    weeks,
    needIds,
    offerIds,
    pairNeed,
    pairOffer,
    pairScore,
  }: MatchingProblem): ReadonlyMap<string, Int32Array> {
    if (this.byWeek.size === 0) return new Map();
    const [needs, offers] = [placesIn(needIds, this.needIds), placesIn(offerIds, this.offerIds)];
    const pairsOf = needIds.map((): number[] => []);
    pairNeed.forEach((need, pair) => pairsOf[need]?.push(pair));
    const pairsIn = (kept: Int32Array) => {
      const found: number[] = [];
      let change = 0;
      for (let at = 0; at < kept.length; at += 3) {
        const [need, offer] = [needs[kept[at] as number] as number, offers[kept[at + 1] as number]];
        const pair = pairsOf[need]?.find((one) => pairOffer[one] === offer);
        if (pair === undefined) continue;
        found.push(pair);
        change += Math.abs((pairScore[pair] as number) - (kept[at + 2] as number));
      }
      return found.length === 0 || change > MOST_CHANGE_OF_SCORE * found.length ? undefined : Int32Array.from(found);
    };
    const found = new Map([...new Set(this.byWeek.values())].map((kept) => [kept, pairsIn(kept)]));
    const byWeek = weeks.map((week) => [week, found.get(this.byWeek.get(week) as Int32Array)] as const);
    return new Map(byWeek.flatMap(([week, pairs]) => (pairs === undefined ? [] : [[week, pairs] as const])));
  }

  /** Keeps the pairs in the bases of a round's weeks, instead of those before. */
  keep(
    { weeks, needIds, offerIds, pairNeed, pairOffer, pairScore }: MatchingProblem,
    bases: readonly { readonly weeks: readonly number[]; readonly pairs: Int32Array }[],
  ): void {
    [this.needIds, this.offerIds] = [needIds, offerIds];
    this.byWeek = new Map(
      bases.flatMap((basis) => {
        const pairs = new Int32Array(3 * basis.pairs.length);
        basis.pairs.forEach((pair, at) =>
          pairs.set([pairNeed[pair] as number, pairOffer[pair] as number, pairScore[pair] as number], 3 * at),
        );
        return basis.weeks.map((week) => [weeks[week] as string, pairs] as const);
      }),
    );
  }
}

/** Where each of the ids stands in the list; -1 for those that do not. */
function placesIn(list: readonly string[], ids: readonly string[]): Int32Array {
  const places = new Map(list.map((id, at) => [id, at]));
  return Int32Array.from(ids, (id) => places.get(id) ?? -1);
}
