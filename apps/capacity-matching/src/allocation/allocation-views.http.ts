import type { RecordedEvent } from '@alliance/event-sourcing';
import type { Folded } from '@alliance/service-host';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { isDisputed, type WeekReport } from '../reported-hours';
import { type AllocationEvent, allocationEvents, type Side, sides } from './allocation.events';
import { type Allocation, type AllocationStage, allocationStages } from './allocation-register.read-model';
import { WeekRunDto } from './week-runs.http';

/** What a command has brought about, as far as it can be said at once. */
export class AllocationStanding {
  @ApiProperty({ format: 'uuid' })
  readonly allocationId: string;
  @ApiProperty({ enum: allocationStages })
  readonly stage: AllocationStage;
  @ApiProperty({ description: 'Of a proposal: the offer holds its minutes, so that it can be accepted.' })
  readonly isSecured: boolean;
  @ApiPropertyOptional({ description: 'Why it failed.', example: 'capacity-taken' })
  readonly reasonCode?: string;
}

class WeekReportView implements WeekReport {
  @ApiProperty({ example: '2026-W15' })
  readonly week: string;
  @ApiPropertyOptional({ type: 'integer', description: 'Minutes, in the word of the helping side.' })
  readonly helping?: number;
  @ApiPropertyOptional({ type: 'integer', description: '… of the supporting side.' })
  readonly supporting?: number;
  @ApiProperty({ description: 'The sides say different things.' })
  readonly isDisputed: boolean;
}

export class AllocationView {
  @ApiProperty({ format: 'uuid' })
  readonly allocationId: string;
  @ApiProperty({ format: 'uuid' })
  readonly offerId: string;
  @ApiProperty({ format: 'uuid' })
  readonly needId: string;
  @ApiProperty({ format: 'uuid' })
  readonly supportingOrganisationId: string;
  @ApiProperty({ format: 'uuid' })
  readonly helpingOrganisationId: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'Absent when a coordinator proposed it.' })
  readonly roundId?: string;
  @ApiProperty({ enum: allocationStages })
  readonly stage: AllocationStage;
  @ApiPropertyOptional({ description: 'Why it was declined, released or failed.' })
  readonly reasonCode?: string;
  @ApiProperty({ type: [WeekRunDto] })
  readonly weeks: readonly WeekRunDto[];
  @ApiProperty({ type: 'integer', description: 'Of all weeks.' })
  readonly minutes: number;
  @ApiProperty({ type: 'integer', description: 'Of the weeks of which both sides say the same.' })
  readonly deliveredMinutes: number;
  @ApiProperty({ type: [WeekReportView] })
  readonly reports: readonly WeekReportView[];
  @ApiProperty({ description: 'The sides say different things of a week.' })
  readonly isDisputed: boolean;
  @ApiProperty({ format: 'date-time', description: 'Until when both sides have to have accepted.' })
  readonly expiresAt: string;
  @ApiProperty({ format: 'date-time' })
  readonly proposedAt: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'The offer holds its minutes.' })
  readonly securedAt?: string;
  @ApiPropertyOptional({ format: 'date-time' })
  readonly acceptedByHelpingAt?: string;
  @ApiPropertyOptional({ format: 'date-time' })
  readonly acceptedBySupportingAt?: string;
  @ApiPropertyOptional({ format: 'date-time' })
  readonly startedAt?: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'Delivered, declined, expired, released or failed.' })
  readonly endedAt?: string;
}

export function allocationView(one: Allocation): AllocationView {
  return {
    allocationId: one.id,
    offerId: one.offerId,
    needId: one.needId,
    supportingOrganisationId: one.supportingId,
    helpingOrganisationId: one.helpingId,
    roundId: one.roundId ?? undefined,
    stage: one.stage,
    reasonCode: one.reasonCode ?? undefined,
    weeks: one.weeks,
    minutes: one.minutes,
    deliveredMinutes: one.deliveredMinutes,
    reports: one.reports.map((report) => ({ ...report, isDisputed: isDisputed(report) })),
    isDisputed: one.isDisputed,
    expiresAt: one.expiresAt.toISOString(),
    proposedAt: one.proposedAt.toISOString(),
    securedAt: one.securedAt?.toISOString(),
    acceptedByHelpingAt: one.acceptedHelpingAt?.toISOString(),
    acceptedBySupportingAt: one.acceptedSupportingAt?.toISOString(),
    startedAt: one.startedAt?.toISOString(),
    endedAt: one.endedAt?.toISOString(),
  };
}

class HistoryEntryView {
  @ApiProperty({ format: 'date-time' })
  readonly at: string;
  @ApiProperty({ example: 'AllocationAccepted' })
  readonly event: string;
  @ApiPropertyOptional({ enum: sides, description: 'Whose word it is.' })
  readonly side?: Side;
  readonly reasonCode?: string;
  @ApiPropertyOptional({ example: '2026-W15' })
  readonly week?: string;
  @ApiPropertyOptional({ example: '2026-W16', description: 'Of a release: the first week that is given up.' })
  readonly fromWeek?: string;
  @ApiPropertyOptional({ type: 'integer' })
  readonly minutes?: number;
  @ApiPropertyOptional({ enum: sides, isArray: true, description: 'Of an expiry: who had not accepted.' })
  readonly waitedFor?: readonly Side[];
}

export class AllocationInFullView extends AllocationView {
  @ApiProperty({ type: [HistoryEntryView], description: 'In the order of time.' })
  readonly history: readonly HistoryEntryView[];
}

/** What has happened to an allocation, without the persons who did it. */
export const allocationHistory: Folded<readonly HistoryEntryView[], AllocationEvent> = {
  catalogue: allocationEvents,
  decider: {
    initialState: [],
    evolve(before, event) {
      // What is folded is read from the log.
      const { type, data, metadata } = event as RecordedEvent & AllocationEvent;
      const { side, reasonCode, week, fromWeek, minutes, waitedFor } = data as Partial<HistoryEntryView>;
      return [
        ...before,
        { at: metadata.occurredAt, event: type, side, reasonCode, week, fromWeek, minutes, waitedFor },
      ];
    },
  },
};
