import { dayOf } from '@alliance/calendar';
import type { CommandContext } from '@alliance/event-sourcing';
import {
  ApiCommand,
  CommandHandler,
  commandReply,
  Context,
  invalidRequest,
  Roles,
  UuidParam,
  Day,
  Text,
  Uuid,
} from '@alliance/service-host';
import { Body, Controller, Delete, Post } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Matches, Min } from 'class-validator';
import { DataSource } from 'typeorm';
import { FundSettings } from '../fund.config';
import { demandAccess, standpointOf } from '../grant-by-log.http';
import { grantTranches } from './tranche.decider';
import type { TrancheCommand } from './tranche-commands';
import { trancheOutlook } from './tranche-outlook.http';

class SeenVersionDto {
  @IsInt()
  @Min(1)
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    description: 'Of the tranche, as it was read; 412 with both versions where another holds by now.',
  })
  readonly seenVersion: number;
}

const outcomes = ['paid', 'failed'] as const;

class PaymentOutcomeDto {
  @IsIn(outcomes)
  @ApiProperty({ enum: outcomes })
  readonly outcome: (typeof outcomes)[number];

  @Uuid()
  @ApiProperty({ format: 'uuid', description: 'The payment that was ordered.' })
  readonly paymentId: string;

  @IsOptional()
  @Day()
  @ApiPropertyOptional({
    format: 'date',
    description: 'Of one that was paid: when, from the day of its order to today.',
  })
  readonly paidOn?: string;

  @IsOptional()
  @Text(140)
  @ApiPropertyOptional({ description: 'Of one that was paid. It must not name persons.' })
  readonly bankReference?: string;

  @IsOptional()
  @Matches(/^(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*$/, { message: 'must be a code such as account-closed' })
  @ApiPropertyOptional({ example: 'account-closed', description: 'Of one that failed.' })
  readonly reasonCode?: string;
}

class ApprovalAnswer {
  @ApiProperty({ description: 'With the last approval that is needed the payment is ordered.' })
  readonly ordered: boolean;
}

/** From the check to what the bank has done: through the gate, and by four eyes. */
@ApiTags('payments')
@Controller('grants/:id/tranches/:trancheId')
export class PaymentController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
    private readonly settings: FundSettings,
  ) {}

  @Post('check')
  @Roles('fund-officer')
  @ApiCommand({ status: 204 })
  async check(
    @UuidParam('id') id: string,
    @UuidParam('trancheId') trancheId: string,
    @Body() { seenVersion }: SeenVersionDto,
    @Context() context: CommandContext,
  ) {
    const judged = await this.judging(id, context);
    const thirdFrom = this.settings.thirdApproverFrom('payment');
    const data = { ...judged, trancheId, seenVersion, thirdFrom };
    return commandReply(await this.give(id, { type: 'CheckTranche', data, context }));
  }

  @Post('approvals')
  @Roles('approver')
  @ApiCommand({ status: 200, type: ApprovalAnswer })
  async approve(
    @UuidParam('id') id: string,
    @UuidParam('trancheId') trancheId: string,
    @Body() { seenVersion }: SeenVersionDto,
    @Context() context: CommandContext,
  ) {
    const data = { ...(await this.judging(id, context)), trancheId, seenVersion };
    const accepted = await this.give(id, { type: 'ApprovePayment', data, context });
    return commandReply(accepted, { ordered: accepted.events.some(({ type }) => type === 'PaymentOrdered') });
  }

  /** Until the payment is ordered. */
  @Delete('approvals/mine')
  @Roles('approver')
  @ApiCommand({ status: 204 })
  async withdrawApproval(
    @UuidParam('id') id: string,
    @UuidParam('trancheId') trancheId: string,
    @Context() context: CommandContext,
  ) {
    await standpointOf(this.commands, this.database.manager, context.actor, id);
    return commandReply(await this.give(id, { type: 'WithdrawPaymentApproval', data: { trancheId }, context }));
  }

  /** By who has approved nothing of it. What the bank has done is recorded also where the gate has closed since. */
  @Post('payment')
  @Roles('fund-officer')
  @ApiCommand({ status: 204 })
  async record(
    @UuidParam('id') id: string,
    @UuidParam('trancheId') trancheId: string,
    @Body() body: PaymentOutcomeDto,
    @Context() context: CommandContext,
  ) {
    const standpoint = await demandAccess(this.commands, this.database.manager, context.actor, id);
    const outcome = outcomeOf(body);
    const of = { trancheId, paymentId: body.paymentId };
    if (outcome.is === 'failed') {
      const data = { ...of, reasonCode: outcome.reasonCode };
      return commandReply(await this.give(id, { type: 'RecordFailed', data, context }));
    }
    const { paidOn, bankReference } = outcome;
    const outlook = await this.outlook({ ...standpoint, grantId: id }, paidOn);
    const data = { ...of, paidOn, bankReference, outlook };
    return commandReply(await this.give(id, { type: 'RecordPaid', data, context }));
  }

  private give(id: string, command: TrancheCommand) {
    return this.commands.handle(grantTranches, id, command);
  }

  private async judging(grantId: string, { actor, at }: CommandContext) {
    const standpoint = await standpointOf(this.commands, this.database.manager, actor, grantId);
    const outlook = await this.outlook({ ...standpoint, grantId }, dayOf(at));
    return { outlook, panel: standpoint.panel };
  }

  private outlook(of: Parameters<typeof trancheOutlook>[3], on: string) {
    return trancheOutlook(this.commands, this.database.manager, this.settings, of, on);
  }
}

type Outcome =
  | { readonly is: 'paid'; readonly paidOn: string; readonly bankReference: string }
  | { readonly is: 'failed'; readonly reasonCode: string };

/** Each outcome has fields of its own, all of them needed and no others. */
function outcomeOf({ outcome, paidOn, bankReference, reasonCode }: PaymentOutcomeDto): Outcome {
  if (outcome === 'paid' && paidOn !== undefined && bankReference !== undefined && reasonCode === undefined) {
    return { is: 'paid', paidOn, bankReference };
  }
  if (outcome === 'failed' && reasonCode !== undefined && paidOn === undefined && bankReference === undefined) {
    return { is: 'failed', reasonCode };
  }
  const given = { paidOn, bankReference, reasonCode };
  const needed = outcome === 'paid' ? ['paidOn', 'bankReference'] : ['reasonCode'];
  throw invalidRequest(
    Object.entries(given)
      .filter(([field, value]) => needed.includes(field) !== (value !== undefined))
      .map(([field, value]) =>
        value === undefined
          ? { field, reason: 'missing', expected: `given where the outcome is ${outcome}` }
          : { field, reason: 'invalid', expected: `absent where the outcome is ${outcome}` },
      ),
  );
}
