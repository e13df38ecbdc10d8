import type { RecordedEvent } from '@alliance/event-sourcing';
import { foldIntoRows, type KeysetOrder, keysetPage, type Projection, type RowFold } from '@alliance/read-models';
import { Column, Entity, type EntityManager, PrimaryColumn, type SelectQueryBuilder } from 'typeorm';
import { type DataOf, type GrantEvent, grantEvents } from '../grant/grant.events';
import type { Currency } from '../money';

export const trancheStages = ['planned', 'requested', 'checked', 'ordered', 'paid', 'failed', 'cancelled'] as const;
export type TrancheStage = (typeof trancheStages)[number];

/** A tranche of a grant, with the payment that was requested last. */
@Entity('tranche_register')
export class TrancheEntry {
  /** Of grant and tranche. */
  @PrimaryColumn('text')
  readonly id: string;
  @Column('uuid', { name: 'grant_id' })
  readonly grantId: string;
  @Column('uuid', { name: 'tranche_id' })
  readonly trancheId: string;
  @Column('integer')
  readonly version: number;
  @Column('bigint')
  readonly cents: string;
  @Column('text')
  readonly currency: Currency;
  @Column('date', { name: 'due_on' })
  readonly dueOn: string;
  @Column('boolean', { name: 'requires_report' })
  readonly requiresReport: boolean;
  @Column('text')
  readonly stage: TrancheStage;
  @Column('timestamptz', { name: 'stage_since' })
  readonly stageSince: Date;
  /** Said by the check; null before. */
  @Column('integer', { name: 'approvals_needed', nullable: true })
  readonly approvalsNeeded: number | null;
  /** Of the version that holds, with those of who has come to be conflicted since. */
  @Column('integer')
  readonly approvals: number;
  @Column('uuid', { name: 'payment_id', nullable: true })
  readonly paymentId: string | null;
  @Column('uuid', { name: 'recipient_id', nullable: true })
  readonly recipientId: string | null;
  @Column('date', { name: 'needed_by', nullable: true })
  readonly neededBy: string | null;
  @Column('date', { name: 'paid_on', nullable: true })
  readonly paidOn: string | null;
  /** What stood in the way when the bank paid all the same. */
  @Column('jsonb', { name: 'paid_despite' })
  readonly paidDespite: DataOf<'TranchePaid'>['despite'];
}

interface Row {
  readonly id: string;
  readonly grant_id: string;
  readonly tranche_id: string;
  readonly version: number;
  readonly cents: number;
  readonly currency: Currency;
  readonly due_on: string;
  readonly requires_report: boolean;
  readonly stage: TrancheStage;
  readonly stage_since: string;
  readonly approvals_needed: number | null;
  readonly approvals: number;
  readonly payment_id: string | null;
  readonly recipient_id: string | null;
  readonly needed_by: string | null;
  readonly paid_on: string | null;
  readonly paid_despite: DataOf<'TranchePaid'>['despite'];
}

type Recorded = RecordedEvent & GrantEvent;

/** Every tranche, and where its payment stands. */
export const trancheRegister: Projection = {
  name: 'tranche-register',
  tables: ['tranche_register'],
  catalogues: [grantEvents],
  apply: (tx, events) => foldIntoRows(tx, folded, events.flatMap(eachOnItsOwn)),
};

/** A plan is of several tranches: as if each had been planned alone. */
function eachOnItsOwn(recorded: RecordedEvent): readonly RecordedEvent[] {
  const { type, data } = recorded as Recorded;
  if (type !== 'TranchesPlanned') return [recorded];
  return data.tranches.map((tranche) => ({ ...recorded, data: { ...data, tranches: [tranche] } }));
}

const folded: RowFold<Row> = {
  table: 'tranche_register',
  keyColumn: 'id',
  keyOf(recorded) {
    const { type, data, streamName } = recorded as Recorded;
    const trancheId =
      type === 'TranchesPlanned' ? data.tranches[0]?.trancheId : 'trancheId' in data ? data.trancheId : undefined;
    return trancheId && `${grantEvents.category.idOf(streamName)} ${trancheId}`;
  },
  evolve(row, recorded) {
    const event = recorded as Recorded;
    const since = event.metadata.occurredAt;
    if (event.type === 'TranchesPlanned') return event.data.tranches.map((one) => plannedRow(one, event))[0];
    if (row === undefined) throw new Error(`${event.streamName} speaks of a tranche that was not planned.`);
    return evolveRow(row, event, (stage) => ({ ...row, stage, stage_since: since }));
  },
};

function plannedRow(planned: DataOf<'TranchesPlanned'>['tranches'][number], { streamName, metadata }: Recorded): Row {
  const grant_id = grantEvents.category.idOf(streamName);
  return {
    id: `${grant_id} ${planned.trancheId}`,
    grant_id,
    tranche_id: planned.trancheId,
    version: 1,
    ...planned.amount,
    due_on: planned.dueOn,
    requires_report: planned.requiresReport,
    stage: 'planned',
    stage_since: metadata.occurredAt,
    ...unapproved,
    ...unrequested,
    paid_on: null,
    paid_despite: [],
  };
}

const unapproved = { approvals_needed: null, approvals: 0 };
const unrequested = { payment_id: null, recipient_id: null, needed_by: null };

function evolveRow(row: Row, { type, data }: Recorded, moved: (to: TrancheStage) => Row): Row {
  switch (type) {
    case 'TrancheRevised': {
      const { amount, dueOn: due_on, requiresReport: requires_report, version } = data;
      const before = row.stage === 'checked' ? moved('requested') : row;
      return { ...before, ...amount, due_on, requires_report, version, ...unapproved };
    }
    case 'TrancheRequested': {
      const { paymentId: payment_id, recipientOrganisationId: recipient_id, neededBy: needed_by } = data;
      return { ...moved('requested'), ...unapproved, payment_id, recipient_id, needed_by };
    }
    case 'TrancheChecked':
      return { ...moved('checked'), approvals_needed: data.approvalsNeeded, approvals: 0 };
    case 'PaymentApproved':
      return { ...row, approvals: row.approvals + 1 };
    case 'PaymentApprovalWithdrawn':
      return { ...row, approvals: row.approvals - 1 };
    case 'PaymentOrdered':
      return moved('ordered');
    case 'TranchePaid':
      return { ...moved('paid'), paid_on: data.paidOn, paid_despite: data.despite };
    case 'PaymentFailed':
      return moved('failed');
    case 'PaymentCancelled':
      return { ...moved('planned'), ...unapproved, ...unrequested };
    case 'TrancheCancelled':
      return moved('cancelled');
    default:
      return row;
  }
}

interface TrancheQuery {
  readonly grantId?: string;
  readonly stage?: TrancheStage;
  readonly recipientId?: string;
  /** A day. */
  readonly dueUpTo?: string;
  readonly order: readonly KeysetOrder<'dueOn' | 'stageSince'>[];
  readonly limit: number;
  readonly cursor?: string;
}

export function findTranches(
  tx: EntityManager,
  query: TrancheQuery & { readonly grantId: string },
): Promise<{ items: TrancheEntry[]; nextCursor?: string }> {
  return page(tx.createQueryBuilder(TrancheEntry, 'tranche').where('true'), query);
}

/** The tranches of which a payment has been requested, without those of grants in which the reader has a conflict. */
export function findPayments(
  tx: EntityManager,
  query: TrancheQuery,
  reader: string,
): Promise<{ items: TrancheEntry[]; nextCursor?: string }> {
  const found = tx
    .createQueryBuilder(TrancheEntry, 'tranche')
    .where('tranche.paymentId IS NOT NULL')
    .andWhere(
      `NOT EXISTS (SELECT FROM grant_register AS of_grant
                 WHERE of_grant.id = tranche.grant_id AND of_grant.conflicted @> ARRAY[:reader])`,
      { reader },
    );
  return page(found, query);
}

function page(
  found: SelectQueryBuilder<TrancheEntry>,
  { grantId, stage, recipientId, dueUpTo, ...asked }: TrancheQuery,
) {
  if (grantId !== undefined) found.andWhere('tranche.grantId = :grantId', { grantId });
  if (stage !== undefined) found.andWhere('tranche.stage = :stage', { stage });
  if (recipientId !== undefined) found.andWhere('tranche.recipientId = :recipientId', { recipientId });
  if (dueUpTo !== undefined) found.andWhere('tranche.dueOn <= :dueUpTo', { dueUpTo });
  return keysetPage(found, { ...asked, key: 'id' });
}

/** In cents: of the tranches that are not cancelled, of those with the bank, of those that are paid. */
export interface TrancheSums {
  readonly planned: number;
  readonly ordered: number;
  readonly disbursed: number;
}

export async function sumTranches(tx: EntityManager, grantId: string): Promise<TrancheSums> {
  const [sums] = await tx.query<Record<keyof TrancheSums, string>[]>(
    `SELECT coalesce(sum(cents) FILTER (WHERE stage <> 'cancelled'), 0) AS planned,
            coalesce(sum(cents) FILTER (WHERE stage = 'ordered'), 0) AS ordered,
            coalesce(sum(cents) FILTER (WHERE stage = 'paid'), 0) AS disbursed
     FROM tranche_register WHERE grant_id = $1`,
    [grantId],
  );
  return {
    planned: Number(sums?.planned),
    ordered: Number(sums?.ordered),
    disbursed: Number(sums?.disbursed),
  };
}
