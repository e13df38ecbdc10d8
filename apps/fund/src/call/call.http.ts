import { dayOf } from '@alliance/calendar';
import { type Actor, Clock, type CommandContext } from '@alliance/event-sourcing';
import {
  ApiCommand,
  ApiPaged,
  CommandHandler,
  commandReply,
  Context,
  created,
  CurrentActor,
  newId,
  notFound,
  type Paged,
  parseSort,
  Roles,
  roles,
  UuidParam,
  WaitsFor,
} from '@alliance/service-host';
import { Body, Controller, Get, Post, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiProperty, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { FundSettings } from '../fund.config';
import { currencyOfPot } from '../grant-by-log.http';
import { call } from './call.decider';
import { findCalls } from './call-list.read-model';
import { CallsQuery, CloseCallDto, PanelDto, PublishCallDto } from './call-requests.http';
import { CallView, callView, CallWithTermsView, callWithTermsView } from './call-views.http';

class CallId {
  @ApiProperty({ format: 'uuid' })
  readonly callId: string;
}

@ApiTags('calls')
@Controller('calls')
export class CallController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
    private readonly settings: FundSettings,
    private readonly clock: Clock,
  ) {}

  @Post()
  @Roles('fund-officer', 'coordinator')
  @ApiCommand({ status: 201, type: CallId })
  async publish(@Body() { potId, panel, terms, ...body }: PublishCallDto, @Context() context: CommandContext) {
    const callId = newId(context, 'call');
    const potCurrency = await currencyOfPot(this.commands, potId);
    const facts = { ...body, terms: { ...this.settings.terms(dayOf(context.at)), ...named(terms) } };
    const data = { potId, potCurrency, call: facts, panel };
    const command = { type: 'PublishCall', data, context } as const;
    const accepted = await this.commands.handle(call, callId, command, { startsStream: true });
    return created(accepted, `/fund/calls/${callId}`, { callId });
  }

  /** Also of a call that is over: what was applied for in time is still reviewed. */
  @Put(':id/panel')
  @Roles('fund-officer', 'coordinator')
  @ApiCommand({ status: 204 })
  async revisePanel(@UuidParam('id') id: string, @Body() { panel }: PanelDto, @Context() context: CommandContext) {
    return commandReply(await this.commands.handle(call, id, { type: 'RevisePanel', data: { panel }, context }));
  }

  /** Before its time: nothing is submitted to it any more. */
  @Post(':id/closure')
  @Roles('fund-officer', 'coordinator')
  @ApiCommand({ status: 204 })
  async close(@UuidParam('id') id: string, @Body() data: CloseCallDto, @Context() context: CommandContext) {
    return commandReply(await this.commands.handle(call, id, { type: 'CloseCall', data: { ...data }, context }));
  }

  @Get()
  @Roles(...roles)
  @WaitsFor('call-list')
  @ApiPaged(CallView)
  async list(@Query() { open, field, region, ...query }: CallsQuery): Promise<Paged<CallView>> {
    const now = this.clock.now();
    const page = await findCalls(this.database.manager, {
      ...query,
      ...(open !== undefined && { open: { isOpen: open, at: now } }),
      ...(field !== undefined && { fieldKey: field }),
      ...(region !== undefined && { regionKey: region }),
      order: parseSort(query.sort, ['closesAt', 'opensAt', 'title']),
    });
    return { ...page, items: page.items.map((row) => callView(row, now)) };
  }

  /** By the log: with whatever was decided up to this moment. The panel is shown to the fund alone. */
  @Get(':id')
  @Roles(...roles)
  @ApiOkResponse({ type: CallWithTermsView })
  async one(@UuidParam('id') id: string, @CurrentActor() actor: Actor): Promise<CallWithTermsView> {
    const { state } = await this.commands.load(call, id);
    if (state.stage === 'none') throw notFound('CALL_UNKNOWN', 'There is no call with this id.');
    const withPanel = actor.roles.some((role) => ['fund-officer', 'coordinator', 'auditor'].includes(role));
    return callWithTermsView(id, state, { now: this.clock.now().toISOString(), withPanel });
  }
}

/** A field of a request that was left out is there as `undefined`. */
function named<Body extends object>(body: Body | undefined): Partial<Body> {
  return Object.fromEntries(Object.entries(body ?? {}).filter(([, value]) => value !== undefined)) as Partial<Body>;
}
