import type { Actor } from '@alliance/event-sourcing';
import type { EntityManager } from 'typeorm';
import { DirectoryEntry, type DirectoryStage } from './organisation-directory.read-model';

/** The organisation itself and all that count as it since they were merged. */
export async function mergedWith(tx: EntityManager, id: string): Promise<readonly string[]> {
  const rows = await tx.query<{ id: string }[]>(
    `WITH RECURSIVE merged AS (
       SELECT $1::uuid AS id
       UNION
       SELECT organisation.id FROM merged JOIN organisation ON organisation.merged_into = merged.id
     )
     SELECT id FROM merged`,
    [id],
  );
  return rows.map((row) => row.id);
}

/**
 * The organisations for which a representative acts: their own and those that were merged into it; none when it was
 * merged itself. A merge is seen as soon as the directory knows of it.
 */
export async function representedBy(tx: EntityManager, { roles, organisationId }: Actor): Promise<readonly string[]> {
  if (!roles.includes('representative') || organisationId === undefined) return [];
  const isMerged = await tx.existsBy(DirectoryEntry, { id: organisationId, stage: 'merged' });
  return isMerged ? [] : mergedWith(tx, organisationId);
}

/**
 * A subquery: the `id` of each organisation that the alliance has no more to do with, since it was refused or has left,
 * or was merged into one that has; and `since` when. No such organisation comes back: it would have to apply anew.
 */
export const GONE_ORGANISATIONS = `(
  WITH RECURSIVE gone AS (
    SELECT id, stage_since AS since FROM organisation WHERE stage IN ('left', 'refused')
    UNION
    SELECT organisation.id, gone.since FROM gone JOIN organisation ON organisation.merged_into = gone.id
  )
  SELECT id, since FROM gone)`;

/** What an organisation counts as now: itself, or where its merges end. */
export interface Survivor {
  readonly id: string;
  readonly name: string;
  readonly status: DirectoryStage;
}

/**
 * The organisation that each of these counts as now. References keep the id that they were made with, and are resolved
 * when they are read; so an undo needs no change of them. Those that the directory does not know yet are absent.
 */
export async function survivorsOf(tx: EntityManager, ids: readonly string[]): Promise<ReadonlyMap<string, Survivor>> {
  const ends = await tx.query<(Survivor & { readonly of: string })[]>(
    `WITH RECURSIVE merge AS (
       SELECT id AS "of", id, name, stage, merged_into FROM organisation WHERE id = ANY ($1)
       UNION ALL
       SELECT merge."of", next.id, next.name, next.stage, next.merged_into
       FROM merge JOIN organisation AS next ON next.id = merge.merged_into
     )
     SELECT "of", id, name, stage AS status FROM merge WHERE merged_into IS NULL`,
    [ids],
  );
  return new Map(ends.map(({ of, ...survivor }) => [of, survivor]));
}
