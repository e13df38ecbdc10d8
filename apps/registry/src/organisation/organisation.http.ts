import type { Actor, CommandContext, RecordedEvent } from '@alliance/event-sourcing';
import { refuse } from '@alliance/event-sourcing';
import { EventStore } from '@alliance/event-store';
import {
  ApiCommand,
  ApiPaged,
  CommandHandler,
  type CommandReply,
  commandReply,
  Context,
  created,
  CurrentActor,
  IfMatch,
  invalidRequest,
  newId,
  notFound,
  type Paged,
  parseSort,
  RefusedError,
  Roles,
  UuidParam,
  WaitsFor,
} from '@alliance/service-host';
import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiProperty, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { RegistrySettings } from '../registry.config';
import { settleRegistrations } from './admission.reactor';
import { type Identifier, identifierSchemes, isIdentifierFault, normaliseIdentifier } from '../identifier';
import { organisation, type OrganisationCommand } from './organisation.decider';
import { organisationEvents } from './organisation.events';
import {
  AnswerDto,
  ApplicationDto,
  DepartureDto,
  DirectoryPageQuery,
  NoteDto,
  QuestionDto,
  ReasonDto,
  VerificationDto,
} from './organisation-requests.http';
import { HistoryItem, OrganisationView, viewOf } from './organisation-views.http';
import { findOrganisation, findOrganisations } from './find-organisations.read-model';
import type { DirectoryEntry } from './organisation-directory.read-model';
import { survivorsOf } from './survivors.read-model';

class Applied {
  @ApiProperty({ format: 'uuid' })
  readonly organisationId: string;
}

@ApiTags('organisations')
@Controller('organisations')
export class OrganisationController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly store: EventStore,
    private readonly database: DataSource,
    private readonly settings: RegistrySettings,
  ) {}

  @Post()
  @Roles('representative', 'coordinator')
  @ApiCommand({ status: 201, type: Applied })
  async apply(@Body() body: ApplicationDto, @Context() context: CommandContext): Promise<CommandReply<Applied>> {
    const organisationId = newId(context, 'organisation');
    const { sustainablySetUp, ...facts } = body;
    if (facts.parentOrganisationId !== undefined) await this.requireParent(facts.parentOrganisationId);
    const accepted = await this.commands.handle(
      organisation,
      organisationId,
      {
        type: 'ApplyForMembership',
        data: {
          organisationId,
          facts: { ...facts, name: facts.name.normalize('NFC').trim() },
          sustainablySetUp,
          minimumOperatingMonths: this.settings.minimumOperatingMonths,
        },
        context,
      },
      { startsStream: true },
    );
    return created(accepted, `/registry/organisations/${organisationId}`, { organisationId });
  }

  @Post(':id/information-request')
  @Roles('coordinator')
  @ApiCommand({ status: 204 })
  requestInformation(
    @UuidParam('id') id: string,
    @Body() data: QuestionDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    return this.command(id, { type: 'RequestInformation', data, context }, expectedRevision);
  }

  @Post(':id/information')
  @Roles('representative', 'coordinator')
  @ApiCommand({ status: 204 })
  provideInformation(
    @UuidParam('id') id: string,
    @Body() data: AnswerDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    return this.command(id, { type: 'ProvideInformation', data, context }, expectedRevision);
  }

  @Post(':id/verification')
  @Roles('coordinator')
  @ApiCommand({ status: 204 })
  verify(
    @UuidParam('id') id: string,
    @Body() data: VerificationDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    return this.command(id, { type: 'VerifyOrganisation', data, context }, expectedRevision);
  }

  /** Answers when the admission has come to its end: admitted, or 409 because an identifier is taken. */
  @Post(':id/admission')
  @Roles('coordinator')
  @ApiCommand({ status: 204 })
  async admit(
    @UuidParam('id') id: string,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    await this.command(id, { type: 'DecideAdmission', data: {}, context }, expectedRevision);
    const { state, last } = await settleRegistrations(this.commands, id, context);
    if (state.stage === 'verified' && state.blocked !== undefined) {
      const detail = 'Another organisation of the alliance is registered under one of these identifiers.';
      throw new RefusedError(refuse('conflict', 'ORGANISATION_IDENTIFIER_TAKEN', detail, state.blocked));
    }
    return commandReply({ revision: last?.revision, position: last?.position, events: [] });
  }

  @Post(':id/refusal')
  @Roles('coordinator')
  @ApiCommand({ status: 204 })
  refuse(
    @UuidParam('id') id: string,
    @Body() data: ReasonDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    return this.command(id, { type: 'RefuseMembership', data, context }, expectedRevision);
  }

  @Post(':id/suspension')
  @Roles('coordinator')
  @ApiCommand({ status: 204 })
  suspend(
    @UuidParam('id') id: string,
    @Body() data: ReasonDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    return this.command(id, { type: 'SuspendOrganisation', data, context }, expectedRevision);
  }

  @Post(':id/reinstatement')
  @Roles('coordinator')
  @ApiCommand({ status: 204 })
  reinstate(
    @UuidParam('id') id: string,
    @Body() data: NoteDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    return this.command(id, { type: 'ReinstateOrganisation', data, context }, expectedRevision);
  }

  @Post(':id/departure')
  @Roles('representative', 'coordinator')
  @ApiCommand({ status: 204 })
  async leave(
    @UuidParam('id') id: string,
    @Body() data: DepartureDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    const reply = await this.command(id, { type: 'LeaveAlliance', data, context }, expectedRevision);
    await settleRegistrations(this.commands, id, context);
    return reply;
  }

  /** Members for everyone in the alliance; applicants too for coordinators and auditors, and for who applied. */
  @Get()
  @Roles('coordinator', 'representative', 'fund-officer', 'reviewer', 'approver', 'chair', 'public-contact')
  @WaitsFor('organisation-directory')
  @ApiPaged(OrganisationView)
  async list(@Query() query: DirectoryPageQuery, @CurrentActor() actor: Actor): Promise<Paged<OrganisationView>> {
    const { q, sort, identifier, ...filters } = query;
    const order = parseSort(sort, ['name', 'stageSince', 'appliedAt', 'assuredAt']);
    const wanted = identifier === undefined ? undefined : readIdentifier(identifier);
    const page = await findOrganisations(this.database, { ...filters, search: q, identifier: wanted, order }, actor);
    if (page === 'unknown region') {
      throw invalidRequest([{ field: 'within', reason: 'unknown', expected: 'the AGS of a region that is recorded' }]);
    }
    const survivors = await this.parentsNow(page.items);
    return { ...page, items: page.items.map((entry) => viewOf(entry, survivors)) };
  }

  @Get(':id')
  @Roles('coordinator', 'representative', 'fund-officer', 'reviewer', 'approver', 'chair', 'public-contact')
  @WaitsFor('organisation-directory')
  @ApiOkResponse({ type: OrganisationView })
  async one(@UuidParam('id') id: string, @CurrentActor() actor: Actor): Promise<OrganisationView> {
    const entry = await findOrganisation(this.database, id, actor);
    if (entry === undefined) throw notFound('ORGANISATION_UNKNOWN', 'There is no such organisation.');
    return viewOf(entry, await this.parentsNow([entry]));
  }

  /** Everything that was ever recorded of the organisation, from the log itself. */
  @Get(':id/history')
  @Roles('auditor')
  @ApiOkResponse({ type: [HistoryItem] })
  async history(@UuidParam('id') id: string): Promise<readonly HistoryItem[]> {
    const items: HistoryItem[] = [];
    const streamName = organisationEvents.category.streamName(id);
    for await (const event of this.store.readStream(streamName, organisationEvents)) items.push(historyItem(event));
    if (items.length === 0) throw notFound('ORGANISATION_UNKNOWN', 'There is no such organisation.');
    return items;
  }

  /** Throws a 400 that names the field when, by the log, nobody has ever applied under this id. */
  private async requireParent(id: string): Promise<void> {
    const { state } = await this.commands.load(organisation, id);
    if (state.stage !== 'none') return;
    const expected = 'the id of an organisation of the registry';
    throw invalidRequest([{ field: 'parentOrganisationId', reason: 'unknown', expected }]);
  }

  private parentsNow(entries: readonly DirectoryEntry[]) {
    const parents = entries.flatMap(({ parentId }) => parentId ?? []);
    return survivorsOf(this.database.manager, [...new Set(parents)]);
  }

  private async command(id: string, command: OrganisationCommand, expectedRevision: bigint | undefined) {
    return commandReply(await this.commands.handle(organisation, id, command, { expectedRevision }));
  }
}

function historyItem({ revision, type, data, metadata }: RecordedEvent): HistoryItem {
  const { occurredAt, actor, correlationId } = metadata;
  return { revision: String(revision), type, occurredAt, actor, correlationId, data };
}

/** `<scheme>:<number>` or `<scheme>:<court>:<number>`, normalised. */
function readIdentifier(text: string): Identifier {
  const [first, ...rest] = text.split(':');
  const scheme = identifierSchemes.find((one) => one === first);
  const number = rest.pop();
  const court = rest.length > 0 ? rest.join(':') : undefined;
  const identifier =
    scheme && number
      ? normaliseIdentifier({ scheme, court, number })
      : { reason: `<scheme>:<number> or <scheme>:<court>:<number>, of ${identifierSchemes.join(', ')}` };
  if (!isIdentifierFault(identifier)) return identifier;
  throw invalidRequest([{ field: 'identifier', reason: 'invalid', expected: identifier.reason }]);
}
