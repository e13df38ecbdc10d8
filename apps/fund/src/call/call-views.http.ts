import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { MoneyView } from '../money-view.http';
import type { CallState } from './call.decider';
import type { CallFacts, Member } from './call.events';
import type { CallRow } from './call-list.read-model';

export class CallView {
  @ApiProperty({ format: 'uuid' })
  readonly id: string;
  @ApiProperty({ format: 'uuid' })
  readonly potId: string;
  @ApiProperty()
  readonly title: string;
  @ApiProperty({ format: 'date-time' })
  readonly opensAt: string;
  @ApiProperty({ format: 'date-time', description: 'The end of its window, or when it was closed before.' })
  readonly closesAt: string;
  @ApiProperty({ description: 'Whether it can be applied to now.' })
  readonly open: boolean;
  @ApiProperty({ type: [String] })
  readonly fieldKeys: readonly string[];
  @ApiProperty({ type: [String], description: 'AGS.' })
  readonly regionKeys: readonly string[];
  @ApiProperty()
  readonly minimum: MoneyView;
  @ApiProperty()
  readonly maximum: MoneyView;
}

class CriterionView {
  @ApiProperty()
  readonly key: string;
  @ApiProperty()
  readonly label: string;
  @ApiProperty({ type: 'integer' })
  readonly weightPercent: number;
  @ApiProperty({ type: 'integer' })
  readonly mostPoints: number;
}

class RateView {
  @ApiProperty({ format: 'date' })
  readonly validFrom: string;
  @ApiProperty({ type: 'integer', description: 'A year, in ten-thousandths.' })
  readonly basisPoints: number;
}

class TermsView {
  @ApiProperty({ type: 'integer' })
  readonly proofDueMonths: number;
  @ApiPropertyOptional({ type: 'integer' })
  readonly interimReportEveryMonths?: number;
  @ApiProperty({ type: 'integer' })
  readonly lineTolerancePercent: number;
  @ApiProperty({ type: 'integer' })
  readonly needWindowDays: number;
  @ApiProperty({ type: 'integer' })
  readonly spendWithinYears: number;
  @ApiProperty({ type: [RateView] })
  readonly interest: readonly RateView[];
}

class MemberView {
  @ApiProperty({ description: 'Pseudonymous.' })
  readonly subject: string;
  @ApiPropertyOptional({ format: 'uuid' })
  readonly organisationId?: string;
}

/** A call by the log, whole. */
export class CallWithTermsView extends CallView {
  @ApiProperty({ type: [CriterionView] })
  readonly criteria: CallFacts['criteria'];
  @ApiProperty({ type: [String] })
  readonly requiredDocuments: readonly string[];
  @ApiProperty({ type: [String] })
  readonly costLines: readonly string[];
  @ApiProperty({ type: TermsView })
  readonly terms: CallFacts['terms'];
  @ApiPropertyOptional({ type: [MemberView], description: 'Who may be asked for a review; for the fund alone.' })
  readonly panel?: readonly Member[];
}

export function callView(row: CallRow, now: Date): CallView {
  const { id, potId, title, opensAt, closesAt, fieldKeys, regionKeys, currency } = row;
  return {
    id,
    potId,
    title,
    opensAt: opensAt.toISOString(),
    closesAt: closesAt.toISOString(),
    open: opensAt <= now && now < closesAt,
    fieldKeys,
    regionKeys,
    minimum: { cents: Number(row.minimumCents), currency },
    maximum: { cents: Number(row.maximumCents), currency },
  };
}

export function callWithTermsView(
  id: string,
  { stage, potId, call, panel }: Exclude<CallState, { stage: 'none' }>,
  { now, withPanel }: { readonly now: string; readonly withPanel: boolean },
): CallWithTermsView {
  const open = stage === 'published' && call.opensAt <= now && now < call.closesAt;
  return { id, potId, ...call, open, ...(withPanel && { panel }) };
}
