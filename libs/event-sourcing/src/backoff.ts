import type { Clock } from './clock';

/**
 * Waits longer after each failure in a row: exponential from `firstMs` to `mostMs`, with full jitter in the upper half
 * so that followers that fell together do not rise together.
 */
export function backoffMs(
  failuresInARow: number,
  clock: Pick<Clock, 'random'>,
  firstMs = 100,
  mostMs = 10_000,
): number {
  const ceilingMs = Math.min(mostMs, firstMs * 2 ** Math.max(0, failuresInARow - 1));
  return Math.round(ceilingMs / 2 + (clock.random() * ceilingMs) / 2);
}
