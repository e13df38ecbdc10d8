/** The right to be the only one who does something, until it is given back or lost. */
export interface HeldLease {
  /** Aborts when the right may be another's from now on. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** One of all processes holds it at a time. */
export interface Lease {
  /** Waits until the lease is free; `undefined` when the signal aborted first. Does not throw: it tries again. */
  acquire(signal: AbortSignal): Promise<HeldLease | undefined>;
}
