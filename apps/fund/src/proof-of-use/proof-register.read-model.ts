import type { RecordedEvent } from '@alliance/event-sourcing';
import { foldIntoRows, type KeysetOrder, keysetPage, type Projection, type RowFold } from '@alliance/read-models';
import { Column, Entity, type EntityManager, In, PrimaryColumn } from 'typeorm';
import { type DataOf, type GrantEvent, grantEvents } from '../grant/grant.events';
import type { Currency } from '../money';
import { type Demand, receivedBy, type Report } from './proof-state';

/** What is shown of a grant beside its reports. */
@Entity('accountable_grant')
export class AccountableGrant {
  @PrimaryColumn('uuid', { name: 'grant_id' })
  readonly grantId: string;
  @Column('text')
  readonly title: string;
  /** Who was awarded it; `null` before. */
  @Column('uuid', { name: 'recipient_organisation_id', nullable: true })
  readonly recipientOrganisationId: string | null;
  /** When it was revoked, else closed: from then on the receipts are kept for so many years only. */
  @Column('timestamptz', { name: 'ended_at', nullable: true })
  readonly endedAt: Date | null;
  /** From then on nothing more is waited for. */
  @Column('timestamptz', { name: 'closed_at', nullable: true })
  readonly closedAt: Date | null;
}

/** Amounts in cents: of the receipts that were submitted last, and of what was accepted. */
@Entity('grant_report')
export class GrantReport {
  @PrimaryColumn('uuid', { name: 'report_id' })
  readonly reportId: string;
  @Column('uuid', { name: 'grant_id' })
  readonly grantId: string;
  @Column('text')
  readonly kind: Report['kind'];
  @Column('date', { name: 'due_on' })
  readonly dueOn: string;
  @Column('text')
  readonly stage: Report['stage'];
  @Column('integer')
  readonly version: number;
  @Column('timestamptz', { name: 'submitted_at', nullable: true })
  readonly submittedAt: Date | null;
  @Column('text', { nullable: true })
  readonly currency: Currency | null;
  @Column('bigint', { nullable: true })
  readonly receipts: string | null;
  @Column('bigint', { nullable: true })
  readonly spent: string | null;
  @Column('bigint', { nullable: true })
  readonly disallowed: string | null;
  @Column('date', { name: 'reminded_of', nullable: true })
  readonly remindedOf: string | null;
  @Column('boolean', { name: 'receipts_erased' })
  readonly receiptsErased: boolean;
}

/** Amounts in cents. */
@Entity('repayment')
export class Repayment {
  @PrimaryColumn('uuid', { name: 'repayment_id' })
  readonly repaymentId: string;
  @Column('uuid', { name: 'grant_id' })
  readonly grantId: string;
  @Column('text')
  readonly cause: Demand['cause'];
  @Column('text')
  readonly currency: Currency;
  @Column('bigint')
  readonly principal: string;
  /** Of the principal, what has come back. */
  @Column('bigint')
  readonly returned: string;
  @Column('date', { name: 'due_on' })
  readonly dueOn: string;
  @Column('jsonb')
  readonly rates: Demand['interest'];
  @Column('jsonb')
  readonly received: Demand['received'];
}

type Recorded = RecordedEvent & GrantEvent;

interface GrantColumns {
  readonly grant_id: string;
  readonly title: string;
  readonly recipient_organisation_id: string | null;
  readonly ended_at: string | null;
  readonly closed_at: string | null;
}

const grants: RowFold<GrantColumns> = {
  table: 'accountable_grant',
  keyColumn: 'grant_id',
  keyOf: ({ type, streamName }) =>
    ['ApplicationSubmitted', 'GrantAwarded', 'GrantRevoked', 'GrantWithdrawn', 'GrantClosed'].includes(type)
      ? grantEvents.category.idOf(streamName)
      : undefined,
  evolve(row, recorded) {
    const event = recorded as Recorded;
    const grant_id = grantEvents.category.idOf(event.streamName);
    if (event.type === 'ApplicationSubmitted') {
      const { title } = event.data.application;
      return { ...(row ?? { grant_id, recipient_organisation_id: null, ended_at: null, closed_at: null }), title };
    }
    // A draft that is withdrawn never was submitted.
    if (row === undefined) return undefined;
    const { occurredAt } = event.metadata;
    switch (event.type) {
      case 'GrantAwarded':
        return { ...row, recipient_organisation_id: event.data.recipientOrganisationId };
      case 'GrantRevoked':
        return { ...row, ended_at: occurredAt };
      default:
        return { ...row, ended_at: row.ended_at ?? occurredAt, closed_at: occurredAt };
    }
  },
};

interface ReportColumns {
  readonly report_id: string;
  readonly grant_id: string;
  readonly kind: Report['kind'];
  readonly due_on: string;
  readonly stage: Report['stage'];
  readonly version: number;
  readonly submitted_at: string | null;
  readonly currency: Currency | null;
  readonly receipts: number | null;
  readonly spent: number | null;
  readonly disallowed: number | null;
  readonly reminded_of: string | null;
  readonly receipts_erased: boolean;
}

const REPORT_EVENTS: readonly string[] = [
  ...['ReportDue', 'ReportReminded', 'ReportSubmitted', 'ReportReturned', 'ReportAccepted', 'ReceiptErasureDecided'],
];

const reports: RowFold<ReportColumns> = {
  table: 'grant_report',
  keyColumn: 'report_id',
  keyOf: ({ type, data }) => (REPORT_EVENTS.includes(type) ? (data as { reportId: string }).reportId : undefined),
  evolve(row, recorded) {
    const event = recorded as Recorded;
    if (event.type === 'ReportDue') return reportDue(event.data, grantEvents.category.idOf(event.streamName));
    if (row === undefined) throw new Error(`${event.streamName} has ${event.type} before ReportDue.`);
    switch (event.type) {
      case 'ReportReminded':
        return { ...row, reminded_of: event.data.occasion };
      case 'ReportSubmitted': {
        const { version, receipts } = event.data;
        const { cents, currency } = receipts.total;
        const submitted_at = event.metadata.occurredAt;
        return { ...row, stage: 'under-review', version, submitted_at, currency, receipts: cents };
      }
      case 'ReportReturned':
        return { ...row, stage: 'returned' };
      case 'ReportAccepted': {
        const { spent, disallowed } = event.data;
        return { ...row, stage: 'accepted', spent: spent.cents, disallowed: disallowed.cents };
      }
      case 'ReceiptErasureDecided':
        return { ...row, receipts_erased: true };
      default:
        return row;
    }
  },
};

function reportDue({ reportId, kind, dueOn }: DataOf<'ReportDue'>, grantId: string): ReportColumns {
  return {
    report_id: reportId,
    grant_id: grantId,
    kind,
    due_on: dueOn,
    stage: 'due',
    version: 0,
    submitted_at: null,
    currency: null,
    receipts: null,
    spent: null,
    disallowed: null,
    reminded_of: null,
    receipts_erased: false,
  };
}

interface RepaymentColumns {
  readonly repayment_id: string;
  readonly grant_id: string;
  readonly cause: Demand['cause'];
  readonly currency: Currency;
  readonly principal: number;
  readonly returned: number;
  readonly due_on: string;
  readonly rates: Demand['interest'];
  readonly received: Demand['received'];
}

const repayments: RowFold<RepaymentColumns> = {
  table: 'repayment',
  keyColumn: 'repayment_id',
  keyOf: ({ type, data }) =>
    ['RepaymentDemanded', 'RepaymentReceived', 'InterestReceived'].includes(type)
      ? (data as { repaymentId: string }).repaymentId
      : undefined,
  evolve(row, recorded) {
    const event = recorded as Recorded;
    if (event.type === 'RepaymentDemanded') {
      const { repaymentId, principal, cause, dueOn, interest } = event.data;
      return {
        repayment_id: repaymentId,
        grant_id: grantEvents.category.idOf(event.streamName),
        cause,
        currency: principal.currency,
        principal: principal.cents,
        returned: 0,
        due_on: dueOn,
        rates: interest,
        received: [],
      };
    }
    if (row === undefined) throw new Error(`${event.streamName} has ${event.type} before RepaymentDemanded.`);
    if (event.type !== 'RepaymentReceived' && event.type !== 'InterestReceived') return row;
    const received = receivedBy(event);
    return { ...row, returned: row.returned + received.principal.cents, received: [...row.received, received] };
  },
};

/** The reports and the repayments of all grants, as far as their streams tell. */
export const proofRegister: Projection = {
  name: 'proof-register',
  tables: ['accountable_grant', 'grant_report', 'repayment'],
  catalogues: [grantEvents],
  async apply(tx, events) {
    await foldIntoRows(tx, grants, events);
    await foldIntoRows(tx, reports, events);
    await foldIntoRows(tx, repayments, events);
  },
};

interface Page<Field extends string> {
  readonly order: readonly KeysetOrder<Field>[];
  readonly limit: number;
  readonly cursor?: string;
}

export type ReportsOrder = 'dueOn' | 'stage';

export function findReports(
  tx: EntityManager,
  grantId: string,
  page: Page<ReportsOrder> & Partial<Pick<GrantReport, 'kind' | 'stage'>>,
): Promise<{ items: GrantReport[]; nextCursor?: string }> {
  const found = tx.createQueryBuilder(GrantReport, 'report').where('report.grantId = :grantId', { grantId });
  if (page.kind !== undefined) found.andWhere('report.kind = :kind', { kind: page.kind });
  if (page.stage !== undefined) found.andWhere('report.stage = :stage', { stage: page.stage });
  return keysetPage(found, { ...page, key: 'reportId' });
}

export interface AwaitedQuery extends Page<'dueOn'> {
  readonly today: string;
  readonly overdue?: boolean;
  readonly kind?: Report['kind'];
  readonly dueBy?: string;
}

/** The reports that are waited for, each with its grant. */
export async function findAwaited(
  tx: EntityManager,
  { today, overdue, kind, dueBy, ...page }: AwaitedQuery,
): Promise<{ items: { report: GrantReport; grant: AccountableGrant }[]; nextCursor?: string }> {
  const found = tx.createQueryBuilder(GrantReport, 'report').where(AWAITED);
  if (overdue === true) found.andWhere('report.dueOn < :today', { today });
  if (overdue === false) found.andWhere('report.dueOn >= :today', { today });
  if (kind !== undefined) found.andWhere('report.kind = :kind', { kind });
  if (dueBy !== undefined) found.andWhere('report.dueOn <= :dueBy', { dueBy });
  const { items, ...next } = await keysetPage(found, { ...page, key: 'reportId' });
  const named = await tx.findBy(AccountableGrant, { grantId: In(items.map(({ grantId }) => grantId)) });
  const byId = new Map(named.map((grant) => [grant.grantId, grant]));
  const withGrants = items.flatMap((report) => {
    const grant = byId.get(report.grantId);
    return grant === undefined ? [] : [{ report, grant }];
  });
  return { ...next, items: withGrants };
}

const AWAITED = `report.stage IN ('due', 'returned') AND EXISTS (
  SELECT FROM accountable_grant AS known WHERE known.grant_id = report.grant_id AND known.closed_at IS NULL)`;

export function findRepayments(
  tx: EntityManager,
  grantId: string,
  page: Page<'dueOn'> & { readonly cause?: Demand['cause']; readonly open?: boolean },
): Promise<{ items: Repayment[]; nextCursor?: string }> {
  const found = tx.createQueryBuilder(Repayment, 'repayment').where('repayment.grantId = :grantId', { grantId });
  if (page.cause !== undefined) found.andWhere('repayment.cause = :cause', { cause: page.cause });
  if (page.open !== undefined) found.andWhere(`repayment.returned ${page.open ? '<' : '='} repayment.principal`);
  return keysetPage(found, { ...page, key: 'repaymentId' });
}
