import { backoffMs, type Clock, type EventLog, type LogPosition, type Rows } from '@alliance/event-sourcing';
import type { Projection } from './projection';

/** What a projector tells about itself, for metrics, logs, readiness and those who wait for a position. */
export type ProjectorReport =
  /** Everything up to the position is in the committed rows, so many events more than before. */
  | {
      readonly kind: 'projected';
      readonly events: number;
      readonly position: LogPosition;
      readonly caughtUp: boolean;
    }
  /** Nothing of the batch is in the rows; it will be tried again from the saved checkpoint. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly failuresInARow: number; readonly retryInMs: number };

export interface ProjectorOptions<Tx> {
  readonly projection: Pick<Projection<Tx>, 'name' | 'catalogues' | 'apply'>;
  readonly log: EventLog;
  readonly rows: Rows<Tx>;
  readonly clock: Clock;
  /** Ends the projector, after the batch under way. */
  readonly signal: AbortSignal;
  readonly observe?: (report: ProjectorReport) => void;
}

/** Many enough that the cost of a transaction hardly counts, few enough that one takes well under a second. */
const MAX_BATCH_SIZE = 1000;
/** While there is more to come, an empty stretch of the log need not be saved sooner. */
const SAVE_EMPTY_EVERY_MS = 1000;

/**
 * Keeps a read model up to date until the signal aborts: each batch of events becomes one transaction with their rows
 * and the checkpoint. Does not throw: after a failure it begins anew at the saved checkpoint, later each time. Of two
 * processes at the same projection one writes; the other finds the checkpoint moved, and stands by in this way.
 */
export async function runProjector<Tx>(options: ProjectorOptions<Tx>): Promise<void> {
  const { clock, signal, observe } = options;
  let failuresInARow = 0;
  while (!signal.aborted) {
    try {
      await projectFromCheckpoint(options, (report) => {
        failuresInARow = 0;
        observe?.(report);
      });
    } catch (error) {
      failuresInARow += 1;
      const retryInMs = backoffMs(failuresInARow, clock);
      observe?.({ kind: 'failed', error, failuresInARow, retryInMs });
      await clock.sleep(retryInMs, signal);
    }
  }
}

/** Once, from the saved checkpoint until the signal aborts or something fails, and throws then. */
export async function projectFromCheckpoint<Tx>(
  { projection, log, rows, clock, signal }: Omit<ProjectorOptions<Tx>, 'observe'>,
  observe: (report: ProjectorReport & { kind: 'projected' }) => void,
): Promise<void> {
  const { name } = projection;
  const streamPrefixes = projection.catalogues.map(({ category }) => category.prefix);
  let saved = await rows.loadCheckpoint(name);
  let savedAtMs = 0;
  for await (const { events, position, caughtUp } of log.follow({
    streamPrefixes,
    after: saved,
    maxBatchSize: MAX_BATCH_SIZE,
    signal,
  })) {
    const nowMs = clock.now().getTime();
    if (events.length > 0 || caughtUp || nowMs - savedAtMs >= SAVE_EMPTY_EVERY_MS) {
      await rows.transaction(async (tx) => {
        // First, as it makes a second process wait here, before it does the same work in vain.
        await rows.saveCheckpoint(tx, name, position, { at: saved });
        if (events.length > 0) await projection.apply(tx, events);
      });
      saved = position;
      savedAtMs = nowMs;
    }
    observe({ kind: 'projected', events: events.length, position, caughtUp });
  }
}
