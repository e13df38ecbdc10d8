import { isDeepStrictEqual } from 'node:util';
import { type CommandContext, refuse } from '@alliance/event-sourcing';
import {
  ApiCommand,
  CommandHandler,
  commandReply,
  Context,
  IfMatch,
  invalidRequest,
  notFound,
  RefusedError,
  Roles,
  UuidParam,
} from '@alliance/service-host';
import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { pendingPaymentsTo } from '../pending-payment/pending-payment.read-model';
import { reasonAgainstSurviving, reasonsAgainstMerging } from './merge.decider';
import { settleMerge } from './merge.reactor';
import { MergeDto, MergePreview, MergePreviewQuery, MergeReasonDto } from './merge-requests.http';
import { organisation } from './organisation.decider';
import { factNames } from './organisation.events';
import { mergedWith } from './survivors.read-model';
import type { OrganisationState } from './organisation-state';

type Existing = Exclude<OrganisationState, { stage: 'none' }>;

@ApiTags('organisations')
@Controller('organisations')
export class MergeController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
  ) {}

  /** Answers when the merge has come to its end: merged, or 409 with what the surviving organisation has against it. */
  @Post(':id/merge')
  @Roles('coordinator')
  @ApiCommand({ status: 204 })
  async merge(
    @UuidParam('id') id: string,
    @Body() { into, ...choice }: MergeDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    await this.existing(into, 'into');
    const data = { into, ...choice, pendingPayments: await this.pendingPayments(id, into) };
    await this.commands.handle(
      organisation,
      id,
      { type: 'MergeIntoOrganisation', data, context },
      { expectedRevision },
    );
    const { state, last } = await settleMerge(this.commands, id, context);
    const blocked = state.stage === 'none' ? undefined : state.lastMerge?.blocked;
    if (blocked !== undefined) throw new RefusedError(refuse('conflict', blocked.code, blocked.detail, { into }));
    return commandReply({ revision: last?.revision, position: last?.position, events: [] });
  }

  /** Brings the organisation back as it was; the surviving one keeps what has happened to it since. */
  @Post(':id/merge-undo')
  @Roles('coordinator')
  @ApiCommand({ status: 204 })
  async undo(@UuidParam('id') id: string, @Body() why: MergeReasonDto, @Context() context: CommandContext) {
    const { lastMerge } = await this.existing(id);
    if (lastMerge === undefined) {
      throw new RefusedError(refuse('conflict', 'ORGANISATION_NOT_MERGED', 'The organisation has never been merged.'));
    }
    const data = { organisationId: id, ...why, pendingPayments: await this.pendingPayments(id, lastMerge.into) };
    await this.commands.handle(organisation, lastMerge.into, { type: 'UndoMerge', data, context });
    const { last } = await settleMerge(this.commands, id, context);
    return commandReply({ revision: last?.revision, position: last?.position, events: [] });
  }

  /** Both records side by side, from the log itself, in what they differ, and all that forbids the merge at present. */
  @Get(':id/merge-preview')
  @Roles('coordinator')
  @ApiOkResponse({ type: MergePreview })
  async preview(
    @UuidParam('id') id: string,
    @Query() { into }: MergePreviewQuery,
    @Context() context: CommandContext,
  ): Promise<MergePreview> {
    const [absorbed, survivor] = [await this.existing(id), await this.existing(into, 'into')];
    return {
      absorbed: { id, stage: absorbed.stage, facts: absorbed.facts },
      survivor: { id: into, stage: survivor.stage, facts: survivor.facts },
      differences: factNames.filter((fact) => !isDeepStrictEqual(absorbed.facts[fact], survivor.facts[fact])),
      blockers: await this.blockers(absorbed, survivor, context),
    };
  }

  private async blockers(absorbed: Existing, survivor: Existing, { actor }: CommandContext) {
    const into = survivor.organisationId;
    const pendingPayments = await this.pendingPayments(absorbed.organisationId, into);
    const ofSurvivor = reasonAgainstSurviving(survivor);
    return [...reasonsAgainstMerging(absorbed, { into, pendingPayments }, actor), ...(ofSurvivor ? [ofSurvivor] : [])];
  }

  /** As the log has it; 404, or 400 when it is a field of the request that names it. */
  private async existing(id: string, field?: string): Promise<Existing> {
    const { state } = await this.commands.load(organisation, id);
    if (state.stage !== 'none') return state;
    if (field === undefined) throw notFound('ORGANISATION_UNKNOWN', 'There is no such organisation.');
    throw invalidRequest([{ field, reason: 'invalid', expected: 'the id of an organisation of the registry' }]);
  }

  private async pendingPayments(...organisationIds: readonly string[]): Promise<readonly string[]> {
    const { manager } = this.database;
    const meant = await Promise.all(organisationIds.map((id) => mergedWith(manager, id)));
    return pendingPaymentsTo(manager, [...new Set(meant.flat())]);
  }
}
