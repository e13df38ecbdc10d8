import { dayOf } from '@alliance/calendar';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type Money, sum } from '../money';
import { MoneyView } from '../money-view.http';
import { numericalProof } from './numerical-proof';
import type { AccountableGrant, GrantReport, Repayment } from './proof-register.read-model';
import type { AwardedProof, Demand, Report } from './proof-state';
import { receiptOf, type ReceiptRow } from './receipts.vault';
import { demandSums, unspent } from './repayment-sums';

const kinds = ['interim', 'final'];
const stages = ['due', 'under-review', 'returned', 'accepted'];

/** Without what was said in it. */
class ReportOutlineView {
  @ApiProperty({ format: 'uuid' })
  readonly reportId: string;
  @ApiProperty({ enum: kinds })
  readonly kind: Report['kind'];
  @ApiProperty({ format: 'date' })
  readonly dueOn: string;
  @ApiProperty({ enum: stages })
  readonly stage: Report['stage'];
  @ApiProperty({ description: 'It is waited for, and its day has passed.' })
  readonly overdue: boolean;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Of the last submission; 0 before the first.' })
  readonly version: number;
  @ApiPropertyOptional({ format: 'date-time' })
  readonly submittedAt?: string;
  @ApiPropertyOptional({ format: 'date', description: 'The day for which a reminder was given last.' })
  readonly remindedOf?: string;
}

export class ReportView extends ReportOutlineView {
  @ApiPropertyOptional({ description: 'What the receipts come to that were submitted last.' })
  readonly receipts?: MoneyView;
  @ApiPropertyOptional({ description: 'Accepted: the receipts without what is disallowed.' })
  readonly spent?: MoneyView;
  @ApiPropertyOptional()
  readonly disallowed?: MoneyView;
}

/** Beside the outline of its grant. */
export class AwaitedReportView extends ReportOutlineView {
  @ApiProperty({ format: 'uuid' })
  readonly grantId: string;
  @ApiProperty()
  readonly title: string;
  @ApiPropertyOptional({ format: 'uuid' })
  readonly recipientOrganisationId?: string;
}

class ProvenLineView {
  @ApiProperty()
  readonly key: string;
  @ApiProperty()
  readonly planned: MoneyView;
  @ApiProperty()
  readonly spent: MoneyView;
  @ApiProperty({ description: 'How much more than planned was spent.' })
  readonly over: MoneyView;
  @ApiProperty({ description: 'Of it, how much other lines make up for within the tolerance.' })
  readonly allowedOver: MoneyView;
}

class OtherIncomeView {
  @ApiProperty()
  readonly planned: MoneyView;
  @ApiProperty()
  readonly received: MoneyView;
}

class NumericalProofView {
  @ApiProperty({ type: 'integer', description: 'By how much a line may be exceeded, by the terms of the grant.' })
  readonly lineTolerancePercent: number;
  @ApiProperty({ type: [ProvenLineView] })
  readonly lines: readonly ProvenLineView[];
  @ApiProperty()
  readonly spent: MoneyView;
  @ApiProperty({ description: 'What the financing plan does not carry; for the reviewer to decide on.' })
  readonly disallowed: MoneyView;
  @ApiProperty({ description: 'Of the project, from others.' })
  readonly otherIncome: OtherIncomeView;
}

class ReceiptSumsView {
  @ApiProperty({ type: 'integer' })
  readonly count: number;
  @ApiProperty()
  readonly total: MoneyView;
  @ApiPropertyOptional({ format: 'date' })
  readonly from?: string;
  @ApiPropertyOptional({ format: 'date' })
  readonly to?: string;
  @ApiProperty()
  readonly digest: string;
}

class SubmissionView {
  @ApiProperty()
  readonly narrative: string;
  @ApiProperty()
  readonly receipts: ReceiptSumsView;
  @ApiProperty()
  readonly numericalProof: NumericalProofView;
}

class ReturnedView {
  @ApiProperty({ type: 'integer' })
  readonly version: number;
  @ApiProperty()
  readonly reasonCode: string;
  @ApiProperty({ type: [String] })
  readonly items: readonly string[];
  @ApiPropertyOptional()
  readonly note?: string;
}

class AcceptedView {
  @ApiProperty()
  readonly spent: MoneyView;
  @ApiProperty()
  readonly disallowed: MoneyView;
}

/** A report by the log, at this moment. */
export class ReportInFullView {
  @ApiProperty({ format: 'uuid' })
  readonly reportId: string;
  @ApiProperty({ enum: kinds })
  readonly kind: Report['kind'];
  @ApiProperty({ format: 'date' })
  readonly dueOn: string;
  @ApiProperty({ enum: stages })
  readonly stage: Report['stage'];
  @ApiProperty()
  readonly overdue: boolean;
  @ApiProperty({ type: 'integer', minimum: 0 })
  readonly version: number;
  @ApiPropertyOptional({ description: 'As it was submitted last.' })
  readonly submission?: SubmissionView;
  @ApiProperty({ description: 'The rows of its receipts are not held any more.' })
  readonly receiptsErased: boolean;
  @ApiPropertyOptional({ description: 'Why it was given back last.' })
  readonly returned?: ReturnedView;
  @ApiPropertyOptional()
  readonly accepted?: AcceptedView;
  @ApiProperty({ description: 'What was paid out of the grant.' })
  readonly disbursed: MoneyView;
  @ApiPropertyOptional({ description: 'Of it, what the accepted final report shows no use of.' })
  readonly unspent?: MoneyView;
}

export class ReceiptView {
  @ApiProperty({ type: 'integer', minimum: 1 })
  readonly row: number;
  @ApiProperty()
  readonly line: string;
  @ApiProperty({ format: 'date' })
  readonly paidOn: string;
  @ApiProperty()
  readonly payee: string;
  @ApiProperty()
  readonly purpose: string;
  @ApiProperty()
  readonly amount: MoneyView;
}

/** A page of the rows. */
export class ReceiptsView {
  @ApiProperty({ type: 'integer' })
  readonly version: number;
  @ApiProperty({ description: 'Whether all rows are those that were submitted, by their digest in the log.' })
  readonly receiptsVerified: boolean;
  @ApiProperty({ type: [ReceiptView] })
  readonly items: readonly ReceiptView[];
  @ApiPropertyOptional({ description: 'Absent on the last page.' })
  readonly nextCursor?: string;
}

export class RepaymentId {
  @ApiProperty({ format: 'uuid' })
  readonly repaymentId: string;
}

export class RepaymentView {
  @ApiProperty({ format: 'uuid' })
  readonly repaymentId: string;
  @ApiProperty({ enum: ['unspent', 'disallowed', 'revoked'] })
  readonly cause: Demand['cause'];
  @ApiProperty()
  readonly principal: MoneyView;
  @ApiProperty({ format: 'date' })
  readonly dueOn: string;
  @ApiProperty()
  readonly principalReceived: MoneyView;
  @ApiProperty()
  readonly principalOpen: MoneyView;
  @ApiProperty({ description: 'Up to today.' })
  readonly interestAccrued: MoneyView;
  @ApiProperty()
  readonly interestReceived: MoneyView;
  @ApiProperty({ description: 'Up to today.' })
  readonly interestOpen: MoneyView;
}

export function reportView(row: GrantReport, today: string): ReportView {
  const { currency } = row;
  const amount = (cents: string | null) =>
    cents === null || currency === null ? undefined : { cents: Number(cents), currency };
  return {
    ...outlineOf(row, today),
    receipts: amount(row.receipts),
    spent: amount(row.spent),
    disallowed: amount(row.disallowed),
  };
}

export function awaitedReportView(report: GrantReport, grant: AccountableGrant, today: string): AwaitedReportView {
  const { grantId, title, recipientOrganisationId } = grant;
  return {
    ...outlineOf(report, today),
    grantId,
    title,
    recipientOrganisationId: recipientOrganisationId ?? undefined,
  };
}

function outlineOf(row: GrantReport, today: string): ReportOutlineView {
  const { reportId, kind, dueOn, stage, version, submittedAt, remindedOf } = row;
  return {
    reportId,
    kind,
    dueOn,
    stage,
    overdue: isOverdue(row, today),
    version,
    submittedAt: submittedAt?.toISOString(),
    remindedOf: remindedOf ?? undefined,
  };
}

export function reportInFull(report: Report, state: AwardedProof, at: string): ReportInFullView {
  const { reportId, kind, dueOn, stage, version, returned, accepted } = report;
  return {
    reportId,
    kind,
    dueOn,
    stage,
    overdue: isOverdue(report, dayOf(at)),
    version,
    submission: submissionView(report, state),
    receiptsErased: report.receiptsErased,
    returned: returned && {
      version: returned.version,
      reasonCode: returned.reasonCode,
      items: returned.items,
      note: returned.note,
    },
    accepted: accepted && { spent: accepted.spent, disallowed: accepted.disallowed },
    disbursed: state.disbursed,
    unspent: kind === 'final' ? unspent(state) : undefined,
  };
}

function submissionView(
  { submission }: Report,
  { application, terms: { lineTolerancePercent }, disbursed: { currency } }: AwardedProof,
): SubmissionView | undefined {
  if (submission === undefined) return undefined;
  const { narrative, receipts, lines, otherIncome } = submission;
  const { unplanned: _, ...proof } = numericalProof(application.lines, lines, lineTolerancePercent);
  const planned = sum(
    application.otherIncome.map(({ amount }) => amount),
    currency,
  );
  const income = { planned, received: otherIncome };
  return { narrative, receipts, numericalProof: { lineTolerancePercent, ...proof, otherIncome: income } };
}

export function receiptView(row: ReceiptRow): ReceiptView {
  return { row: row.row, ...receiptOf(row) };
}

/** As it stands on the day. */
export function repaymentView(row: Repayment, on: string): RepaymentView {
  const { repaymentId, cause, dueOn, rates, received, currency } = row;
  const principal: Money = { cents: Number(row.principal), currency };
  return { repaymentId, cause, principal, dueOn, ...demandSums({ principal, dueOn, interest: rates, received }, on) };
}

function isOverdue({ stage, dueOn }: Pick<Report, 'stage' | 'dueOn'>, today: string): boolean {
  return (stage === 'due' || stage === 'returned') && dueOn < today;
}
