import { assertExact } from './transport/transport-limits';

/**
 * What a minute gains for the class of its need, from the least severe class to the most: M, 2M, … kM. Added to the score of
 * a pair, a network serves as many minutes of the most severe class as can be, then of the next one, and only then minds
 * scores.
 *
 * M is mostScore · min(needs, offers) + 1. So small a number suffices: an augmenting path that serves a minute of a higher
 * class takes at most one of a lower class away, whatever it moves between, and it ends at most min(needs, offers) pairs,
 * each of which gains at most `mostScore` points. It follows that a gain is at most k · M + mostScore.
 *
 * Throws a RangeError where such gains could pass 2^53 (see `assertExact`).
 *
 * @param size minutes are those that needs ask and offers have in all; scores are integers from 0 to `mostScore`.
 */
export function severityWeights(size: {
  readonly classes: number;
  readonly mostScore: number;
  readonly needs: number;
  readonly offers: number;
  readonly neededMinutes: number;
  readonly offeredMinutes: number;
}): readonly number[] {
  const { classes, mostScore, needs, offers } = size;
  const step = mostScore * Math.min(needs, offers) + 1;
  assertExact({ ...size, mostGain: classes * step + mostScore, mostTie: 0 });
  return Array.from({ length: classes }, (_, index) => (index + 1) * step);
}
