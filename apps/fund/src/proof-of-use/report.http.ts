import { randomUUID } from 'node:crypto';
import { dayOf } from '@alliance/calendar';
import type { Actor, CommandContext } from '@alliance/event-sourcing';
import {
  AcceptsLongJson,
  ApiCommand,
  ApiPaged,
  CommandHandler,
  type CommandReply,
  commandReply,
  Context,
  CurrentActor,
  notFound,
  type Paged,
  parseSort,
  ReceivedAt,
  RefusedError,
  Roles,
  UuidParam,
  WaitsFor,
} from '@alliance/service-host';
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { FundSettings } from '../fund.config';
import { demandAccess, recipientNow, type Standpoint } from '../grant-by-log.http';
import { grantProof } from './proof.decider';
import type { Independence } from './proof-commands';
import { findReports } from './proof-register.read-model';
import {
  AcceptanceDto,
  DisclosureDto,
  MOST_SUBMISSION_BYTES,
  ReceiptsQuery,
  ReportsQuery,
  ReturnDto,
  SubmissionDto,
} from './proof-requests.http';
import type { AwardedProof, Report } from './proof-state';
import { ReceiptsView, receiptView, ReportInFullView, reportInFull, reportView, ReportView } from './proof-views.http';
import { type Receipt, ReceiptsVault } from './receipts.vault';
import { receiptsErased } from './report';

/**
 * The reports of a grant on the use of its money. The rows of their receipts are given out by a command only
 * (`receipts/disclosure`), to the recipient and to officers, and each time the log knows of it first.
 */
@ApiTags('proof of use')
@Controller('grants/:id/reports')
export class ReportController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
    private readonly vault: ReceiptsVault,
    private readonly settings: FundSettings,
  ) {}

  @Get()
  @Roles('representative', 'fund-officer', 'coordinator', 'reviewer', 'approver')
  @WaitsFor('proof-register')
  @ApiPaged(ReportView)
  async list(
    @UuidParam('id') id: string,
    @Query() query: ReportsQuery,
    @CurrentActor() actor: Actor,
    @ReceivedAt() at: string,
  ): Promise<Paged<ReportView>> {
    await this.demandOwn(actor, id);
    const order = parseSort(query.sort, ['dueOn', 'stage']);
    const page = await findReports(this.database.manager, id, { ...query, order });
    return { ...page, items: page.items.map((row) => reportView(row, dayOf(at))) };
  }

  /** By the log: with the numerical proof line by line. */
  @Get(':reportId')
  @Roles('representative', 'fund-officer', 'coordinator', 'reviewer', 'approver')
  @ApiOkResponse({ type: ReportInFullView })
  async one(
    @UuidParam('id') id: string,
    @UuidParam('reportId') reportId: string,
    @CurrentActor() actor: Actor,
    @ReceivedAt() at: string,
  ): Promise<ReportInFullView> {
    await this.demandOwn(actor, id);
    const { report, state } = await this.reportByLog(id, reportId);
    return reportInFull(report, state, at);
  }

  /** In place of what was submitted before, until it is accepted. */
  @Post(':reportId/submission')
  @Roles('representative')
  @AcceptsLongJson(MOST_SUBMISSION_BYTES)
  @ApiCommand({ status: 204 })
  async submit(
    @UuidParam('id') id: string,
    @UuidParam('reportId') reportId: string,
    @Body() { receipts, ...said }: SubmissionDto,
    @Context() context: CommandContext,
  ) {
    const { facts } = await this.demandOwn(context.actor, id);
    await this.reportByLog(id, reportId);
    const recipient = await recipientNow(this.database.manager, facts.applicantOrganisationId);
    const digest = await this.vault.digestOf(reportId, receipts);
    if (digest === undefined) throw new RefusedError(receiptsErased());
    const data = { reportId, ...said, receipts, digest, recipient };
    const accepted = await this.commands.handle(grantProof, id, { type: 'SubmitReport', data, context });
    await this.keep(id, reportId, digest, receipts);
    return commandReply(accepted);
  }

  @Post(':reportId/return')
  @Roles('fund-officer')
  @ApiCommand({ status: 204 })
  async return(
    @UuidParam('id') id: string,
    @UuidParam('reportId') reportId: string,
    @Body() { version: seenVersion, ...said }: ReturnDto,
    @Context() context: CommandContext,
  ) {
    const independence = independenceOf(await demandAccess(this.commands, this.database.manager, context.actor, id));
    const data = { reportId, seenVersion, ...said, ...independence };
    return commandReply(await this.commands.handle(grantProof, id, { type: 'ReturnReport', data, context }));
  }

  @Post(':reportId/acceptance')
  @Roles('fund-officer')
  @ApiCommand({ status: 204 })
  async accept(
    @UuidParam('id') id: string,
    @UuidParam('reportId') reportId: string,
    @Body() { version: seenVersion, disallowed }: AcceptanceDto,
    @Context() context: CommandContext,
  ) {
    const independence = independenceOf(await demandAccess(this.commands, this.database.manager, context.actor, id));
    const digestHeld = await this.vault.digestHeld(reportId, seenVersion);
    const data = { reportId, seenVersion, disallowed, digestHeld, ...independence };
    return commandReply(await this.commands.handle(grantProof, id, { type: 'AcceptReport', data, context }));
  }

  /** A page of the rows, for one of the settled purposes. Every request is recorded as a read. */
  @Post(':reportId/receipts/disclosure')
  @HttpCode(200)
  @Roles('representative', 'fund-officer')
  @ApiCommand({ status: 200, type: ReceiptsView })
  async disclose(
    @UuidParam('id') id: string,
    @UuidParam('reportId') reportId: string,
    @Query() { sort, ...query }: ReceiptsQuery,
    @Body() { purpose }: DisclosureDto,
    @Context() context: CommandContext,
  ): Promise<CommandReply<ReceiptsView>> {
    const order = parseSort(sort, ['paidOn', 'row']);
    const standpoint = await this.demandOwn(context.actor, id);
    const recipient = await recipientNow(this.database.manager, standpoint.facts.applicantOrganisationId);
    const { receiptPurposes: permittedPurposes } = this.settings;
    const data = { reportId, purpose, permittedPurposes, recipient, ...independenceOf(standpoint) };
    // Each read is one of its own, also when a request comes again under its key: the rows may be others by now.
    const own = { ...context, commandId: randomUUID(), causationId: context.commandId };
    const accepted = await this.commands.handle(grantProof, id, { type: 'ReadReceipts', data, context: own });
    const { report } = await this.reportByLog(id, reportId);
    const page = await this.vault.read(reportId, report.version, { ...query, order });
    if (page === undefined) {
      throw notFound('RECEIPTS_MISSING', 'The list of receipts did not arrive; the recipient has to submit it again.');
    }
    const { digest, items, nextCursor } = page;
    const receiptsVerified = digest === report.submission?.receipts.digest;
    const { version } = report;
    return commandReply(accepted, { version, receiptsVerified, items: items.map(receiptView), nextCursor });
  }

  private demandOwn(actor: Actor, id: string): Promise<Standpoint> {
    return demandAccess(this.commands, this.database.manager, actor, id, 'own');
  }

  private async reportByLog(id: string, reportId: string): Promise<{ report: Report; state: AwardedProof }> {
    const { state } = await this.commands.load(grantProof, id);
    const report = state.stage === 'none' || state.stage === 'unawarded' ? undefined : state.reports.get(reportId);
    if (state.stage === 'none' || state.stage === 'unawarded' || report === undefined) {
      throw notFound('REPORT_UNKNOWN', 'The grant has no such report.');
    }
    return { report, state };
  }

  /**
   * After the event that accounts for these rows, by its digest: also where it came with a request before this one that
   * broke off. Where something else has been submitted meanwhile, that one's rows count.
   */
  private async keep(id: string, reportId: string, digest: string, receipts: readonly Receipt[]): Promise<void> {
    const { report } = await this.reportByLog(id, reportId);
    if (report.submission?.receipts.digest !== digest) return;
    if ((await this.vault.keep(reportId, report.version, receipts)) === 'erased')
      throw new RefusedError(receiptsErased());
  }
}

export function independenceOf({ panel, conflicts: { interestedOrganisationIds } }: Standpoint): Independence {
  return { panel, interestedOrganisationIds };
}
