import { DoubleStructureGate, regionFaults } from '@alliance/double-structures';
import type { CommandContext } from '@alliance/event-sourcing';
import { KnownOrganisation } from '@alliance/known-organisations';
import {
  ApiCommand,
  CommandHandler,
  commandReply,
  Context,
  created,
  IfMatch,
  invalidRequest,
  newId,
  Roles,
  UuidParam,
} from '@alliance/service-host';
import { Body, Controller, Post, Put } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { demandAccess, grantByLog, recipientNow } from '../grant-by-log.http';
import { publishedCall } from '../grant-facts';
import { type ApplicationCommand, grantApplication } from './application.decider';
import type { Application } from './application.events';
import {
  ApplicationDto,
  DraftGrantDto,
  FormalCheckDto,
  InformationRequestDto,
  SubmissionDto,
  WithdrawalDto,
} from './application-requests.http';
import { GrantEligibility } from './grant-eligibility.http';
import { referenceOf } from '../grant-reference';

class DraftedView {
  @ApiProperty({ format: 'uuid' })
  readonly grantId: string;
  @ApiProperty({ example: '9A1C8E54' })
  readonly reference: string;
}

/** Applying for a grant, and the formal check of what is applied for. */
@ApiTags('grants')
@Controller('grants')
export class ApplicationController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
    private readonly eligibility: GrantEligibility,
    private readonly gate: DoubleStructureGate,
  ) {}

  @Post()
  @Roles('representative')
  @ApiCommand({ status: 201, type: DraftedView })
  async draft(@Body() body: DraftGrantDto, @Context() context: CommandContext) {
    const { callId, recipientIndividual, applicantOrganisationId = context.actor.organisationId } = body;
    if (applicantOrganisationId === undefined) {
      const expected = 'the organisation that applies, since the caller’s token names none';
      throw invalidRequest([{ field: 'applicantOrganisationId', reason: 'missing', expected }]);
    }
    const grantId = newId(context, 'grant');
    const tx = this.database.manager;
    const data = {
      callId,
      call: (await this.commands.load(publishedCall, callId)).state,
      applicantOrganisationId,
      applicantIsKnown: await tx.existsBy(KnownOrganisation, { id: applicantOrganisationId }),
      namesPerson: recipientIndividual !== undefined,
      recipient: await recipientNow(tx, applicantOrganisationId),
    };
    const command: ApplicationCommand = { type: 'DraftGrant', data, context };
    const accepted = await this.commands.handle(grantApplication, grantId, command, { startsStream: true });
    return created(accepted, `/fund/grants/${grantId}`, { grantId, reference: referenceOf(grantId) });
  }

  /** All of it, in place of what was written before; until it is submitted, and when information is asked for. */
  @Put(':id/application')
  @Roles('representative')
  @ApiCommand({ status: 204 })
  async revise(
    @UuidParam('id') id: string,
    @Body() body: ApplicationDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    const faults = await regionFaults(this.gate, body.regionKeys);
    if (faults.length > 0) throw invalidRequest(faults);
    const data = { application: applicationOf(body), recipient: await this.recipientOf(id) };
    return this.command(id, { type: 'ReviseApplication', data, context }, expectedRevision);
  }

  /** Refused with every blocker that stops it, which `GET {id}/eligibility` shows beforehand. */
  @Post(':id/submission')
  @Roles('representative')
  @ApiCommand({ status: 204 })
  async submit(
    @UuidParam('id') id: string,
    @Body() { overlapReason }: SubmissionDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    const outside = await this.eligibility.outside(id);
    const data = { outside, ...(overlapReason !== undefined && { overlapReason }) };
    return this.command(id, { type: 'SubmitApplication', data, context }, expectedRevision);
  }

  /** Gives it back to the applicant. */
  @Post(':id/information-request')
  @Roles('fund-officer')
  @ApiCommand({ status: 204 })
  async requestInformation(
    @UuidParam('id') id: string,
    @Body() { items, note }: InformationRequestDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    const data = { items, ...(note !== undefined && { note }), ...(await this.independence(id, context)) };
    return this.command(id, { type: 'RequestInformation', data, context }, expectedRevision);
  }

  /** By somebody else than who drafted, revised or submitted it; also the consent of a second person to what overlaps. */
  @Post(':id/formal-check')
  @Roles('fund-officer')
  @ApiCommand({ status: 204 })
  async passFormalCheck(
    @UuidParam('id') id: string,
    @Body() { seenVersion }: FormalCheckDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    const independence = await this.independence(id, context);
    const data = { seenVersion, outside: await this.eligibility.outside(id), ...independence };
    return this.command(id, { type: 'PassFormalCheck', data, context }, expectedRevision);
  }

  /** Until the contract; what was awarded goes back to the pot. */
  @Post(':id/withdrawal')
  @Roles('representative')
  @ApiCommand({ status: 204 })
  async withdraw(
    @UuidParam('id') id: string,
    @Body() { reasonCode }: WithdrawalDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    const data = { reasonCode, recipient: await this.recipientOf(id) };
    return this.command(id, { type: 'Withdraw', data, context }, expectedRevision);
  }

  private async recipientOf(id: string) {
    const { applicantOrganisationId } = await grantByLog(this.commands, id);
    return recipientNow(this.database.manager, applicantOrganisationId);
  }

  /** Nobody works on what they may not see. */
  private async independence(id: string, { actor }: CommandContext) {
    const { panel, conflicts } = await demandAccess(this.commands, this.database.manager, actor, id);
    return { panel, interestedOrganisationIds: conflicts.interestedOrganisationIds };
  }

  private async command(id: string, command: ApplicationCommand, expectedRevision: bigint | undefined) {
    return commandReply(await this.commands.handle(grantApplication, id, command, { expectedRevision }));
  }
}

/** Each key once and in order, so that the same application is the same text. */
function applicationOf(body: ApplicationDto): Application {
  const { title, summary, service, projectFrom, projectTo, structureId, lines, otherIncome, documents } = body;
  return {
    title,
    summary,
    fieldKeys: inOrder(body.fieldKeys),
    regionKeys: inOrder(body.regionKeys),
    targetGroups: inOrder(body.targetGroups),
    service,
    projectFrom,
    projectTo,
    structureId,
    lines: lines.map(({ key, purpose, total, requested, from, to }) => {
      return { key, purpose, total: { ...total }, requested: { ...requested }, from, to };
    }),
    otherIncome: otherIncome.map(({ source, amount }) => ({ source, amount: { ...amount } })),
    documents: documents.map(({ kind, reference, issuedOn }) => {
      return { kind, reference, ...(issuedOn !== undefined && { issuedOn }) };
    }),
  };
}

function inOrder(keys: readonly string[]): string[] {
  return [...new Set(keys)].sort();
}
