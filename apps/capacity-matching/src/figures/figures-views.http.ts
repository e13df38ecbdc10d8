import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type AllocationStage, allocationStages } from '../allocation/allocation-register.read-model';
import { type Funnel, funnelSteps, type StepTime } from './funnel.read-model';
import type { OwnSide } from './own-side.read-model';

class WeekFiguresView {
  @ApiProperty({ example: '2026-W15' })
  readonly week: string;
  @ApiProperty({
    type: 'integer',
    description:
      'In minutes, as all of these. Promised by open offers when the week ended (now, of weeks that have not); of offers that were paused or withdrawn by then, what both sides have accepted.',
  })
  readonly offered: number;
  @ApiProperty({ type: 'integer', description: 'Accepted by both sides.' })
  readonly confirmed: number;
  @ApiProperty({ type: 'integer', description: 'Worked, as both sides say; it can be more than was accepted.' })
  readonly delivered: number;
}

export class KpiView {
  @ApiProperty({ type: 'integer' })
  readonly offered: number;
  @ApiProperty({ type: 'integer' })
  readonly confirmed: number;
  @ApiProperty({ type: 'integer' })
  readonly delivered: number;
  @ApiPropertyOptional({ description: 'delivered ÷ offered; absent where nothing was offered.' })
  readonly deliveredShare?: number;
  @ApiProperty({ type: [WeekFiguresView], description: 'The weeks in which something was offered.' })
  readonly weeks: readonly WeekFiguresView[];
}

/** A number for each stage of an allocation. */
function StageCounts(description: string): PropertyDecorator {
  const properties = Object.fromEntries(allocationStages.map((stage) => [stage, { type: 'integer' as const }]));
  return ApiProperty({ type: 'object', properties, description });
}

class EndReasonView {
  @ApiProperty({ enum: ['declined', 'released', 'failed'] })
  readonly stage: AllocationStage;
  @ApiProperty({ example: 'no-time' })
  readonly reasonCode: string;
  @ApiProperty({ type: 'integer' })
  readonly allocations: number;
}

class FunnelMinutesView {
  @ApiProperty({ type: 'integer', description: 'As they were allocated last, as all of these.' })
  readonly proposed: number;
  @ApiProperty({ type: 'integer', description: 'Of those that both sides have accepted.' })
  readonly started: number;
  @ApiProperty({ type: 'integer', description: 'Worked, as both sides say.' })
  readonly delivered: number;
}

const stepTime = {
  type: 'object',
  properties: {
    allocations: { type: 'integer', description: 'That have taken the step.' },
    medianHours: { type: 'number', nullable: true },
    p90Hours: { type: 'number', nullable: true, description: 'Nine of ten took at most so long.' },
  },
} as const;

export class FunnelView implements Funnel {
  @ApiProperty({ type: 'integer' })
  readonly proposed: number;
  @ApiProperty({ type: 'integer', description: 'The offer could hold the minutes.' })
  readonly secured: number;
  @ApiProperty({ type: 'integer' })
  readonly acceptedByHelping: number;
  @ApiProperty({ type: 'integer' })
  readonly acceptedBySupporting: number;
  @ApiProperty({ type: 'integer', description: 'Both sides have accepted.' })
  readonly started: number;
  @ApiProperty({ type: 'integer', description: 'Both sides have said the same of all weeks.' })
  readonly delivered: number;
  @StageCounts('Where they stand now.')
  readonly byStage: Readonly<Record<AllocationStage, number>>;
  @ApiProperty({
    type: [EndReasonView],
    description: 'Why they were declined, released or failed: the fifty most frequent reasons, the first the most.',
  })
  readonly reasons: readonly EndReasonView[];
  @ApiProperty()
  readonly minutes: FunnelMinutesView;
  @ApiProperty({
    type: 'object',
    properties: Object.fromEntries(funnelSteps.map((step) => [step, stepTime])),
    description: 'How long each step took.',
  })
  readonly times: Readonly<Record<(typeof funnelSteps)[number], StepTime>>;
}

export class NeedsServedView {
  @ApiProperty()
  readonly fieldKey: string;
  @ApiProperty({ description: 'The AGS of the Land, district or municipality.', example: '09162000' })
  readonly regionKey: string;
  @ApiProperty({ type: 'integer' })
  readonly openNeeds: number;
  @ApiProperty({ type: 'integer', description: 'Of all weeks of these needs together, as all of these.' })
  readonly wantedMinutes: number;
  @ApiProperty({ type: 'integer', description: 'Of allocations that both sides have yet to accept.' })
  readonly proposedMinutes: number;
  @ApiProperty({ type: 'integer', description: 'Of allocations that both sides have accepted.' })
  readonly startedMinutes: number;
  @ApiProperty({ type: 'integer', description: 'Worked, as both sides say.' })
  readonly deliveredMinutes: number;
  @ApiProperty({ description: 'startedMinutes ÷ wantedMinutes' })
  readonly servedShare: number;
}

class OfferCountsView {
  @ApiProperty({ type: 'integer' })
  readonly open: number;
  @ApiProperty({ type: 'integer' })
  readonly paused: number;
  @ApiProperty({ type: 'integer' })
  readonly withdrawn: number;
}

class NeedCountsView {
  @ApiProperty({ type: 'integer' })
  readonly open: number;
  @ApiProperty({ type: 'integer' })
  readonly closed: number;
}

export class OwnSideView {
  @ApiProperty({ description: 'See the list of offers by `organisationId`.' })
  readonly offers: OfferCountsView;
  @ApiProperty({ description: 'See the list of needs by `organisationId`.' })
  readonly needs: NeedCountsView;
  @StageCounts('Allocations in which it supports.')
  readonly supporting: OwnSide['supporting'];
  @StageCounts('Allocations in which it is helped.')
  readonly helping: OwnSide['helping'];
  @ApiProperty({
    type: 'integer',
    description: 'Proposals that it has yet to accept or decline: `waitingForMe` of the list of allocations.',
  })
  readonly waitingForIt: number;
  @ApiPropertyOptional({ format: 'date-time', description: 'When the first of them expires.' })
  readonly firstExpiryAt?: string;
  @ApiProperty({
    type: 'integer',
    description:
      'Allocations of which it has yet to say what was worked in a week that is over: `hoursDueFromMe` of the list of allocations.',
  })
  readonly hoursDue: number;
  @ApiProperty({ type: 'integer', description: 'Allocations in which the sides say different things of a week.' })
  readonly disputed: number;
}
