/**
 * The proof of an optimum in the one form it has, to be digested and kept: the objective and the price of each need and
 * offer, in the order of their ids. Whoever has the needs, offers and pairs can check it without solving anything: no pair
 * gains more than the prices of its two ends together, and all minutes at their prices come to the objective.
 */
export function certificateOf(objective: number, prices: ReadonlyMap<string, number>): string {
  const inOrder = [...prices].sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify({ objective, prices: inOrder });
}
