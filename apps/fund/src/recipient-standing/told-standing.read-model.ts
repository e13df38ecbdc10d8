import { findSurvivors } from '@alliance/known-organisations';
import type { EntityManager } from 'typeorm';
import type { StandingState } from '../standing';

/**
 * How these organisations stand by what the registry has told, each as the record that survives; absent where it has
 * told nothing of them. `since` is of the latest change of the survivor or of a merge that leads to it, so that it grows
 * with every change of what an organisation counts as.
 */
export async function toldStandings(
  tx: EntityManager,
  organisationIds: readonly string[],
): Promise<ReadonlyMap<string, StandingState>> {
  const survivors = await findSurvivors(tx, organisationIds);
  return new Map(
    [...survivors].map(([of, { id: survivorId, status, countsSince }]) => {
      // Where the survivor has not been told of yet, nothing is known of how it stands.
      const standing = status === 'merged' ? 'unknown' : status;
      return [of, { standing, survivorId, since: countsSince.toISOString() }];
    }),
  );
}

/** Before whatever is told later. */
export function neverTold(organisationId: string): StandingState {
  return { standing: 'unknown', survivorId: organisationId, since: '1970-01-01T00:00:00.000Z' };
}
