import { systemClock } from '@alliance/event-sourcing';

/** Tries again until it holds, and at last lets the failure through; Jest's own limit is the longest patience. */
export async function eventually(expectation: () => unknown, patienceMs = 3_000): Promise<void> {
  const givesUpAtMs = Date.now() + patienceMs;
  for (;;) {
    try {
      await expectation();
      return;
    } catch (error) {
      if (Date.now() > givesUpAtMs) throw error;
      await systemClock.sleep(10);
    }
  }
}
