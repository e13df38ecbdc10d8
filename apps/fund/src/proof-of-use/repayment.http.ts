import { dayOf } from '@alliance/calendar';
import type { Actor, CommandContext } from '@alliance/event-sourcing';
import {
  ApiCommand,
  ApiPaged,
  CommandHandler,
  commandReply,
  Context,
  created,
  CurrentActor,
  newId,
  type Paged,
  parseSort,
  ReceivedAt,
  Roles,
  UuidParam,
  WaitsFor,
} from '@alliance/service-host';
import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { demandAccess } from '../grant-by-log.http';
import { grantProof } from './proof.decider';
import { findRepayments } from './proof-register.read-model';
import { RepaymentDemandDto, RepaymentReceivedDto, RepaymentsQuery } from './proof-requests.http';
import { RepaymentId, repaymentView, RepaymentView } from './proof-views.http';
import { independenceOf } from './report.http';

/** What a recipient has to give back, and what has come. */
@ApiTags('proof of use')
@Controller('grants/:id')
export class RepaymentController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
  ) {}

  @Post('repayment-demands')
  @Roles('fund-officer')
  @ApiCommand({ status: 201, type: RepaymentId })
  async demand(@UuidParam('id') id: string, @Body() body: RepaymentDemandDto, @Context() context: CommandContext) {
    const standpoint = await demandAccess(this.commands, this.database.manager, context.actor, id);
    const repaymentId = newId(context, 'repayment');
    const data = { repaymentId, ...body, ...independenceOf(standpoint) };
    const accepted = await this.commands.handle(grantProof, id, { type: 'DemandRepayment', data, context });
    return created(accepted, `/fund/grants/${id}/repayments`, { repaymentId });
  }

  /** What came in on a demand: at once or in parts. */
  @Post('repayments')
  @Roles('fund-officer')
  @ApiCommand({ status: 204 })
  async receive(@UuidParam('id') id: string, @Body() data: RepaymentReceivedDto, @Context() context: CommandContext) {
    await demandAccess(this.commands, this.database.manager, context.actor, id);
    return commandReply(await this.commands.handle(grantProof, id, { type: 'RecordRepaymentReceived', data, context }));
  }

  /** With the interest up to today. */
  @Get('repayments')
  @Roles('representative', 'fund-officer', 'coordinator', 'reviewer', 'approver')
  @WaitsFor('proof-register')
  @ApiPaged(RepaymentView)
  async list(
    @UuidParam('id') id: string,
    @Query() query: RepaymentsQuery,
    @CurrentActor() actor: Actor,
    @ReceivedAt() at: string,
  ): Promise<Paged<RepaymentView>> {
    await demandAccess(this.commands, this.database.manager, actor, id, 'own');
    const order = parseSort(query.sort, ['dueOn']);
    const page = await findRepayments(this.database.manager, id, { ...query, order });
    return { ...page, items: page.items.map((row) => repaymentView(row, dayOf(at))) };
  }
}
