/** What a transport's numbers come to at most: from these follows whether doubles hold all of them exactly. */
export interface TransportSize {
  readonly needs: number;
  readonly offers: number;
  /** Of all needs, and of all offers. */
  readonly neededMinutes: number;
  readonly offeredMinutes: number;
  /** Of a minute of one pair. */
  readonly mostGain: number;
  readonly mostTie: number;
}

/**
 * Throws a RangeError where an integer on the way of a solve could pass 2^53, so that a double would round it.
 *
 * - Potentials: a way over the tree to the root has at most 2 · min(needs, offers) pairs, by turns there and back, so a
 *   potential is at most min(needs, offers) · gain, and what an arc gains by two of them (2 · min(needs, offers) + 1) · gain.
 *   The same holds for ties: of 36 bits, up to 65,535 needs or offers, whichever are fewer.
 * - The objective, and the bound that proves it: min(needed, offered minutes) · gain.
 */
export function assertExact({ needs, offers, neededMinutes, offeredMinutes, mostGain, mostTie }: TransportSize): void {
  const fewer = Math.min(needs, offers);
  const limits = [
    {
      what: `a gain of ${mostGain}`,
      times: 'twice the fewer of needs and offers plus one',
      by: mostGain,
      factor: 2 * fewer + 1,
    },
    {
      what: `a tie of ${mostTie}`,
      times: 'twice the fewer of needs and offers plus one',
      by: mostTie,
      factor: 2 * fewer + 1,
    },
    {
      what: `a gain of ${mostGain}`,
      times: 'all minutes that can move',
      by: mostGain,
      factor: Math.min(neededMinutes, offeredMinutes),
    },
  ];
  for (const { what, times, by, factor } of limits) {
    if (by * factor > Number.MAX_SAFE_INTEGER)
      throw new RangeError(`The transport is too large to be exact: ${what} times ${times} (${factor}) passes 2^53.`);
  }
}
