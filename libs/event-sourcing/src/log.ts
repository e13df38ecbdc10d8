import type { LogPosition, RecordedEvent } from './event';

/** What a follower of the log has been given: some events, and how far the log is thereby covered. */
export interface LogBatch {
  /** In the order of the log; may be empty when only the position moved on. */
  readonly events: readonly RecordedEvent[];
  /** Everything up to and including this position has been given. What a follower saves as its checkpoint. */
  readonly position: LogPosition;
  /** True when nothing newer was known at the time. */
  readonly caughtUp: boolean;
}

/** What of the log a reader has to know who waits until a follower has come to a position. */
export interface LogStretches {
  /**
   * Whether the log reaches to `upTo` and holds nothing of the streams whose name begins with one of the prefixes after
   * `after` (`undefined`: from the beginning) up to and including there. Whoever follows these streams and stands at
   * `after` then has all that there will ever be for him up to `upTo`.
   */
  isEmptyStretch(options: {
    readonly streamPrefixes: readonly string[];
    readonly after: LogPosition | undefined;
    readonly upTo: LogPosition;
  }): Promise<boolean>;
}

/**
 * The log, for whoever follows it (projector, relay, reactor). Narrow, so that the same followers run over
 * EventStoreDB and over a simulated log that crashes and repeats at will.
 */
export interface EventLog {
  /**
   * The events of all streams whose name begins with one of the prefixes, after the position (`undefined`: from the
   * beginning), first the past, then live, until the signal aborts. It reconnects by itself; it never skips, and the
   * next batch is fetched when the loop body is done with the last. It ends (without throwing) when the signal aborts.
   */
  follow(options: {
    readonly streamPrefixes: readonly string[];
    readonly after: LogPosition | undefined;
    readonly maxBatchSize: number;
    readonly signal: AbortSignal;
  }): AsyncIterable<LogBatch>;
}
