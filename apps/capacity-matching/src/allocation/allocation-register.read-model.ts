import type { RecordedEvent } from '@alliance/event-sourcing';
import {
  foldIntoRows,
  type KeysetOrder,
  keysetPage,
  type Projection,
  type RowFold,
  upsertRows,
} from '@alliance/read-models';
import { Column, Entity, type EntityManager, In, PrimaryColumn } from 'typeorm';
import type { WeekRun } from '../event-fields';
import { deliveredByWeek, hasDispute, type WeekReport, withWord } from '../reported-hours';
import { byWeek, totalMinutes, weeksBefore } from '../weekly-minutes';
import { type AllocationEvent, allocationEvents, type Side } from './allocation.events';
import { HOURS_DUE, WAITS_FOR_ACCEPTANCE } from './waiting-allocations.read-model';

export const allocationStages = [
  'proposed',
  'started',
  'delivered',
  'declined',
  'expired',
  'released',
  'failed',
] as const;
export type AllocationStage = (typeof allocationStages)[number];

/** An allocation, and when it came to each of its stages. */
@Entity('allocation')
export class Allocation {
  @PrimaryColumn('uuid')
  readonly id: string;
  @Column('uuid', { name: 'offer_id' })
  readonly offerId: string;
  @Column('uuid', { name: 'need_id' })
  readonly needId: string;
  @Column('uuid', { name: 'supporting_id' })
  readonly supportingId: string;
  @Column('uuid', { name: 'helping_id' })
  readonly helpingId: string;
  /** Null when a coordinator proposed it. */
  @Column('uuid', { name: 'round_id', nullable: true })
  readonly roundId: string | null;
  @Column('text')
  readonly stage: AllocationStage;
  /** Why it was declined, released or failed; null otherwise. */
  @Column('text', { name: 'reason_code', nullable: true })
  readonly reasonCode: string | null;
  /** What is allocated; of one that ended before its time, what was allocated last. */
  @Column('jsonb')
  readonly weeks: readonly WeekRun[];
  /** Of all weeks. */
  @Column('integer')
  readonly minutes: number;
  /** By week. */
  @Column('jsonb')
  readonly reports: readonly WeekReport[];
  /** Of the weeks of which both sides say the same. */
  @Column('integer', { name: 'delivered_minutes' })
  readonly deliveredMinutes: number;
  /** The sides say different things of a week. */
  @Column('boolean', { name: 'is_disputed' })
  readonly isDisputed: boolean;
  @Column('timestamptz', { name: 'expires_at' })
  readonly expiresAt: Date;
  @Column('timestamptz', { name: 'proposed_at' })
  readonly proposedAt: Date;
  @Column('timestamptz', { name: 'secured_at', nullable: true })
  readonly securedAt: Date | null;
  @Column('timestamptz', { name: 'accepted_helping_at', nullable: true })
  readonly acceptedHelpingAt: Date | null;
  @Column('timestamptz', { name: 'accepted_supporting_at', nullable: true })
  readonly acceptedSupportingAt: Date | null;
  @Column('timestamptz', { name: 'started_at', nullable: true })
  readonly startedAt: Date | null;
  @Column('timestamptz', { name: 'ended_at', nullable: true })
  readonly endedAt: Date | null;
}

/** What was delivered in a week, of the weeks of which both sides say the same. */
@Entity('delivered_week')
export class DeliveredWeek {
  @PrimaryColumn('uuid', { name: 'allocation_id' })
  readonly allocationId: string;
  @PrimaryColumn('text')
  readonly week: string;
  @Column('uuid', { name: 'offer_id' })
  readonly offerId: string;
  @Column('integer')
  readonly minutes: number;
}

interface Row {
  readonly id: string;
  readonly offer_id: string;
  readonly need_id: string;
  readonly supporting_id: string;
  readonly helping_id: string;
  readonly round_id: string | null;
  readonly stage: AllocationStage;
  readonly reason_code: string | null;
  readonly weeks: readonly WeekRun[];
  readonly minutes: number;
  readonly reports: readonly WeekReport[];
  readonly delivered_minutes: number;
  readonly is_disputed: boolean;
  readonly expires_at: string;
  readonly proposed_at: string;
  readonly secured_at: string | null;
  readonly accepted_helping_at: string | null;
  readonly accepted_supporting_at: string | null;
  readonly started_at: string | null;
  readonly ended_at: string | null;
}

type Recorded = RecordedEvent & AllocationEvent;

const fold: RowFold<Row> = {
  table: 'allocation',
  keyColumn: 'id',
  keyOf: ({ streamName }) => allocationEvents.category.idOf(streamName),
  evolve(row, recorded) {
    const event = recorded as Recorded;
    if (event.type === 'AllocationProposed') return proposedRow(event.data, event);
    if (row === undefined) throw new Error(`${event.streamName} does not begin with the proposal of the allocation.`);
    return evolveRow(row, event);
  },
};

/** Every allocation, where it stands, and what has come of it. */
export const allocationRegister: Projection = {
  name: 'allocation-register',
  tables: ['allocation', 'delivered_week'],
  catalogues: [allocationEvents],
  async apply(tx, events) {
    const reportedOf = new Map<string, Row>();
    const remembering: RowFold<Row> = {
      ...fold,
      evolve(before, event) {
        const after = fold.evolve(before, event);
        if (after !== undefined && after.reports.length > 0) reportedOf.set(after.id, after);
        return after;
      },
    };
    await foldIntoRows(tx, remembering, events);
    if (reportedOf.size === 0) return;
    await tx.query('DELETE FROM delivered_week WHERE allocation_id = ANY ($1)', [[...reportedOf.keys()]]);
    const rows = [...reportedOf.values()].flatMap(deliveredWeeksOf);
    await upsertRows(tx, 'delivered_week', ['allocation_id', 'week'], rows);
  },
};

/** Nothing of one that was given up altogether. */
function deliveredWeeksOf({ id: allocation_id, offer_id, stage, reports, weeks }: Row) {
  const delivered = stage === 'released' ? [] : [...deliveredByWeek(reports, weeks)];
  return delivered.map(([week, minutes]) => ({ allocation_id, week, offer_id, minutes }));
}

function proposedRow(
  data: Extract<AllocationEvent, { type: 'AllocationProposed' }>['data'],
  { streamName, metadata }: RecordedEvent,
): Row {
  return {
    id: allocationEvents.category.idOf(streamName),
    offer_id: data.offerId,
    need_id: data.needId,
    supporting_id: data.supportingOrganisationId,
    helping_id: data.helpingOrganisationId,
    round_id: data.roundId ?? null,
    stage: 'proposed',
    reason_code: null,
    ...allocated(data.weeks),
    ...{ reports: [], delivered_minutes: 0, is_disputed: false },
    expires_at: data.expiresAt,
    proposed_at: metadata.occurredAt,
    ...{ secured_at: null, accepted_helping_at: null, accepted_supporting_at: null, started_at: null, ended_at: null },
  };
}

function evolveRow(row: Row, { type, data, metadata: { occurredAt: at } }: Recorded): Row {
  const ended = (stage: AllocationStage, reason_code: string | null = null): Row => ({
    ...row,
    ...{ stage, reason_code, ended_at: at, is_disputed: false },
  });
  switch (type) {
    case 'CapacitySecured':
      return { ...row, secured_at: at };
    case 'AllocationAccepted':
      return { ...row, [data.side === 'helping' ? 'accepted_helping_at' : 'accepted_supporting_at']: at };
    case 'AllocationStarted':
      return { ...row, stage: 'started', started_at: at };
    case 'HoursReported': {
      const reports = withWord(row.reports, data);
      return { ...row, ...reported(reports, row.weeks) };
    }
    case 'AllocationReleased': {
      const { fromWeek, reasonCode } = data;
      const kept = fromWeek === undefined ? [] : weeksBefore(row.weeks, fromWeek);
      if (row.stage !== 'started' || kept.length === 0)
        return { ...ended('released', reasonCode), delivered_minutes: 0 };
      return { ...row, ...allocated(kept), ...reported(row.reports, kept) };
    }
    case 'AllocationDelivered':
      return ended('delivered');
    case 'AllocationDeclined':
      return ended('declined', data.reasonCode);
    case 'AllocationExpired':
      return ended('expired');
    case 'AllocationFailed':
      return ended('failed', data.reasonCode);
    default:
      return row;
  }
}

function allocated(weeks: readonly WeekRun[]) {
  return { weeks, minutes: totalMinutes(byWeek(weeks)) };
}

/** What the words of the sides amount to; those of weeks that are no longer allocated stay, and count for nothing. */
function reported(reports: readonly WeekReport[], weeks: readonly WeekRun[]) {
  const delivered_minutes = totalMinutes(deliveredByWeek(reports, weeks));
  return { reports, delivered_minutes, is_disputed: hasDispute(reports, weeks) };
}

/** What has been promised, or is about to be, to needs: of allocations that are proposed or have started. */
export function underWayFor(tx: EntityManager, needIds: readonly string[]): Promise<readonly Allocation[]> {
  return tx.find(Allocation, {
    where: { needId: In([...needIds]), stage: In(['proposed', 'started']) },
    order: { id: 'ASC' },
  });
}

/** The ids, in their order, of proposals that have expired by then although a side has yet to accept. */
export async function expiredProposals(
  tx: EntityManager,
  { now, afterId, limit }: { readonly now: Date; readonly afterId?: string; readonly limit: number },
): Promise<readonly string[]> {
  const found = tx
    .createQueryBuilder(Allocation, 'allocation')
    .select('allocation.id')
    .where(`allocation.stage = 'proposed' AND allocation.expiresAt <= :now`, { now })
    .andWhere('(allocation.acceptedHelpingAt IS NULL OR allocation.acceptedSupportingAt IS NULL)');
  if (afterId !== undefined) found.andWhere('allocation.id > :afterId', { afterId });
  return (await found.orderBy('allocation.id').limit(limit).getMany()).map(({ id }) => id);
}

export interface AllocationQuery {
  readonly stage?: AllocationStage;
  readonly offerId?: string;
  readonly needId?: string;
  readonly roundId?: string;
  /** Only those that have minutes in it. */
  readonly week?: string;
  readonly isDisputed?: boolean;
  /** Every id of each organisation that has to be among its sides, or to be that side. */
  readonly organisations: readonly { readonly ids: readonly string[]; readonly side?: Side }[];
  /** Secured proposals that the organisation of these ids has yet to accept. */
  readonly waitingFor?: readonly string[];
  /** Started ones of which the organisation of these ids has yet to say what was worked in a week before this one. */
  readonly hoursDue?: { readonly ids: readonly string[]; readonly thisWeek: string };
  readonly order: readonly KeysetOrder<'proposedAt' | 'expiresAt' | 'minutes' | 'deliveredMinutes'>[];
  readonly limit: number;
  readonly cursor?: string;
}

/** A page of them, the last proposed first unless another order is asked for. */
export function findAllocations(
  tx: EntityManager,
  query: AllocationQuery,
): Promise<{ items: Allocation[]; nextCursor?: string }> {
  const { stage, offerId, needId, roundId, week, organisations, waitingFor, hoursDue, order, limit, cursor } = query;
  const found = tx.createQueryBuilder(Allocation, 'allocation').where('true');
  if (stage !== undefined) found.andWhere('allocation.stage = :stage', { stage });
  if (offerId !== undefined) found.andWhere('allocation.offerId = :offerId', { offerId });
  if (needId !== undefined) found.andWhere('allocation.needId = :needId', { needId });
  if (roundId !== undefined) found.andWhere('allocation.roundId = :roundId', { roundId });
  if (query.isDisputed !== undefined)
    found.andWhere('allocation.isDisputed = :disputed', { disputed: query.isDisputed });
  if (week !== undefined) {
    const runs = `jsonb_to_recordset(allocation.weeks) AS run("from" text, "to" text)`;
    found.andWhere(`EXISTS (SELECT FROM ${runs} WHERE run."from" <= :week AND run."to" >= :week)`, { week });
  }
  for (const [at, { ids, side }] of organisations.entries()) {
    const is = (one: Side) => `allocation.${one}Id = ANY (:ids${at})`;
    found.andWhere(side === undefined ? `(${is('helping')} OR ${is('supporting')})` : is(side), { [`ids${at}`]: ids });
  }
  if (waitingFor !== undefined) found.andWhere(WAITS_FOR_ACCEPTANCE, { ids: waitingFor });
  if (hoursDue !== undefined) found.andWhere(HOURS_DUE, hoursDue);
  const lastFirst = [{ field: 'proposedAt', direction: 'descending' }] as const;
  return keysetPage(found, { order: order.length > 0 ? order : lastFirst, key: 'id', limit, cursor });
}
