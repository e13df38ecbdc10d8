/** Time and chance: the two inputs that a simulated world has to own. A class, so that it can be injected by its name. */
export abstract class Clock {
  abstract now(): Date;
  /** Resolves after the time or, early and without throwing, when the signal aborts. */
  abstract sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
  /** A number in [0, 1). */
  abstract random(): number;
}
