import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Currency, Money } from '../money';
import { MoneyView } from '../money-view.http';
import { type TrancheEntry, trancheStages, type TrancheStage, type TrancheSums } from './tranche-register.read-model';

export class BlockerView {
  @ApiProperty({ example: 'RECIPIENT_SUSPENDED' })
  readonly code: string;
  @ApiProperty()
  readonly words: string;
  @ApiPropertyOptional({ format: 'date', description: 'The first day without it, where nothing but time has to pass.' })
  readonly lapsesOn?: string;
}

class ApprovalsView {
  @ApiPropertyOptional({ type: 'integer', description: 'Said by the check.' })
  readonly needed?: number;
  @ApiProperty({ type: 'integer' })
  readonly given: number;
}

export class TrancheView {
  @ApiProperty({ format: 'uuid' })
  readonly grantId: string;
  @ApiProperty({ format: 'uuid' })
  readonly trancheId: string;
  @ApiProperty({ type: 'integer', description: 'Of amount and terms: what is checked and approved is a version.' })
  readonly version: number;
  @ApiProperty()
  readonly amount: MoneyView;
  @ApiProperty({ format: 'date' })
  readonly dueOn: string;
  @ApiProperty()
  readonly requiresReport: boolean;
  @ApiProperty({ enum: trancheStages })
  readonly stage: TrancheStage;
  @ApiProperty({ format: 'date-time' })
  readonly stageSince: string;
  @ApiProperty()
  readonly approvals: ApprovalsView;
  @ApiPropertyOptional({ format: 'uuid', description: 'The payment that was requested last.' })
  readonly paymentId?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'Whom it was requested for.' })
  readonly recipientOrganisationId?: string;
  @ApiPropertyOptional({ format: 'date' })
  readonly neededBy?: string;
  @ApiPropertyOptional({ format: 'date' })
  readonly paidOn?: string;
  @ApiProperty({ type: [BlockerView], description: 'What stood in the way when the bank paid all the same.' })
  readonly paidDespite: readonly BlockerView[];
}

export class TrancheSumsView {
  @ApiProperty({ description: 'Of the tranches that are not cancelled.' })
  readonly planned: MoneyView;
  @ApiProperty({ description: 'With the bank.' })
  readonly ordered: MoneyView;
  @ApiProperty({ description: 'Paid.' })
  readonly disbursed: MoneyView;
}

/** What stands in the way of the payment today. */
export class GateView {
  @ApiProperty({ format: 'date' })
  readonly on: string;
  @ApiProperty({ enum: trancheStages })
  readonly stage: TrancheStage;
  @ApiProperty({ type: 'integer' })
  readonly version: number;
  @ApiProperty()
  readonly amount: MoneyView;
  @ApiProperty({ description: 'That nothing stands in the way.' })
  readonly open: boolean;
  @ApiProperty({ type: [BlockerView], description: 'All of them, always in one order.' })
  readonly blockers: readonly BlockerView[];
  @ApiPropertyOptional({
    format: 'date',
    description: 'The last day on which it is open, if nothing but time goes by.',
  })
  readonly openUntil?: string;
}

export function trancheView(row: TrancheEntry): TrancheView {
  const { grantId, trancheId, version, cents, currency, dueOn, requiresReport, stage, approvals, paidDespite } = row;
  return {
    ...{ grantId, trancheId, version, dueOn, requiresReport, stage, paidDespite },
    amount: { cents: Number(cents), currency },
    stageSince: row.stageSince.toISOString(),
    approvals: { given: approvals, needed: row.approvalsNeeded ?? undefined },
    paymentId: row.paymentId ?? undefined,
    recipientOrganisationId: row.recipientId ?? undefined,
    neededBy: row.neededBy ?? undefined,
    paidOn: row.paidOn ?? undefined,
  };
}

export function sumsView({ planned, ordered, disbursed }: TrancheSums, currency: Currency): TrancheSumsView {
  const inCents = (cents: number): Money => ({ cents, currency });
  return { planned: inCents(planned), ordered: inCents(ordered), disbursed: inCents(disbursed) };
}
