import { comparePositions, type LogPosition, type LogStretches } from '@alliance/event-sourcing';
import type { DataSource, EntityManager } from 'typeorm';
import { needRegister, needsForRound } from '../need/need-register.read-model';
import { offerRegister, offersForRound } from '../offer/offer-register.read-model';
import { openShortages, shortageList } from '../shortage/shortage.read-model';
import type { RoundInputs } from './round-inputs';

type Seen = Omit<RoundInputs, 'settings' | 'pausedOrganisationIds'>;

const projections = [offerRegister, needRegister, shortageList];
const BEGINNING: LogPosition = { commit: 0n, prepare: 0n };

/**
 * All that a round sees, as it was at one position of the log: nothing up to there is missing, and nothing after it is
 * among it. The projections come to their positions each for itself; so what they show at one moment counts only if there
 * is nothing for the others up to where the foremost stands. `undefined` when that is not so now: look again.
 */
export async function inputsAtOnePosition(
  database: DataSource,
  log: LogStretches,
): Promise<{ readonly position: LogPosition; readonly seen: Seen } | undefined> {
  const { checkpoints, seen } = await database.transaction('REPEATABLE READ', async (tx) => ({
    checkpoints: await checkpointsOf(tx),
    seen: await readAll(tx),
  }));
  const known = [...checkpoints.values()];
  const position = known.reduce((a, b) => (comparePositions(a, b) >= 0 ? a : b), BEGINNING);
  for (const { name, catalogues } of projections) {
    const after = checkpoints.get(name);
    if (comparePositions(after ?? BEGINNING, position) === 0) continue;
    const streamPrefixes = catalogues.map(({ category }) => category.prefix);
    if (!(await log.isEmptyStretch({ streamPrefixes, after, upTo: position }))) return undefined;
  }
  return { position, seen };
}

async function readAll(tx: EntityManager): Promise<Seen> {
  const shortages = await openShortages(tx);
  return {
    offers: await offersForRound(tx),
    needs: await needsForRound(tx),
    shortages: shortages.map(({ id, fieldKey, regionKey }) => ({ id, fieldKey, regionKey })),
  };
}

async function checkpointsOf(tx: EntityManager): Promise<ReadonlyMap<string, LogPosition>> {
  const found = await tx.query<{ follower: string; commit: string; prepare: string }[]>(
    'SELECT follower, commit, prepare FROM checkpoint WHERE follower = ANY ($1)',
    [projections.map(({ name }) => name)],
  );
  return new Map(
    found.map(({ follower, commit, prepare }) => [follower, { commit: BigInt(commit), prepare: BigInt(prepare) }]),
  );
}
