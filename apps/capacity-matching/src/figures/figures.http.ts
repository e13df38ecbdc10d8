import { addDays, addWeeks, berlinDayOf, dayOf, weekOf, weeksBetween } from '@alliance/calendar';
import type { Actor } from '@alliance/event-sourcing';
import {
  ApiPaged,
  CurrentActor,
  invalidRequest,
  type Paged,
  parseSort,
  ReceivedAt,
  Roles,
  UuidParam,
  WaitsFor,
} from '@alliance/service-host';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { demandOwn, everyIdOf } from '../own-organisation.http';
import { FunnelQuery, KpiQuery, NeedsServedQuery } from './figures-requests.http';
import { FunnelView, KpiView, NeedsServedView, OwnSideView } from './figures-views.http';
import { weekFigures } from './figures.read-model';
import { funnel } from './funnel.read-model';
import { needsServed } from './needs-served.read-model';
import { ownSide } from './own-side.read-model';

const MOST_WEEKS_AT_ONCE = 53;

/** What comes of what is offered. */
@ApiTags('figures')
@Controller()
export class FiguresController {
  constructor(private readonly database: DataSource) {}

  /** Delivered ÷ offered: how much of the time that was offered has really helped somebody. */
  @Get('figures/kpi')
  @Roles('coordinator', 'representative')
  @WaitsFor('offer-register', 'allocation-register')
  @ApiOkResponse({ type: KpiView })
  async kpi(@Query() query: KpiQuery, @ReceivedAt() at: string): Promise<KpiView> {
    const to = query.toWeek ?? weekOf(berlinDayOf(at));
    const from = query.fromWeek ?? addWeeks(to, -12);
    if (from > to || weeksBetween(from, to) >= MOST_WEEKS_AT_ONCE) {
      const expected = `must not come after toWeek, nor ${MOST_WEEKS_AT_ONCE} weeks or more before it`;
      throw invalidRequest([{ field: 'fromWeek', reason: 'invalid', expected }]);
    }
    const scope = { fieldKey: query.field, regionKey: query.region, reach: query.reach };
    const weeks = await weekFigures(this.database.manager, { ...scope, from, to });
    const sumOf = (what: 'offered' | 'confirmed' | 'delivered') => weeks.reduce((sum, week) => sum + week[what], 0);
    const [offered, confirmed, delivered] = [sumOf('offered'), sumOf('confirmed'), sumOf('delivered')];
    return { offered, confirmed, delivered, ...(offered > 0 && { deliveredShare: delivered / offered }), weeks };
  }

  /** What became of the allocations that were proposed in a time, and how long it took. */
  @Get('figures/funnel')
  @Roles('coordinator')
  @WaitsFor('allocation-register', 'need-register')
  @ApiOkResponse({ type: FunnelView })
  async funnel(@Query() query: FunnelQuery, @ReceivedAt() at: string): Promise<FunnelView> {
    const until = query.until ?? dayOf(at);
    const from = query.from ?? addDays(until, -90);
    if (from > until) {
      const expected = `must not come after until, which is ${until}`;
      throw invalidRequest([{ field: 'from', reason: 'invalid', expected }]);
    }
    return funnel(this.database.manager, {
      ...{ fieldKey: query.field, regionKey: query.region, proposedBy: query.proposedBy },
      ...{ from: new Date(`${from}T00:00:00Z`), until: new Date(`${addDays(until, 1)}T00:00:00Z`) },
    });
  }

  /**
   * How well open needs are served, by field of action and region, the least served first. A need of several fields
   * counts in each of them.
   */
  @Get('figures/needs')
  @Roles('coordinator', 'representative')
  @WaitsFor('need-register')
  @ApiPaged(NeedsServedView)
  async needs(@Query() query: NeedsServedQuery): Promise<Paged<NeedsServedView>> {
    const { level, field: fieldKey, region: regionKey, severity, sort, limit, cursor } = query;
    const order = parseSort(sort, ['servedShare', 'wantedMinutes', 'openNeeds', 'fieldKey', 'regionKey']);
    const page = await needsServed(this.database.manager, {
      ...{ level, fieldKey, regionKey, severity, order, limit, cursor },
    });
    return { ...page, items: page.items.map(({ id: _, ...served }) => served) };
  }

  /** What an organisation has under way, on both sides; representatives see their own only. */
  @Get('organisations/:id/side')
  @Roles('coordinator', 'representative')
  @WaitsFor('offer-register', 'need-register', 'allocation-register')
  @ApiOkResponse({ type: OwnSideView })
  async side(
    @UuidParam('id') id: string,
    @CurrentActor() actor: Actor,
    @ReceivedAt() at: string,
  ): Promise<OwnSideView> {
    const tx = this.database.manager;
    if (!actor.roles.includes('auditor')) await demandOwn(tx, actor, id);
    const { firstExpiry, ...side } = await ownSide(tx, await everyIdOf(tx, id), weekOf(berlinDayOf(at)));
    return { ...side, ...(firstExpiry !== undefined && { firstExpiryAt: firstExpiry.toISOString() }) };
  }
}
