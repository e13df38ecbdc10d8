import { comparePositions, type LogPosition } from '@alliance/event-sourcing';
import { ProjectionProgress } from '@alliance/read-models';
import type { Ports } from './ports';
import { isOfThings } from './happening';
import { catalogues, historyOf, PROJECTOR } from './service';
import type { SimulatedDatabase } from './simulated-database';
import type { SimulatedLog } from './simulated-log';
import { PassingFault } from './simulated-process';

/** What a waiting query needs; it runs in a process of its own, without a projector. */
type ReaderPorts = Pick<Ports, 'rows' | 'log' | 'clock'>;

/**
 * Asks for the rows up to the end of the log, wherever that is, as a query with `Min-Position` does. Says which events
 * up to there the rows lack when they are told to be complete, or that the waiting was in vain.
 */
export async function readAtEnd(
  { rows, log, clock }: ReaderPorts,
  seen: { readonly log: SimulatedLog; readonly database: SimulatedDatabase },
  timeoutMs: number,
): Promise<{ readonly isReached: boolean; readonly missing: readonly string[] }> {
  const end = seen.log.events.at(-1)?.position;
  const projections = [{ name: PROJECTOR, catalogues }];
  const progress = new ProjectionProgress({ projections, rows, log, clock });
  try {
    if (end === undefined || (await progress.waitForPosition(PROJECTOR, end, timeoutMs)) === 'not yet')
      return { isReached: false, missing: [] };
    return { isReached: true, missing: missingUpTo(end, seen) };
  } catch (error) {
    if (error instanceof PassingFault) return { isReached: false, missing: [] };
    throw error;
  }
}

function missingUpTo(
  end: LogPosition,
  { log, database }: { readonly log: SimulatedLog; readonly database: SimulatedDatabase },
): readonly string[] {
  return log.events
    .filter((event) => isOfThings(event) && comparePositions(event.position, end) <= 0)
    .filter(({ streamName, revision }) => !database.list(historyOf(streamName)).includes(revision))
    .map(({ streamName, revision }) => `${streamName}@${revision}`);
}
