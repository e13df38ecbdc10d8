import { findSurvivors, idsCountingAs } from '@alliance/known-organisations';
import type { EntityManager } from 'typeorm';
import { type HoardingRule, isHoarding, type Tally } from './hoarding';

/** An organisation of which too many allocations are open for how few it finishes. */
export interface Hoarder extends Tally {
  /** The record that survives. */
  readonly organisationId: string;
}

/**
 * Those of these organisations (of all when absent, each under every id that it has had) that hoard, by id; after merges all
 * of an organisation's allocations count. As the register knows it, which may be a moment behind the log.
 */
export async function findHoarders(
  tx: EntityManager,
  rule: HoardingRule,
  organisationIds?: readonly string[],
): Promise<ReadonlyMap<string, Hoarder>> {
  const rows = await tx.query<{ id: string; open: number; ended: number; delivered: number }[]>(
    `SELECT side.id, count(*) FILTER (WHERE stage = 'proposed')::integer AS open,
            count(*) FILTER (WHERE stage IN ('delivered', 'declined', 'expired', 'released'))::integer AS ended,
            count(*) FILTER (WHERE stage = 'delivered')::integer AS delivered
     FROM allocation, LATERAL (VALUES (supporting_id), (helping_id)) AS side (id)
     GROUP BY side.id`,
  );
  const ids = rows.map(({ id }) => id);
  const asked = organisationIds ?? (await idsCountingAs(tx, await survivorIdsOf(tx, ids)));
  const survivors = await findSurvivors(tx, [...new Set([...asked, ...ids])]);
  const countsAs = (id: string) => survivors.get(id)?.id ?? id;
  const tallies = new Map<string, Tally>();
  for (const { id, open, ended, delivered } of rows) {
    const before = tallies.get(countsAs(id)) ?? { open: 0, ended: 0, delivered: 0 };
    tallies.set(countsAs(id), {
      open: before.open + open,
      ended: before.ended + ended,
      delivered: before.delivered + delivered,
    });
  }
  return new Map(
    asked.flatMap((id) => {
      const tally = tallies.get(countsAs(id));
      return tally !== undefined && isHoarding(tally, rule) ? [[id, { organisationId: countsAs(id), ...tally }]] : [];
    }),
  );
}

async function survivorIdsOf(tx: EntityManager, ids: readonly string[]): Promise<readonly string[]> {
  return [...(await findSurvivors(tx, ids)).values()].map(({ id }) => id);
}
