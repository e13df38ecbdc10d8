import { type Clock, comparePositions, type LogPosition, type LogStretches, type Rows } from '@alliance/event-sourcing';
import type { Projection } from './projection';

/** Time for a projector of this process to tell of an event that was appended just now, before anybody is asked. */
const TOLD_WITHIN_MS = 20;
/** Looks whether a projector of another process has got there. */
const POLL_MS = 100;

/** How far the projections have come: lets a query wait until the read model knows what the reader already knows. */
export class ProjectionProgress {
  readonly #streamPrefixes: ReadonlyMap<string, readonly string[]>;
  readonly #rows: Pick<Rows<unknown>, 'loadCheckpoint'>;
  readonly #log: LogStretches;
  readonly #clock: Clock;
  readonly #reached = new Map<string, LogPosition>();
  readonly #waiting = new Set<() => void>();

  constructor(options: {
    readonly projections: readonly Pick<Projection, 'name' | 'catalogues'>[];
    readonly rows: Pick<Rows<unknown>, 'loadCheckpoint'>;
    readonly log: LogStretches;
    readonly clock: Clock;
  }) {
    this.#streamPrefixes = new Map(
      options.projections.map(({ name, catalogues }) => [name, catalogues.map(({ category }) => category.prefix)]),
    );
    this.#rows = options.rows;
    this.#log = options.log;
    this.#clock = options.clock;
  }

  /** To be told by a projector of this process; spares its waiters the polling. */
  note(projection: string, position: LogPosition): void {
    this.#reached.set(projection, position);
    for (const look of this.#waiting) look();
  }

  /**
   * Waits until everything up to the position is in the rows, at most so long (0: looks once). The position may be that
   * of any event, also of one that is nothing to the projection: since its checkpoint moves with its own events, and
   * with the others only now and then, the log is asked whether anything for it lies between. Throws when the database
   * or the log does not answer.
   */
  async waitForPosition(projection: string, position: LogPosition, timeoutMs: number): Promise<'reached' | 'not yet'> {
    const streamPrefixes = this.#streamPrefixes.get(projection);
    if (streamPrefixes === undefined) throw new Error(`There is no projection "${projection}" here.`);
    const deadlineMs = this.#clock.now().getTime() + timeoutMs;
    const isReached = (by: LogPosition | undefined) => by !== undefined && comparePositions(by, position) >= 0;
    const isTold = () => isReached(this.#reached.get(projection));
    for (let isFirstLook = true; ; isFirstLook = false) {
      if (isTold()) return 'reached';
      const after = await this.#rows.loadCheckpoint(projection);
      if (isReached(after)) return 'reached';
      const leftMs = deadlineMs - this.#clock.now().getTime();
      const isLastLook = leftMs <= 0;
      if (!isFirstLook || isLastLook) {
        if (await this.#log.isEmptyStretch({ streamPrefixes, after, upTo: position })) return 'reached';
      }
      if (isLastLook) return 'not yet';
      await this.#pause(Math.min(leftMs, isFirstLook ? TOLD_WITHIN_MS : POLL_MS), isTold);
    }
  }

  /** Ends after the time, or as soon as a note makes the condition true. */
  async #pause(durationMs: number, condition: () => boolean): Promise<void> {
    if (condition()) return;
    const woken = new AbortController();
    const look = () => condition() && woken.abort();
    this.#waiting.add(look);
    await this.#clock.sleep(durationMs, woken.signal);
    this.#waiting.delete(look);
  }
}
