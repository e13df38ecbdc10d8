import type { EntityManager } from 'typeorm';
import { DeliveredWeek } from '../allocation/allocation-register.read-model';
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
    .where('week.week BETWEEN :from AND :to AND week.promised > 0', { from, to })
    .groupBy('week.week')
    .orderBy('week.week');
  const delivered = tx
    .createQueryBuilder(DeliveredWeek, 'delivered')
    .select('delivered.week', 'week')
    .addSelect('sum(delivered.minutes)', 'delivered')
    .where('delivered.week BETWEEN :from AND :to', { from, to })
    .groupBy('delivered.week');
  const conditions = offersInScope(scope);
  if (conditions.length > 0) {
    offered.innerJoin(OfferRow, 'offer', 'offer.id = week.offerId');
    delivered.innerJoin(OfferRow, 'offer', 'offer.id = delivered.offerId');
  }
  for (const { condition, parameters } of conditions) {
    for (const query of [offered, delivered]) query.andWhere(condition, parameters);
  }
  const weeks = await offered.getRawMany<{ week: string; offered: string; confirmed: string }>();
  const worked = await delivered.getRawMany<{ week: string; delivered: string }>();
  const deliveredIn = new Map(worked.map((row) => [row.week, Number(row.delivered)]));
  return weeks.map((row) => ({
    ...{ week: row.week, offered: Number(row.offered), confirmed: Number(row.confirmed) },
    delivered: deliveredIn.get(row.week) ?? 0,
  }));
}
