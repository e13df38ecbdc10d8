import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { WeekRun } from '../event-fields';
import { hardRules } from '../feasibility';
import { type BindingReason, bindingReasons, type DataOf, type NearestMiss } from './matching-round.events';
import { scoreTerms } from './round-inputs';
import {
  type MatchingRoundRow,
  type RoundProposal,
  roundStatuses,
  type RoundStatus,
  type RoundUnservedNeed,
} from './round-register.read-model';

class WeekRunView {
  @ApiProperty({ example: '2026-W15' })
  readonly from: string;
  @ApiProperty({ example: '2026-W18' })
  readonly to: string;
  @ApiProperty({ type: 'integer', description: 'Of each week.' })
  readonly minutes: number;
}

class ProgressView {
  @ApiProperty({ type: 'integer' })
  readonly weeksDone: number;
  @ApiProperty({ type: 'integer' })
  readonly weeks: number;
}

class SolvedWeeksView {
  @ApiProperty()
  readonly from: string;
  @ApiProperty()
  readonly to: string;
  @ApiProperty({ type: [Number], description: 'Minutes of a week, by severity, the least severe first.' })
  readonly servedMinutes: readonly number[];
  @ApiProperty({ type: 'integer', description: 'What a week gains: weights of the classes and scores, times minutes.' })
  readonly objective: number;
  @ApiProperty({
    type: 'integer',
    description: 'More cannot be gained: what the flow gains before pairs are given up for limits.',
  })
  readonly bound: number;
  @ApiProperty({
    type: 'integer',
    description: 'bound − objective: what is lost is no more than that, and 0 proves that it is the best.',
  })
  readonly gap: number;
  @ApiProperty({ description: 'False where the time limit ended it. The gap tells how good it is.' })
  readonly isOptimal: boolean;
}

class SolutionView {
  @ApiProperty({ type: 'integer', description: 'The number of the rules by which it was computed.' })
  readonly method: number;
  @ApiProperty({ type: [SolvedWeeksView] })
  readonly weeks: readonly SolvedWeeksView[];
  @ApiProperty({ description: 'SHA-256 of the prices that prove the optimum.' })
  readonly certificateDigest: string;
  @ApiProperty({ type: 'integer' })
  readonly milliseconds: number;
  @ApiProperty({ type: 'integer', description: 'Who could help whom.' })
  readonly pairs: number;
  @ApiProperty({ type: 'integer' })
  readonly proposals: number;
  @ApiProperty({ type: 'integer', description: 'Needs that go without some of what they ask for.' })
  readonly unserved: number;
}

export class RoundView {
  @ApiProperty({ format: 'uuid' })
  readonly id: string;
  @ApiProperty({ enum: roundStatuses })
  readonly status: RoundStatus;
  @ApiProperty({ format: 'date-time' })
  readonly requestedAt: string;
  @ApiPropertyOptional({ format: 'date-time' })
  readonly endedAt?: string;
  @ApiProperty({ description: 'Of the log: it sees all that is up to there, and nothing after it.' })
  readonly position: string;
  @ApiProperty({ description: 'SHA-256 of all that it sees, in canonical form.' })
  readonly inputsDigest: string;
  @ApiProperty({ type: 'integer' })
  readonly offers: number;
  @ApiProperty({ type: 'integer' })
  readonly needs: number;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Days, weeks and weights that it goes by.' })
  readonly settings: DataOf<'RoundRequested'>['settings'];
  @ApiPropertyOptional({ description: 'While it runs, where the process that answers runs it.' })
  readonly progress?: ProgressView;
  @ApiPropertyOptional()
  readonly solution?: SolutionView;
  @ApiPropertyOptional({ description: 'Why it has no result.' })
  readonly stoppedFor?: string;
}

export class ProposalView {
  @ApiProperty({ format: 'uuid' })
  readonly needId: string;
  @ApiProperty({ format: 'uuid' })
  readonly offerId: string;
  @ApiProperty({ format: 'uuid' })
  readonly helpingOrganisationId: string;
  @ApiProperty({ format: 'uuid' })
  readonly supportingOrganisationId: string;
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 1000 })
  readonly score: number;
  @ApiProperty({
    type: 'object',
    properties: Object.fromEntries(scoreTerms.map((term) => [term, { type: 'integer', minimum: 0, maximum: 100 }])),
    description: 'What the score is made of, before it is weighed.',
  })
  readonly terms: RoundProposal['terms'];
  @ApiProperty({ type: [WeekRunView] })
  readonly weeks: readonly WeekRun[];
  @ApiPropertyOptional({
    description: 'Why it became no allocation: between the result and its turn, offer or need had changed.',
    example: 'NEED_CLOSED',
  })
  readonly leftOutFor?: string;
}

class NearestMissView {
  @ApiProperty({ format: 'uuid' })
  readonly offerId: string;
  @ApiProperty({ description: 'A hard rule, or SCORE, FREE_MINUTES, MINIMUM_BLOCK, MOST_SUPPORTERS.' })
  readonly lacks: string;
  @ApiProperty({ description: 'The smallest change by which it would help.' })
  readonly change: string;
}

export class UnservedView {
  @ApiProperty({ format: 'uuid' })
  readonly needId: string;
  @ApiProperty({ type: 'integer' })
  readonly severity: number;
  @ApiProperty({ enum: bindingReasons, description: 'What binds in the weeks in which it lacks most.' })
  readonly reason: BindingReason;
  @ApiPropertyOptional({ enum: hardRules, description: 'That leaves out most offers of its fields of action.' })
  readonly rule?: string;
  @ApiProperty({ type: [WeekRunView], description: 'What is wanted and not proposed.' })
  readonly weeks: readonly WeekRun[];
  @ApiProperty({ type: [NearestMissView] })
  readonly nearestMisses: readonly NearestMiss[];
}

export function roundView(row: MatchingRoundRow, progress: ProgressView | undefined): RoundView {
  const { id, status, requestedAt, endedAt, position, inputsDigest, offers, needs, settings, solution } = row;
  return {
    ...{ id, status, requestedAt: requestedAt.toISOString(), endedAt: endedAt?.toISOString() },
    ...{ position, inputsDigest, offers, needs, settings, progress },
    solution: solution === null ? undefined : { ...solution, weeks: solution.weeks.map(withGap) },
    stoppedFor: row.stoppedFor ?? undefined,
  };
}

export function proposalView({ id: _, roundId: __, leftOutFor, ...proposal }: RoundProposal): ProposalView {
  return { ...proposal, leftOutFor: leftOutFor ?? undefined };
}

export function unservedView({ id: _, roundId: __, rule, ...unserved }: RoundUnservedNeed): UnservedView {
  return { ...unserved, rule: rule ?? undefined };
}

function withGap(weeks: DataOf<'RoundSolved'>['weeks'][number]): SolvedWeeksView {
  return { ...weeks, gap: weeks.bound - weeks.objective };
}
