import type { EntityManager } from 'typeorm';
import { Allocation, type AllocationStage, allocationStages } from '../allocation/allocation-register.read-model';
import { NeedRow } from '../need/need-register.read-model';
import { liesWithin } from '../offer/offer-scope.read-model';
import { recordOf } from './record-of';

/** Of allocations, so many minutes: as they were allocated last, and as both sides say. */
interface FunnelMinutes {
  readonly proposed: number;
  readonly started: number;
  readonly delivered: number;
}

/** How long a step took, in hours, of the allocations that have taken it; null when none has. */
export interface StepTime {
  readonly allocations: number;
  readonly medianHours: number | null;
  /** Nine of ten took at most so long. */
  readonly p90Hours: number | null;
}

/** The steps of which the time is told. */
export const funnelSteps = [
  'proposedToSecured',
  'securedToAcceptedByHelping',
  'securedToAcceptedBySupporting',
  'proposedToStarted',
  'proposedToDeclined',
  'startedToDelivered',
] as const;
type FunnelStep = (typeof funnelSteps)[number];

interface EndReason {
  readonly stage: AllocationStage;
  readonly reasonCode: string;
  readonly allocations: number;
}

/** What became of allocations, and how long it took. */
export interface Funnel {
  readonly proposed: number;
  /** The offer could hold the minutes. */
  readonly secured: number;
  readonly acceptedByHelping: number;
  readonly acceptedBySupporting: number;
  /** Both sides have accepted. */
  readonly started: number;
  readonly delivered: number;
  /** Where they stand now. */
  readonly byStage: Readonly<Record<AllocationStage, number>>;
  /** Why they were declined, released or failed, the most frequent first. */
  readonly reasons: readonly EndReason[];
  readonly minutes: FunnelMinutes;
  readonly times: Readonly<Record<FunnelStep, StepTime>>;
}

interface FunnelScope {
  /** Proposed from one moment to another. */
  readonly from: Date;
  readonly until: Date;
  /** For needs of this field of action. */
  readonly fieldKey?: string;
  /** For needs in this region. */
  readonly regionKey?: string;
  readonly proposedBy?: 'round' | 'coordinator';
}

const MOST_REASONS = 50;

const ended = (stage: AllocationStage) => `CASE WHEN allocation.stage = '${stage}' THEN allocation.ended_at END`;

const columns: Readonly<Record<FunnelStep, readonly [from: string, to: string]>> = {
  proposedToSecured: ['allocation.proposed_at', 'allocation.secured_at'],
  securedToAcceptedByHelping: ['allocation.secured_at', 'allocation.accepted_helping_at'],
  securedToAcceptedBySupporting: ['allocation.secured_at', 'allocation.accepted_supporting_at'],
  proposedToStarted: ['allocation.proposed_at', 'allocation.started_at'],
  proposedToDeclined: ['allocation.proposed_at', ended('declined')],
  startedToDelivered: ['allocation.started_at', ended('delivered')],
};

/** Of the allocations of a scope. */
export async function funnel(tx: EntityManager, scope: FunnelScope): Promise<Funnel> {
  const counted = inScope(tx, scope).select('count(*)::integer', 'proposed');
  const counts = {
    secured: 'count(allocation.secured_at)',
    acceptedByHelping: 'count(allocation.accepted_helping_at)',
    acceptedBySupporting: 'count(allocation.accepted_supporting_at)',
    started: 'count(allocation.started_at)',
    ...Object.fromEntries(
      allocationStages.map((stage) => [`at ${stage}`, `count(*) FILTER (WHERE allocation.stage = '${stage}')`]),
    ),
    minutesProposed: 'coalesce(sum(allocation.minutes), 0)',
    minutesStarted: 'coalesce(sum(allocation.minutes) FILTER (WHERE allocation.started_at IS NOT NULL), 0)',
    minutesDelivered: 'coalesce(sum(allocation.delivered_minutes), 0)',
  };
  for (const [name, sum] of Object.entries(counts)) counted.addSelect(`${sum}::double precision`, name);
  for (const step of funnelSteps) {
    const [from, to] = columns[step];
    const hours = `(extract(epoch FROM ${to} - ${from}) / 3600)`;
    counted.addSelect(`count(${hours})::integer`, `${step} n`);
    for (const part of [0.5, 0.9]) {
      const percentile = `percentile_cont(${part}) WITHIN GROUP (ORDER BY ${hours})`;
      counted.addSelect(`${percentile}::double precision`, `${step} ${part}`);
    }
  }
  const row = await counted.getRawOne<Record<string, number | null>>();
  if (row === undefined) throw new Error('An aggregate without groups has one row.');
  const countOf = (name: string) => row[name] ?? 0;
  const reasons = await inScope(tx, scope)
    .select('allocation.stage', 'stage')
    .addSelect('allocation.reason_code', 'reasonCode')
    .addSelect('count(*)::integer', 'allocations')
    .andWhere('allocation.reason_code IS NOT NULL')
    .groupBy('allocation.stage, allocation.reason_code')
    .orderBy('count(*)', 'DESC')
    .addOrderBy('allocation.stage, allocation.reason_code')
    .limit(MOST_REASONS)
    .getRawMany<EndReason>();
  return {
    ...{ proposed: countOf('proposed'), secured: countOf('secured') },
    ...{ acceptedByHelping: countOf('acceptedByHelping'), acceptedBySupporting: countOf('acceptedBySupporting') },
    ...{ started: countOf('started'), delivered: countOf('at delivered') },
    byStage: recordOf(allocationStages, (stage) => countOf(`at ${stage}`)),
    reasons,
    minutes: {
      ...{ proposed: countOf('minutesProposed'), started: countOf('minutesStarted') },
      delivered: countOf('minutesDelivered'),
    },
    times: recordOf(funnelSteps, (step) => ({
      allocations: countOf(`${step} n`),
      ...{ medianHours: row[`${step} 0.5`] ?? null, p90Hours: row[`${step} 0.9`] ?? null },
    })),
  };
}

function inScope(tx: EntityManager, { from, until, fieldKey, regionKey, proposedBy }: FunnelScope) {
  const found = tx
    .createQueryBuilder(Allocation, 'allocation')
    .innerJoin(NeedRow, 'need', 'need.id = allocation.needId')
    .where('allocation.proposedAt >= :from AND allocation.proposedAt < :until', { from, until });
  if (fieldKey !== undefined) found.andWhere('need.fieldKeys @> CAST(:fields AS text[])', { fields: [fieldKey] });
  if (regionKey !== undefined) found.andWhere(liesWithin('need.regionKey', ':region'), { region: regionKey });
  if (proposedBy !== undefined) {
    found.andWhere(`allocation.roundId IS ${proposedBy === 'round' ? 'NOT NULL' : 'NULL'}`);
  }
  return found;
}
