/** Time and chance: the two inputs that a simulated world has to own. */
export interface Clock {
  now(): Date;
  /** Resolves after the time or, early and without throwing, when the signal aborts. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
  /** A number in [0, 1). */
  random(): number;
}
