import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Blocker } from '../blocker';
import type { Access } from '../content-access';
import { referenceOf } from '../grant-reference';
import type { Currency, Money } from '../money';
import { MoneyView } from '../money-view.http';
import type { Standing } from '../recipient-standing/recipient-standing.events';
import { ApplicationDto } from './application-requests.http';
import type { FundedLine } from './double-funding';
import { steps, type Step, stopping } from './eligibility';
import type { Finding } from './finding';
import { amountNames, type GrantAmounts } from './grant-amounts';
import type { GrantInFull } from './grant-in-full';
import type { GrantEntry } from './grant-register.read-model';
import { type GrantStage, grantStages, stageOf } from './grant-stage';

/** What is shown of a grant to who has not declared to be impartial, or is not. */
class GrantOutlineView {
  @ApiProperty({ format: 'uuid' })
  readonly grantId: string;
  @ApiProperty({ description: 'For humans to speak of it; the id alone is unique.', example: '9A1C8E54' })
  readonly reference: string;
  @ApiPropertyOptional({ description: 'Absent until its first words are written.' })
  readonly title?: string;
  @ApiProperty({ format: 'uuid', description: 'Who applied, by the id of that day.' })
  readonly applicantOrganisationId: string;
  @ApiProperty({ enum: grantStages })
  readonly stage: GrantStage;
}

class GrantAmountsView {
  @ApiProperty({ description: 'What the lines of the last submitted application ask of the fund.' })
  readonly requested: MoneyView;
  @ApiPropertyOptional({ description: 'What is proposed at present; not shown to applicants.' })
  readonly recommended?: MoneyView;
  @ApiProperty({ description: 'Amount of the award, 0 before it.' })
  readonly awarded: MoneyView;
  @ApiProperty({ description: 'Sum of the tranches that the bank has paid.' })
  readonly disbursed: MoneyView;
  @ApiProperty({ description: 'Awarded less disbursed; 0 when closed, revoked or withdrawn.' })
  readonly remaining: MoneyView;
  @ApiProperty({ description: 'Total of the receipts accepted in the last accepted final report.' })
  readonly spent: MoneyView;
  @ApiProperty({ description: 'Sum of the principals paid back; interest is no part of it.' })
  readonly returned: MoneyView;
}

/** An entry of the register; who may see the outline only is shown no more than that, and since when it stands there. */
export class GrantEntryView extends GrantOutlineView {
  @ApiProperty({ format: 'date-time' })
  readonly stageSince: string;
  @ApiPropertyOptional({ format: 'uuid' })
  readonly callId?: string;
  @ApiPropertyOptional({ format: 'uuid' })
  readonly potId?: string;
  @ApiPropertyOptional({ type: GrantAmountsView })
  readonly amounts?: GrantAmountsView;
  @ApiPropertyOptional({ type: [String] })
  readonly fieldKeys?: readonly string[];
  @ApiPropertyOptional({ type: [String], description: 'AGS.' })
  readonly regionKeys?: readonly string[];
  @ApiPropertyOptional({ format: 'date' })
  readonly projectFrom?: string;
  @ApiPropertyOptional({ format: 'date' })
  readonly projectTo?: string;
  @ApiPropertyOptional({ format: 'date', description: 'Of the final report.' })
  readonly proofDueOn?: string;
  @ApiPropertyOptional({ description: 'Of the recipient, where the grant has been told of a change.' })
  readonly standing?: Standing;
  @ApiPropertyOptional({ format: 'uuid', description: 'The record that the recipient counts as since a merge.' })
  readonly survivorId?: string;
}

class AskedView {
  @ApiProperty({ type: [String] })
  readonly items: readonly string[];
  @ApiPropertyOptional()
  readonly note?: string;
}

/** A grant by the log, at this moment. */
export class GrantView extends GrantOutlineView {
  @ApiPropertyOptional({ format: 'uuid' })
  readonly callId?: string;
  @ApiPropertyOptional({ format: 'uuid' })
  readonly potId?: string;
  @ApiPropertyOptional({ type: GrantAmountsView })
  readonly amounts?: GrantAmountsView;
  @ApiPropertyOptional({ type: ApplicationDto })
  readonly application?: object;
  @ApiPropertyOptional({ type: 'integer', minimum: 0, description: 'Of the last submission; 0 before the first.' })
  readonly version?: number;
  @ApiPropertyOptional({ description: 'Why it is no double structure, although others overlap.' })
  readonly overlapReason?: string;
  @ApiPropertyOptional({ type: AskedView, description: 'What is asked of the applicant, until it is submitted anew.' })
  readonly informationRequested?: AskedView;
  @ApiPropertyOptional({ format: 'date', description: 'Of the final report.' })
  readonly proofDueOn?: string;
}

class BlockerView {
  @ApiProperty({ example: 'CALL_NOT_OPEN_YET' })
  readonly code: string;
  @ApiProperty()
  readonly words: string;
  @ApiPropertyOptional({ format: 'date', description: 'The first day on which it no longer stands in the way.' })
  readonly lapsesOn?: string;
  @ApiProperty({ enum: steps, description: 'The first step that it stops.' })
  readonly stops: Step;
}

export class FundedLineView {
  @ApiProperty({ format: 'uuid', description: 'The other grant.' })
  readonly grantId: string;
  @ApiProperty()
  readonly reference: string;
  @ApiProperty()
  readonly lineKey: string;
  @ApiProperty({ format: 'date' })
  readonly from: string;
  @ApiProperty({ format: 'date' })
  readonly to: string;
  @ApiProperty()
  readonly requested: MoneyView;
  @ApiProperty({ enum: grantStages, description: 'Of the other grant.' })
  readonly stage: string;
}

/** What may be double funding: evidence for a human, a hundred lines at most. */
export class DoubleFundingView {
  @ApiProperty({ type: [FundedLineView] })
  readonly items: readonly FundedLineView[];
}

/** Everything that stands in the way at this moment. */
export class EligibilityView {
  @ApiProperty()
  readonly isEligible: boolean;
  @ApiProperty({ type: [BlockerView] })
  readonly blockers: readonly BlockerView[];
  @ApiProperty({ type: [FundedLineView] })
  readonly doubleFunding: readonly FundedLineView[];
}

/** `recommended` is what is thought of an application, and not for the applicant. */
function amountsView(amounts: GrantAmounts, currency: Currency, access: Access): GrantAmountsView {
  const shown = amountNames.filter((name) => name !== 'recommended' || access === 'content');
  const inMoney = shown.map((name): [string, Money] => [name, { cents: amounts[name], currency }]);
  // All names but that one are there.
  return Object.fromEntries(inMoney) as unknown as GrantAmountsView;
}

export function entryView(entry: GrantEntry, access: Access): GrantEntryView {
  const { id, title, applicantId, stage, stageSince } = entry;
  const outline = {
    ...outlineOf(id, title === '' ? undefined : title, applicantId, stage),
    stageSince: stageSince.toISOString(),
  };
  if (access !== 'content' && access !== 'own') return outline;
  const cents = Object.fromEntries(amountNames.map((name) => [name, Number(entry[name])])) as unknown as GrantAmounts;
  return {
    ...outline,
    callId: entry.callId,
    potId: entry.potId,
    amounts: amountsView(cents, entry.currency, access),
    fieldKeys: entry.fieldKeys,
    regionKeys: entry.regionKeys,
    projectFrom: entry.projectFrom ?? undefined,
    projectTo: entry.projectTo ?? undefined,
    proofDueOn: entry.proofDueOn ?? undefined,
    standing: entry.standing ?? undefined,
    survivorId: entry.survivorId ?? undefined,
  };
}

export function grantView(
  id: string,
  { title, applicantOrganisationId }: { readonly title: string | undefined; readonly applicantOrganisationId: string },
  grant: GrantInFull,
  access: Access,
): GrantView {
  const outline = outlineOf(id, title, applicantOrganisationId, stageOf(grant.progress));
  if (access !== 'content' && access !== 'own') return outline;
  const { callId, potId, currency, application, version, overlapReason, asked, progress, amounts } = grant;
  return {
    ...outline,
    callId,
    potId,
    amounts: amountsView(amounts, currency, access),
    application,
    version,
    overlapReason,
    informationRequested: asked,
    proofDueOn: progress.finalReport?.dueOn,
  };
}

export function eligibilityView({ blockers, doubleFunding }: Finding): EligibilityView {
  return {
    isEligible: blockers.length === 0,
    blockers: blockers.map(blockerView),
    doubleFunding: doubleFunding.map(fundedLineView),
  };
}

export function fundedLineView(line: FundedLine): FundedLineView {
  return { ...line, reference: referenceOf(line.grantId) };
}

function blockerView(blocker: Blocker): BlockerView {
  const stops = steps.find((step) => stopping([blocker], step).length > 0);
  if (stops === undefined) throw new Error(`${blocker.code} stops no step.`);
  return { ...blocker, stops };
}

function outlineOf(grantId: string, title: string | undefined, applicantOrganisationId: string, stage: GrantStage) {
  return { grantId, reference: referenceOf(grantId), title, applicantOrganisationId, stage };
}
