import type { EntityManager } from 'typeorm';
import { Allocation } from '../allocation/allocation-register.read-model';
import { OfferRow, OfferWeek } from '../offer/offer-register.read-model';
import { type OfferScope, offersInScope } from '../offer/offer-scope.read-model';

/** A week of all these offers, in minutes. */
export interface WeekFigures {
  readonly week: string;
  /** Promised when the week ended, or now; at least what was confirmed. */
  readonly offered: number;
  /** Accepted by both sides. */
  readonly confirmed: number;
  /** Worked, as both sides say. */
  readonly delivered: number;
}

/** The weeks from one to another in which something was offered, in the order of time. */
export async function weekFigures(
  tx: EntityManager,
  { from, to, ...scope }: OfferScope & { readonly from: string; readonly to: string },
): Promise<readonly WeekFigures[]> {
  const offered = tx
    .createQueryBuilder(OfferWeek, 'week')
    .select('week.week', 'week')
    .addSelect('sum(week.promised)', 'offered')
    .addSelect('sum(week.confirmed)', 'confirmed')
    .innerJoin(OfferRow, 'offer', 'offer.id = week.offerId')
    .where('week.week BETWEEN :from AND :to AND week.promised > 0', { from, to })
    .groupBy('week.week')
    .orderBy('week.week');
  const reports = tx
    .createQueryBuilder(Allocation, 'allocation')
    .select('jsonb_array_elements(allocation.reports)', 'said')
    .addSelect('allocation.weeks', 'weeks')
    .innerJoin(OfferRow, 'offer', 'offer.id = allocation.offerId')
    .where(`allocation.stage IN ('started', 'delivered')`);
  for (const { condition, parameters } of offersInScope(scope)) {
    for (const query of [offered, reports]) query.andWhere(condition, parameters);
  }
  const runs = 'jsonb_to_recordset(report.weeks) AS run("from" text, "to" text)';
  const delivered = tx
    .createQueryBuilder()
    .select(`report.said->>'week'`, 'week')
    .addSelect(`sum((report.said->>'helping')::integer)`, 'delivered')
    .from(`(${reports.getQuery()})`, 'report')
    .where(`report.said->'helping' = report.said->'supporting'`)
    .andWhere(`report.said->>'week' BETWEEN :from AND :to`)
    .andWhere(`EXISTS (SELECT FROM ${runs} WHERE report.said->>'week' BETWEEN run."from" AND run."to")`)
    .groupBy(`report.said->>'week'`)
    .setParameters({ ...reports.getParameters(), from, to });
  const weeks = await offered.getRawMany<{ week: string; offered: string; confirmed: string }>();
  const worked = await delivered.getRawMany<{ week: string; delivered: string }>();
  const deliveredIn = new Map(worked.map((row) => [row.week, Number(row.delivered)]));
  return weeks.map((row) => ({
    ...{ week: row.week, offered: Number(row.offered), confirmed: Number(row.confirmed) },
    delivered: deliveredIn.get(row.week) ?? 0,
  }));
}
