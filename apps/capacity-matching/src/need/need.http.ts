import { addDays, berlinDayOf, mondayOf } from '@alliance/calendar';
import type { Actor, CommandContext } from '@alliance/event-sourcing';
import {
  ApiCommand,
  ApiPaged,
  CommandHandler,
  commandReply,
  Context,
  created,
  CurrentActor,
  type FieldFault,
  IfMatch,
  invalidRequest,
  newId,
  notFound,
  type Paged,
  parseSort,
  Roles,
  UuidParam,
  WaitsFor,
} from '@alliance/service-host';
import { Body, Controller, Get, Post, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiProperty, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { actingFor, demandOwn, everyIdOf, isOwn } from '../own-organisation.http';
import { type Mention, vocabularyFaults } from '../vocabulary.http';
import { needFaults } from './need-facts';
import { need, type NeedCommand } from './need.decider';
import type { NeedFacts } from './need.events';
import { findNeeds, NeedRow } from './need-register.read-model';
import { CloseNeedDto, NeedDto, NeedsQuery, PriorityDto } from './need-requests.http';
import { NeedView, needView } from './need-views.http';

class NeedId {
  @ApiProperty({ format: 'uuid' })
  readonly needId: string;
}

/** What helping organisations need. */
@ApiTags('needs')
@Controller('needs')
export class NeedController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
  ) {}

  /** By a representative of an organisation that the registry has admitted, for that organisation. */
  @Post()
  @Roles('representative')
  @ApiCommand({ status: 201, type: NeedId })
  async open(@Body() facts: NeedDto, @Context() context: CommandContext) {
    const needId = newId(context, 'need');
    const organisationId = await actingFor(this.database.manager, context.actor);
    await this.demandFacts(facts, context.at);
    const command: NeedCommand = { type: 'OpenNeed', data: { organisationId, facts }, context };
    const accepted = await this.commands.handle(need, needId, command, { startsStream: true });
    return created(accepted, `/capacity-matching/needs/${needId}`, { needId });
  }

  /** All of its facts in place of what they were. */
  @Put(':id')
  @Roles('representative')
  @ApiCommand({ status: 204 })
  async revise(
    @UuidParam('id') id: string,
    @Body() facts: NeedDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    await this.demandOwnNeed(id, context.actor);
    await this.demandFacts(facts, context.at);
    return this.command(id, { type: 'ReviseNeed', data: { facts }, context }, expectedRevision);
  }

  /** Says how severe it is beside all others; the organisation’s own word no longer counts for it. */
  @Post(':id/priority')
  @Roles('coordinator')
  @ApiCommand({ status: 204 })
  async prioritise(@UuidParam('id') id: string, @Body() data: PriorityDto, @Context() context: CommandContext) {
    return this.command(id, { type: 'PrioritiseNeed', data, context });
  }

  /** For good. What both sides have accepted goes on; what they have not comes to nothing. */
  @Post(':id/closing')
  @Roles('representative', 'coordinator')
  @ApiCommand({ status: 204 })
  async close(@UuidParam('id') id: string, @Body() data: CloseNeedDto, @Context() context: CommandContext) {
    await this.demandOwnNeed(id, context.actor);
    return this.command(id, { type: 'CloseNeed', data, context });
  }

  /** The needs and how well they are served, the most severe first. */
  @Get()
  @Roles('coordinator', 'representative')
  @WaitsFor('need-register')
  @ApiPaged(NeedView)
  async list(@Query() query: NeedsQuery, @CurrentActor() actor: Actor): Promise<Paged<NeedView>> {
    const { organisationId, status, field, region, severity, served, sort, limit, cursor } = query;
    const { prioritised: isPrioritised, remote: isRemotePossible, skill, language, fromWeek, toWeek } = query;
    if (fromWeek !== undefined && toWeek !== undefined && fromWeek > toWeek) {
      throw invalidRequest([{ field: 'fromWeek', reason: 'invalid', expected: 'must not come after toWeek' }]);
    }
    const tx = this.database.manager;
    const page = await findNeeds(tx, {
      organisationIds: organisationId === undefined ? undefined : await everyIdOf(tx, organisationId),
      ...{ fieldKey: field, regionPrefix: region, severity, limit, cursor },
      ...{ isPrioritised, isRemotePossible, skillKey: skill, languageTag: language },
      lasting: { from: fromWeek && mondayOf(fromWeek), until: toWeek && addDays(mondayOf(toWeek), 6) },
      isOpen: status === undefined ? undefined : status === 'open',
      isUnserved: served === undefined ? undefined : served === 'not-fully',
      order: parseSort(sort, ['severity', 'neededBy', 'openedAt', 'servedShare', 'wantedMinutes']),
    });
    return { ...page, items: await Promise.all(page.items.map((one) => this.view(one, actor))) };
  }

  @Get(':id')
  @Roles('coordinator', 'representative')
  @WaitsFor('need-register')
  @ApiOkResponse({ type: NeedView })
  async one(@UuidParam('id') id: string, @CurrentActor() actor: Actor): Promise<NeedView> {
    const found = await this.database.manager.findOneBy(NeedRow, { id });
    if (found === null) throw unknown();
    return this.view(found, actor);
  }

  private async view(row: NeedRow, actor: Actor): Promise<NeedView> {
    const seesAll = actor.roles.includes('coordinator') || actor.roles.includes('auditor');
    const isInside = seesAll || (await isOwn(this.database.manager, actor, row.organisationId));
    return needView(row, { isInside });
  }

  private async demandOwnNeed(id: string, actor: Actor): Promise<void> {
    const { state } = await this.commands.load(need, id);
    if (state.stage === 'none') throw unknown();
    await demandOwn(this.database.manager, actor, state.organisationId);
  }

  private async demandFacts(facts: NeedFacts, at: string): Promise<void> {
    const today = berlinDayOf(at);
    const own = needFaults(facts, today).map((fault): FieldFault => ({ ...fault, reason: 'invalid' }));
    const faults = [...own, ...(await vocabularyFaults(this.database.manager, mentionsOf(facts), today))];
    if (faults.length > 0) throw invalidRequest(faults);
  }

  private async command(id: string, command: NeedCommand, expectedRevision?: bigint) {
    return commandReply(await this.commands.handle(need, id, command, { expectedRevision }));
  }
}

function mentionsOf({ mustSkills, niceSkills, fieldKeys, regionKey }: NeedFacts): readonly Mention[] {
  return [
    ...mustSkills.map(({ key }, at): Mention => ({ field: `mustSkills[${at}].key`, names: 'skill', key })),
    ...niceSkills.map(({ key }, at): Mention => ({ field: `niceSkills[${at}].key`, names: 'skill', key })),
    ...fieldKeys.map((key, at): Mention => ({ field: `fieldKeys[${at}]`, names: 'field', key })),
    { field: 'regionKey', names: 'region', key: regionKey },
  ];
}

function unknown() {
  return notFound('NEED_UNKNOWN', 'There is no need with this id.');
}
