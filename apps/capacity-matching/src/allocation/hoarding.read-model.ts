import { findSurvivors } from '@alliance/known-organisations';
import type { EntityManager } from 'typeorm';
import { type HoardingRule, isHoarding, type Tally } from './hoarding';

/** An organisation of which too many allocations are open for how few it finishes. */
export interface Hoarder extends Tally {
  /** The record that survives. */
  readonly organisationId: string;
}

/**
 * Those of these organisations (all when absent) that hoard, by the id that each was asked for or is named by; after merges
 * all of an organisation's allocations count. As the register knows it, which may be a moment behind the log.
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
  const asked = organisationIds ?? rows.map(({ id }) => id);
  const survivors = await findSurvivors(tx, [...new Set([...asked, ...rows.map(({ id }) => id)])]);
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
