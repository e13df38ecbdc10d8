import { addDays, addWeeks, berlinDayOf, dayOf, weekOf, weeksBetween } from '@alliance/calendar';
import type { Actor } from '@alliance/event-sourcing';
import { idsCountingAs } from '@alliance/known-organisations';
import {
  CurrentActor,
  Day,
  invalidRequest,
  ReceivedAt,
  RegionKey,
  Roles,
  Slug,
  UuidParam,
  WaitsFor,
} from '@alliance/service-host';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { DataSource } from 'typeorm';
import type { AllocationStage } from '../allocation/allocation-register.read-model';
import { Week } from '../matching-requests.http';
import { demandOwn } from '../own-organisation.http';
import { funnel, type OwnSide, ownSide, weekFigures } from './figures.read-model';

const MOST_WEEKS_AT_ONCE = 53;

class ScopeQuery {
  @IsOptional()
  @Slug()
  @ApiPropertyOptional({ description: 'Offers of this field of action only.' })
  readonly field?: string;

  @IsOptional()
  @RegionKey()
  @ApiPropertyOptional({ description: 'Offers only that reach this region.' })
  readonly region?: string;
}

class KpiQuery extends ScopeQuery {
  @IsOptional()
  @Week()
  @ApiPropertyOptional({ description: 'Twelve weeks before the last when absent.' })
  readonly fromWeek?: string;

  @IsOptional()
  @Week()
  @ApiPropertyOptional({ description: 'The present week when absent.' })
  readonly toWeek?: string;
}

class FunnelQuery extends ScopeQuery {
  @IsOptional()
  @Day()
  @ApiPropertyOptional({ format: 'date', description: 'Proposed on this day (UTC) or after; 90 days ago when absent.' })
  readonly from?: string;

  @IsOptional()
  @Day()
  @ApiPropertyOptional({ format: 'date', description: 'Proposed on this day (UTC) or before; today when absent.' })
  readonly until?: string;
}

class WeekFiguresView {
  @ApiProperty({ example: '2026-W15' })
  readonly week: string;
  @ApiProperty({ type: 'integer', description: 'In minutes, as all of these.' })
  readonly offered: number;
  @ApiProperty({ type: 'integer', description: 'Accepted by both sides.' })
  readonly confirmed: number;
  @ApiProperty({ type: 'integer', description: 'Worked, as both sides say.' })
  readonly delivered: number;
}

class KpiView {
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
const stageCounts = { type: 'object', additionalProperties: { type: 'integer' } } as const;

class FunnelView {
  @ApiProperty({ type: 'integer' })
  readonly proposed: number;
  @ApiProperty({ type: 'integer', description: 'The offer could hold the minutes.' })
  readonly secured: number;
  @ApiProperty({ type: 'integer', description: 'At least one side has accepted.' })
  readonly acceptedByOneSide: number;
  @ApiProperty({ type: 'integer', description: 'Both sides have accepted.' })
  readonly started: number;
  @ApiProperty({ ...stageCounts, description: 'Where they stand now.' })
  readonly byStage: Readonly<Record<AllocationStage, number>>;
  @ApiProperty({ type: 'number', nullable: true, description: 'From the proposal to the second acceptance.' })
  readonly medianHoursToStart: number | null;
  @ApiProperty({ type: 'number', nullable: true })
  readonly medianHoursFromStartToDelivery: number | null;
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

class OwnSideView {
  @ApiProperty({ description: 'See the list of offers by `organisationId`.' })
  readonly offers: OfferCountsView;
  @ApiProperty({ description: 'See the list of needs by `organisationId`.' })
  readonly needs: NeedCountsView;
  @ApiProperty({ ...stageCounts, description: 'Allocations in which it supports.' })
  readonly supporting: OwnSide['supporting'];
  @ApiProperty({ ...stageCounts, description: 'Allocations in which it is helped.' })
  readonly helping: OwnSide['helping'];
  @ApiProperty({ type: 'integer', description: 'Proposals that it has yet to accept or decline.' })
  readonly waitingForIt: number;
  @ApiProperty({ type: 'integer', description: 'Allocations in which the sides say different things of a week.' })
  readonly disputed: number;
}

/** What comes of what is offered. */
@ApiTags('figures')
@Controller()
export class FiguresController {
  constructor(private readonly database: DataSource) {}

  /** Delivered ÷ offered: how much of the time that was offered has really helped somebody. */
  @Get('figures/kpi')
  @Roles('coordinator', 'representative')
  @WaitsFor('allocation-register')
  @ApiOkResponse({ type: KpiView })
  async kpi(@Query() query: KpiQuery, @ReceivedAt() at: string): Promise<KpiView> {
    const to = query.toWeek ?? weekOf(berlinDayOf(at));
    const from = query.fromWeek ?? addWeeks(to, -12);
    if (from > to || weeksBetween(from, to) >= MOST_WEEKS_AT_ONCE) {
      const expected = `must not come after toWeek, nor ${MOST_WEEKS_AT_ONCE} weeks or more before it`;
      throw invalidRequest([{ field: 'fromWeek', reason: 'invalid', expected }]);
    }
    const scope = { fieldKey: query.field, regionKey: query.region };
    const weeks = await weekFigures(this.database.manager, { ...scope, from, to });
    const sumOf = (what: 'offered' | 'confirmed' | 'delivered') => weeks.reduce((sum, week) => sum + week[what], 0);
    const [offered, confirmed, delivered] = [sumOf('offered'), sumOf('confirmed'), sumOf('delivered')];
    return { offered, confirmed, delivered, ...(offered > 0 && { deliveredShare: delivered / offered }), weeks };
  }

  /** What became of the allocations that were proposed in a time, and how long it took. */
  @Get('figures/funnel')
  @Roles('coordinator')
  @WaitsFor('allocation-register')
  @ApiOkResponse({ type: FunnelView })
  async funnel(@Query() query: FunnelQuery, @ReceivedAt() at: string): Promise<FunnelView> {
    const until = query.until ?? dayOf(at);
    const from = query.from ?? addDays(until, -90);
    if (from > until) {
      const expected = `must not come after until, which is ${until}`;
      throw invalidRequest([{ field: 'from', reason: 'invalid', expected }]);
    }
    return funnel(this.database.manager, {
      ...{ fieldKey: query.field, regionKey: query.region },
      ...{ from: new Date(`${from}T00:00:00Z`), until: new Date(`${addDays(until, 1)}T00:00:00Z`) },
    });
  }

  /** What an organisation has under way, on both sides; representatives see their own only. */
  @Get('organisations/:id/side')
  @Roles('coordinator', 'representative')
  @WaitsFor('allocation-register')
  @ApiOkResponse({ type: OwnSideView })
  async side(@UuidParam('id') id: string, @CurrentActor() actor: Actor): Promise<OwnSideView> {
    const tx = this.database.manager;
    if (!actor.roles.includes('auditor')) await demandOwn(tx, actor, id);
    return ownSide(tx, await idsCountingAs(tx, [id]));
  }
}
