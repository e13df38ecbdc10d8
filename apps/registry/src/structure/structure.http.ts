import { DoubleStructureGate, kept } from '@alliance/double-structures';
import type { Actor, CommandContext } from '@alliance/event-sourcing';
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
  Roles,
  UuidParam,
  WaitsFor,
} from '@alliance/service-host';
import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiProperty, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { isMemberByLog, survivorByLog } from '../membership-by-log.http';
import { survivorsOf } from '../organisation/survivors.read-model';
import { RegistrySettings } from '../registry.config';
import { RegisterKeys } from './register-keys.http';
import { proposalOf, structure, type StructureChange, type StructureCommand } from './structure.decider';
import type { GateFinding, StructureFacts } from './structure.events';
import {
  CapacityDto,
  ConfirmationDto,
  ReasonCodeDto,
  RecordStructureDto,
  RegisterPageQuery,
  StatementDto,
  type StructureFactsDto,
} from './structure-requests.http';
import { findStructure, findStructures, type RegisteredStructure } from './structure-register.read-model';
import { StructureView, viewOf } from './structure-views.http';

const outcomes = ['recorded', 'proposed'] as const;

class RecordedView {
  @ApiProperty({ format: 'uuid' })
  readonly structureId: string;
  @ApiProperty({ enum: outcomes, description: '`proposed`: waits for the consent of a second person.' })
  readonly stage: (typeof outcomes)[number];
}

/** As many as somebody reads; so many are kept with the decision as well. */
const OVERLAPS_KEPT = 20;

@ApiTags('structures')
@Controller('structures')
export class StructureController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
    private readonly settings: RegistrySettings,
    private readonly gate: DoubleStructureGate,
    private readonly keys: RegisterKeys,
  ) {}

  /** Recorded at once, or, where it overlaps too much with another, proposed until a second person consents. */
  @Post()
  @Roles('representative', 'coordinator')
  @WaitsFor('structure-register')
  @ApiCommand({ status: 201, type: RecordedView })
  async record(
    @Body() { organisationId, capacity, ...statement }: RecordStructureDto,
    @Context() context: CommandContext,
  ): Promise<CommandReply<RecordedView>> {
    await this.keys.require(statement);
    const structureId = newId(context, 'structure');
    const said = await this.statement(statement, structureId);
    // By its own stream: a read model may not have heard of its suspension yet.
    const organisationIsMember = await isMemberByLog(this.commands, organisationId.toLowerCase());
    const identity = { structureId, organisationId: organisationId.toLowerCase(), organisationIsMember };
    const command: StructureCommand = { type: 'RecordStructure', data: { ...said, ...identity, capacity }, context };
    const accepted = await this.commands.handle(structure, structureId, command, { startsStream: true });
    const stage = accepted.events.some(({ type }) => type === 'StructureProposed') ? 'proposed' : 'recorded';
    return created(accepted, `/registry/structures/${structureId}`, { structureId, stage });
  }

  /**
   * To the structure or its revision, whichever waits for it; of somebody else than who proposed it, and to what that one
   * saw: needs `If-Match`, and is refused when more overlaps by now than when it was proposed.
   */
  @Post(':id/consent')
  @Roles('coordinator')
  @WaitsFor('structure-register')
  @ApiCommand({ status: 204 })
  async consent(
    @UuidParam('id') id: string,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    if (expectedRevision === undefined) {
      const expected = 'the `ETag` of the proposal that is consented to';
      throw invalidRequest([{ field: 'If-Match', reason: 'missing', expected }]);
    }
    const { state } = await this.commands.load(structure, id);
    if (state.stage === 'none') throw unknown();
    const { facts } = proposalOf(state) ?? state;
    const data = { gate: await this.ask(facts, id) };
    return this.command(id, { type: 'ConsentToProposal', data, context }, expectedRevision);
  }

  /** Of the structure or its revision, whichever waits for consent. */
  @Post(':id/withdrawal')
  @Roles('representative', 'coordinator')
  @ApiCommand({ status: 204 })
  withdraw(
    @UuidParam('id') id: string,
    @Body() data: ReasonCodeDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    return this.command(id, { type: 'WithdrawProposal', data, context }, expectedRevision);
  }

  /** Looks again for overlaps, since the recording could not see what was recorded at the same instant. */
  @Post(':id/confirmation')
  @Roles('coordinator')
  @WaitsFor('structure-register')
  @ApiCommand({ status: 204 })
  async confirm(
    @UuidParam('id') id: string,
    @Body() { reason }: ConfirmationDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    const { state } = await this.commands.load(structure, id);
    if (state.stage === 'none') throw unknown();
    const gate = await this.ask(state.facts, id);
    return this.command(id, { type: 'ConfirmStructure', data: { gate, reason }, context }, expectedRevision);
  }

  /** All facts, in place of those before. Ends the confirmation. */
  @Post(':id/revision')
  @Roles('representative', 'coordinator')
  @WaitsFor('structure-register')
  @ApiCommand({ status: 204 })
  async revise(
    @UuidParam('id') id: string,
    @Body() statement: StatementDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    await this.keys.require(statement);
    const data = await this.statement(statement, id);
    return this.command(id, { type: 'ReviseStructure', data, context }, expectedRevision);
  }

  /** How much it can take at present: said anew, also when nothing has changed. */
  @Post(':id/capacity')
  @Roles('representative', 'coordinator')
  @ApiCommand({ status: 204 })
  assureCapacity(
    @UuidParam('id') id: string,
    @Body() data: CapacityDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    return this.command(id, { type: 'AssureCapacity', data, context }, expectedRevision);
  }

  @Post(':id/end')
  @Roles('representative', 'coordinator')
  @ApiCommand({ status: 204 })
  end(
    @UuidParam('id') id: string,
    @Body() data: ReasonCodeDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    return this.command(id, { type: 'EndStructure', data, context }, expectedRevision);
  }

  /** What exists or existed, for everyone in the alliance; proposals for coordinators, auditors and their organisation. */
  @Get()
  @Roles('coordinator', 'representative', 'fund-officer', 'reviewer', 'approver', 'chair', 'public-contact')
  @WaitsFor('structure-register')
  @ApiPaged(StructureView)
  async list(@Query() query: RegisterPageQuery, @CurrentActor() actor: Actor): Promise<Paged<StructureView>> {
    if (query.within !== undefined) await this.keys.requireRegion('within', query.within);
    const order = parseSort(query.sort, ['name', 'stageSince', 'recordedAt', 'operatingSince', 'assuredAt']);
    const page = await findStructures(this.database.manager, { ...query, order }, actor);
    const owners = await this.owners(page.items);
    return { ...page, items: page.items.map((entry) => viewOf(entry, owners.get(entry.organisationId))) };
  }

  @Get(':id')
  @Roles('coordinator', 'representative', 'fund-officer', 'reviewer', 'approver', 'chair', 'public-contact')
  @WaitsFor('structure-register')
  @ApiOkResponse({ type: StructureView })
  async one(@UuidParam('id') id: string, @CurrentActor() actor: Actor): Promise<StructureView> {
    const entry = await findStructure(this.database, id, actor);
    if (entry === undefined) throw unknown();
    return viewOf(entry, (await this.owners([entry])).get(entry.organisationId));
  }

  private owners(entries: readonly RegisteredStructure[]) {
    return survivorsOf(this.database.manager, [...new Set(entries.map(({ organisationId }) => organisationId))]);
  }

  private async command(id: string, change: StructureChange, expectedRevision: bigint | undefined) {
    const { state } = await this.commands.load(structure, id);
    if (state.stage === 'none') throw unknown();
    const command = { ...change, ownerId: await survivorByLog(this.commands, state.organisationId) };
    return commandReply(await this.commands.handle(structure, id, command, { expectedRevision }));
  }

  private async statement({ reason, sustainablySetUp, ...given }: StatementDto, id: string) {
    const facts = factsOf(given);
    const { minimumOperatingMonths } = this.settings;
    return { facts, sustainablySetUp, minimumOperatingMonths, gate: await this.ask(facts, id), reason };
  }

  /** What the gate finds besides the structure itself, as it is kept with the decision: only what counts. */
  private async ask(facts: StructureFacts, except: string): Promise<GateFinding> {
    return kept(await this.gate.ask(facts, { limit: OVERLAPS_KEPT, except }));
  }
}

function factsOf({ name, ...facts }: StructureFactsDto): StructureFacts {
  return { name: name.normalize('NFC').trim(), ...facts };
}

function unknown() {
  return notFound('STRUCTURE_UNKNOWN', 'There is no such structure.');
}
