import { backoffMs, type Clock } from '@alliance/event-sourcing';

/** A try failed and another one follows, after a pause. */
export interface RetryReport {
  readonly kind: 'retrying';
  readonly error: unknown;
  readonly failuresInARow: number;
}

export type Retried<Result> = { readonly done: true; readonly result: Result } | { readonly done: false };

/**
 * Tries at least once, then, with growing pauses, until it succeeds or the signal aborts (`done: false`).
 * An error that `isPassing` denies is thrown.
 */
export async function retry<Result>(
  work: () => Promise<Result>,
  options: {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly isPassing?: (error: unknown) => boolean;
    readonly observe?: (report: RetryReport) => void;
    /** Called before each further try. */
    readonly beforeNext?: () => Promise<void>;
  },
): Promise<Retried<Result>> {
  const { clock, signal, isPassing = () => true, observe, beforeNext } = options;
  for (let failuresInARow = 1; ; failuresInARow += 1) {
    try {
      return { done: true, result: await work() };
    } catch (error) {
      if (!isPassing(error)) throw error;
      observe?.({ kind: 'retrying', error, failuresInARow });
      await clock.sleep(backoffMs(failuresInARow, clock), signal);
      if (signal.aborted) return { done: false };
      await beforeNext?.();
    }
  }
}
