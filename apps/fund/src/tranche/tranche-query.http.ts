import { dayOf } from '@alliance/calendar';
import type { Actor } from '@alliance/event-sourcing';
import {
  ApiPaged,
  CommandHandler,
  CurrentActor,
  notFound,
  type Paged,
  PageQuery,
  parseSort,
  ReceivedAt,
  Roles,
  UuidParam,
  WaitsFor,
  Day,
  Uuid,
} from '@alliance/service-host';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { DataSource, In } from 'typeorm';
import { GrantEntry } from '../grant/grant-register.read-model';
import { FundSettings } from '../fund.config';
import { demandAccess, listAccess } from '../grant-by-log.http';
import { gateFactsOf } from './gate-facts';
import { grantTranches } from './tranche.decider';
import { openUntil, trancheBlockers } from './tranche-gate';
import { trancheOutlook } from './tranche-outlook.http';
import {
  findPayments,
  findTranches,
  sumTranches,
  trancheStages,
  type TrancheStage,
} from './tranche-register.read-model';
import { GateView, sumsView, TrancheSumsView, TrancheView, trancheView } from './tranche-views.http';

class TranchesQuery extends PageQuery {
  @IsOptional()
  @IsIn(trancheStages)
  readonly stage?: TrancheStage;

  @IsOptional()
  @Day()
  @ApiPropertyOptional({ format: 'date', description: 'Leaves out what is due later.' })
  readonly dueUpTo?: string;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ description: 'dueOn, stageSince; `-` in front for descending', default: 'dueOn' })
  readonly sort: string = 'dueOn';
}

class PaymentsQuery extends TranchesQuery {
  @IsOptional()
  @Uuid()
  readonly grantId?: string;

  @IsOptional()
  @Uuid()
  @ApiPropertyOptional({ format: 'uuid', description: 'Whom the payment was requested for.' })
  readonly recipientOrganisationId?: string;
}

/** What is planned and paid, and what stands in the way of a payment, before anyone tries. */
@ApiTags('tranches')
@Controller()
export class TrancheQueryController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
    private readonly settings: FundSettings,
  ) {}

  @Get('grants/:id/tranches')
  @Roles('fund-officer', 'approver', 'coordinator', 'representative')
  @WaitsFor('tranche-register')
  @ApiPaged(TrancheView)
  async list(
    @UuidParam('id') id: string,
    @Query() query: TranchesQuery,
    @CurrentActor() actor: Actor,
  ): Promise<Paged<TrancheView>> {
    await demandAccess(this.commands, this.database.manager, actor, id, 'own');
    const page = await findTranches(this.database.manager, { ...query, grantId: id, order: orderOf(query) });
    return { ...page, items: page.items.map(trancheView) };
  }

  @Get('grants/:id/tranche-sums')
  @Roles('fund-officer', 'approver', 'coordinator', 'representative')
  @WaitsFor('tranche-register')
  @ApiOkResponse({ type: TrancheSumsView })
  async sums(@UuidParam('id') id: string, @CurrentActor() actor: Actor): Promise<TrancheSumsView> {
    const { facts } = await demandAccess(this.commands, this.database.manager, actor, id, 'own');
    return sumsView(await sumTranches(this.database.manager, id), facts.currency);
  }

  /** By the log, as of today. */
  @Get('grants/:id/tranches/:trancheId/gate')
  @Roles('fund-officer', 'approver', 'coordinator', 'representative')
  @ApiOkResponse({ type: GateView })
  async gate(
    @UuidParam('id') grantId: string,
    @UuidParam('trancheId') trancheId: string,
    @CurrentActor() actor: Actor,
    @ReceivedAt() receivedAt: string,
  ): Promise<GateView> {
    const [on, { manager }] = [dayOf(receivedAt), this.database];
    const { facts, conflicts } = await demandAccess(this.commands, manager, actor, grantId, 'own');
    const outlook = await trancheOutlook(this.commands, manager, this.settings, { grantId, facts, conflicts }, on);
    const { state } = await this.commands.load(grantTranches, grantId);
    const tranche = state.stage === 'none' ? undefined : state.tranches.get(trancheId);
    if (state.stage === 'none' || tranche === undefined) {
      throw notFound('TRANCHE_UNKNOWN', 'The grant has no such tranche.');
    }
    const judged = gateFactsOf(state, tranche, outlook, on);
    const blockers = trancheBlockers(judged, 'order');
    const { stage, amount, endorsement } = tranche;
    const { version } = endorsement;
    return { on, stage, version, amount, open: blockers.length === 0, blockers, openUntil: openUntil(judged) };
  }

  /**
   * Every tranche of which a payment has been requested, with the last request. Of grants in which one has a conflict of
   * interest there is none, so that a page may hold fewer than it could.
   */
  @Get('payments')
  @Roles('fund-officer', 'coordinator')
  @WaitsFor('tranche-register')
  @ApiPaged(TrancheView)
  async payments(@Query() query: PaymentsQuery, @CurrentActor() actor: Actor): Promise<Paged<TrancheView>> {
    const { manager } = this.database;
    const { recipientOrganisationId: recipientId, ...others } = query;
    const page = await findPayments(manager, { ...others, recipientId, order: orderOf(query) }, actor.subject);
    const grantIds = new Set(page.items.map(({ grantId }) => grantId));
    const grants = await manager.findBy(GrantEntry, { id: In([...grantIds]) });
    const accessTo = listAccess(this.commands, manager, actor);
    const shown = new Set<string>();
    for (const grant of grants) if ((await accessTo(grant)) === 'content') shown.add(grant.id);
    return { ...page, items: page.items.filter(({ grantId }) => shown.has(grantId)).map(trancheView) };
  }
}

function orderOf({ sort }: TranchesQuery) {
  return parseSort(sort, ['dueOn', 'stageSince']);
}
