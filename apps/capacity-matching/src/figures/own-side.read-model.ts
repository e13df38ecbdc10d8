import type { EntityManager } from 'typeorm';
import { Allocation, type AllocationStage, allocationStages } from '../allocation/allocation-register.read-model';
import type { Side } from '../allocation/allocation.events';
import { HOURS_DUE, WAITS_FOR_ACCEPTANCE } from '../allocation/waiting-allocations.read-model';
import { NeedRow } from '../need/need-register.read-model';
import { OfferRow } from '../offer/offer-register.read-model';
import { recordOf } from './record-of';

/** What an organisation has under way on either side of the matching. */
export interface OwnSide {
  readonly offers: { readonly open: number; readonly paused: number; readonly withdrawn: number };
  readonly needs: { readonly open: number; readonly closed: number };
  readonly supporting: Readonly<Record<AllocationStage, number>>;
  readonly helping: Readonly<Record<AllocationStage, number>>;
  /** Proposals that it has yet to accept or decline. */
  readonly waitingForIt: number;
  /** When the first of them expires; absent when there is none. */
  readonly firstExpiry?: Date;
  /** Allocations of which it has yet to say what was worked in a week that is over. */
  readonly hoursDue: number;
  /** Allocations in which the sides say different things of a week. */
  readonly disputed: number;
}

/** `ids`: all that the organisation has had. Hours are due of the weeks before `thisWeek`. */
export async function ownSide(tx: EntityManager, ids: readonly string[], thisWeek: string): Promise<OwnSide> {
  const own = (property: string) => `${property} = ANY (CAST(:ids AS uuid[]))`;
  const offers = await tx
    .createQueryBuilder(OfferRow, 'offer')
    .select('count(*) FILTER (WHERE NOT offer.isWithdrawn AND cardinality(offer.pausedFor) = 0)::integer', 'open')
    .addSelect('count(*) FILTER (WHERE NOT offer.isWithdrawn AND cardinality(offer.pausedFor) > 0)::integer', 'paused')
    .addSelect('count(*) FILTER (WHERE offer.isWithdrawn)::integer', 'withdrawn')
    .where(own('offer.organisationId'), { ids })
    .getRawOne<OwnSide['offers']>();
  const needs = await tx
    .createQueryBuilder(NeedRow, 'need')
    .select('count(*) FILTER (WHERE need.isOpen)::integer', 'open')
    .addSelect('count(*) FILTER (WHERE NOT need.isOpen)::integer', 'closed')
    .where(own('need.organisationId'), { ids })
    .getRawOne<OwnSide['needs']>();
  if (offers === undefined || needs === undefined) throw new Error('An aggregate without groups has one row.');
  const allocations = () =>
    tx
      .createQueryBuilder(Allocation, 'allocation')
      .where(`(${own('allocation.supportingId')} OR ${own('allocation.helpingId')})`, { ids });
  const waiting = await allocations()
    .andWhere(WAITS_FOR_ACCEPTANCE)
    .select('count(*)::integer', 'count')
    .addSelect('min(allocation.expiresAt)', 'first')
    .getRawOne<{ count: number; first: Date | null }>();
  return {
    ...{ offers, needs, supporting: await stagesOf('supporting'), helping: await stagesOf('helping') },
    waitingForIt: waiting?.count ?? 0,
    firstExpiry: waiting?.first ?? undefined,
    hoursDue: await allocations().andWhere(HOURS_DUE, { thisWeek }).getCount(),
    disputed: await allocations().andWhere('allocation.isDisputed').getCount(),
  };

  async function stagesOf(side: Side): Promise<Record<AllocationStage, number>> {
    const rows = await tx
      .createQueryBuilder(Allocation, 'allocation')
      .select('allocation.stage', 'stage')
      .addSelect('count(*)::integer', 'count')
      .where(own(`allocation.${side}Id`), { ids })
      .groupBy('allocation.stage')
      .getRawMany<{ stage: AllocationStage; count: number }>();
    const counts = new Map(rows.map(({ stage, count }) => [stage, count]));
    return recordOf(allocationStages, (stage) => counts.get(stage) ?? 0);
  }
}
