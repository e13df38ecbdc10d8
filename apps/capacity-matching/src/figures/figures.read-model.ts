import { regionLadder } from '@alliance/region-keys';
import type { EntityManager } from 'typeorm';
import { type AllocationStage, allocationStages } from '../allocation/allocation-register.read-model';

/** Which offers are counted: all, or those of a field of action, or those that reach a region. */
interface Scope {
  readonly fieldKey?: string;
  readonly regionKey?: string;
}

/** A week of all these offers, in minutes. */
export interface WeekFigures {
  readonly week: string;
  readonly offered: number;
  /** Accepted by both sides. */
  readonly confirmed: number;
  /** Worked, as both sides say. */
  readonly delivered: number;
}

/** The offers of a scope, as a condition on `offer`; its parameters are $1 and $2. */
const IN_SCOPE = `($1::text IS NULL OR offer.field_keys @> ARRAY[$1::text])
  AND ($2::text[] IS NULL OR offer.region_keys && $2::text[] OR offer.is_remote_possible)`;

function parametersOf({ fieldKey, regionKey }: Scope): readonly unknown[] {
  return [fieldKey ?? null, regionKey === undefined ? null : regionLadder(regionKey)];
}

/** The weeks from one to another in which something was offered, in the order of time. */
export async function weekFigures(
  tx: EntityManager,
  { from, to, ...scope }: Scope & { readonly from: string; readonly to: string },
): Promise<readonly WeekFigures[]> {
  const rows = await tx.query<{ week: string; offered: string; confirmed: string; delivered: string }[]>(
    `WITH delivery AS (
       SELECT report->>'week' AS week, sum((report->>'helping')::integer) AS delivered
       FROM allocation JOIN offer ON offer.id = allocation.offer_id, jsonb_array_elements(allocation.reports) AS report
       WHERE report->'helping' = report->'supporting' AND report->>'week' BETWEEN $3 AND $4 AND ${IN_SCOPE}
       GROUP BY 1
     )
     SELECT offer_week.week, sum(offered) AS offered, sum(confirmed) AS confirmed,
       coalesce(max(delivery.delivered), 0) AS delivered
     FROM offer_week JOIN offer ON offer.id = offer_week.offer_id LEFT JOIN delivery ON delivery.week = offer_week.week
     WHERE offer_week.week BETWEEN $3 AND $4 AND ${IN_SCOPE}
     GROUP BY offer_week.week ORDER BY offer_week.week`,
    [...parametersOf(scope), from, to],
  );
  return rows.map(({ week, offered, confirmed, delivered }) => ({
    week,
    offered: Number(offered),
    confirmed: Number(confirmed),
    delivered: Number(delivered),
  }));
}

/** What became of allocations, and how long it took: medians in hours, absent where nothing has come so far. */
export interface Funnel {
  readonly proposed: number;
  /** The offer could hold the minutes. */
  readonly secured: number;
  readonly acceptedByOneSide: number;
  readonly started: number;
  readonly byStage: Readonly<Record<AllocationStage, number>>;
  readonly medianHoursToStart: number | null;
  readonly medianHoursFromStartToDelivery: number | null;
}

/** Of the allocations that were proposed from one moment to another. */
export async function funnel(
  tx: EntityManager,
  { from, until, ...scope }: Scope & { readonly from: Date; readonly until: Date },
): Promise<Funnel> {
  const [row] = await tx.query<Record<string, string | number | null>[]>(
    `SELECT count(*)::integer AS proposed,
       count(secured_at)::integer AS secured,
       count(coalesce(accepted_helping_at, accepted_supporting_at))::integer AS accepted,
       count(started_at)::integer AS started,
       ${allocationStages.map((stage) => `count(*) FILTER (WHERE stage = '${stage}')::integer AS "stage ${stage}"`).join(', ')},
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM started_at - proposed_at) / 3600)::double precision
         AS to_start,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - started_at) / 3600)
         FILTER (WHERE stage = 'delivered')::double precision AS to_delivery
     FROM allocation JOIN offer ON offer.id = allocation.offer_id
     WHERE proposed_at >= $3 AND proposed_at < $4 AND ${IN_SCOPE}`,
    [...parametersOf(scope), from, until],
  );
  if (row === undefined) throw new Error('An aggregate without groups has one row.');
  const byStage = Object.fromEntries(allocationStages.map((stage) => [stage, Number(row[`stage ${stage}`])]));
  return {
    proposed: Number(row['proposed']),
    secured: Number(row['secured']),
    acceptedByOneSide: Number(row['accepted']),
    started: Number(row['started']),
    byStage: byStage as Funnel['byStage'],
    medianHoursToStart: row['to_start'] === null ? null : Number(row['to_start']),
    medianHoursFromStartToDelivery: row['to_delivery'] === null ? null : Number(row['to_delivery']),
  };
}

/** What an organisation has under way on either side of the matching. */
export interface OwnSide {
  readonly offers: { readonly open: number; readonly paused: number; readonly withdrawn: number };
  readonly needs: { readonly open: number; readonly closed: number };
  readonly supporting: Readonly<Record<AllocationStage, number>>;
  readonly helping: Readonly<Record<AllocationStage, number>>;
  /** Proposals that it has yet to accept or decline. */
  readonly waitingForIt: number;
  /** Allocations in which the sides say different things of a week. */
  readonly disputed: number;
}

/** `ids`: all that the organisation has had. */
export async function ownSide(tx: EntityManager, ids: readonly string[]): Promise<OwnSide> {
  const [offers] = await tx.query<{ open: number; paused: number; withdrawn: number }[]>(
    `SELECT count(*) FILTER (WHERE NOT is_withdrawn AND cardinality(paused_for) = 0)::integer AS open,
       count(*) FILTER (WHERE NOT is_withdrawn AND cardinality(paused_for) > 0)::integer AS paused,
       count(*) FILTER (WHERE is_withdrawn)::integer AS withdrawn
     FROM offer WHERE organisation_id = ANY ($1::uuid[])`,
    [ids],
  );
  const [needs] = await tx.query<{ open: number; closed: number }[]>(
    `SELECT count(*) FILTER (WHERE is_open)::integer AS open, count(*) FILTER (WHERE NOT is_open)::integer AS closed
     FROM need WHERE organisation_id = ANY ($1::uuid[])`,
    [ids],
  );
  const rows = await tx.query<
    { side: 'supporting' | 'helping'; stage: AllocationStage; count: number; waiting: number; disputed: number }[]
  >(
    `SELECT side.name AS side, stage, count(*)::integer AS count,
       count(*) FILTER (WHERE stage = 'proposed' AND secured_at IS NOT NULL AND side.accepted_at IS NULL)::integer
         AS waiting,
       count(*) FILTER (WHERE is_disputed)::integer AS disputed
     FROM allocation, LATERAL (VALUES
       ('supporting', supporting_id, accepted_supporting_at), ('helping', helping_id, accepted_helping_at)
     ) AS side (name, id, accepted_at)
     WHERE side.id = ANY ($1::uuid[])
     GROUP BY side.name, stage`,
    [ids],
  );
  if (offers === undefined || needs === undefined) throw new Error('An aggregate without groups has one row.');
  const stagesOf = (side: 'supporting' | 'helping') =>
    Object.fromEntries(
      allocationStages.map((stage) => [
        stage,
        rows.find((one) => one.side === side && one.stage === stage)?.count ?? 0,
      ]),
    ) as OwnSide['supporting'];
  const sumOf = (what: 'waiting' | 'disputed') => rows.reduce((sum, row) => sum + row[what], 0);
  return {
    ...{ offers, needs, supporting: stagesOf('supporting'), helping: stagesOf('helping') },
    ...{ waitingForIt: sumOf('waiting'), disputed: sumOf('disputed') },
  };
}
