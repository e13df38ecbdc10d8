import { type Clock, comparePositions, type LogPosition, type Rows } from '@alliance/event-sourcing';

/** Looks whether a projector of another process has got there. */
const POLL_MS = 100;

/** How far the projections have come: lets a query wait until the read model knows what the reader already knows. */
export class ProjectionProgress {
  readonly #rows: Pick<Rows<unknown>, 'loadCheckpoint'>;
  readonly #clock: Clock;
  readonly #reached = new Map<string, LogPosition>();
  readonly #waiting = new Set<() => void>();

  constructor(rows: Pick<Rows<unknown>, 'loadCheckpoint'>, clock: Clock) {
    this.#rows = rows;
    this.#clock = clock;
  }

  /** To be told by a projector of this process; spares its waiters the polling. */
  note(projection: string, position: LogPosition): void {
    this.#reached.set(projection, position);
    for (const look of this.#waiting) look();
  }

  /**
   * Waits until everything up to the position is in the rows, at most so long (0: looks once). Throws when the
   * database does not answer.
   */
  async waitForPosition(projection: string, position: LogPosition, timeoutMs: number): Promise<'reached' | 'not yet'> {
    const deadlineMs = this.#clock.now().getTime() + timeoutMs;
    const isReached = (by: LogPosition | undefined) => by !== undefined && comparePositions(by, position) >= 0;
    for (;;) {
      if (isReached(this.#reached.get(projection))) return 'reached';
      if (isReached(await this.#rows.loadCheckpoint(projection))) return 'reached';
      const leftMs = deadlineMs - this.#clock.now().getTime();
      if (leftMs <= 0) return 'not yet';
      await this.#pause(Math.min(leftMs, POLL_MS), () => isReached(this.#reached.get(projection)));
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
