import type { CommandContext } from '@alliance/event-sourcing';
import {
  ApiCommand,
  CommandHandler,
  commandReply,
  Context,
  created,
  newId,
  Roles,
  UuidParam,
  Day,
  Text,
} from '@alliance/service-host';
import { Body, Controller, Post, Put } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsOptional,
  Matches,
  Min,
  ValidateNested,
} from 'class-validator';
import { DataSource } from 'typeorm';
import { demandAccess, recipientNow } from '../grant-by-log.http';
import { MoneyDto } from '../money.http';
import { grantTranches } from './tranche.decider';
import { taxStatusKinds } from './tranche.events';
import type { TrancheCommand } from './tranche-commands';

class PlannedTrancheDto {
  @IsDefined()
  @ValidateNested()
  @Type(() => MoneyDto)
  readonly amount: MoneyDto;

  @Day()
  @ApiProperty({ format: 'date' })
  readonly dueOn: string;

  @IsBoolean()
  @ApiProperty({ description: 'Not paid before the reports due until then are accepted.' })
  readonly requiresReport: boolean;
}

class PlanTranchesDto {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(24)
  @ValidateNested({ each: true })
  @Type(() => PlannedTrancheDto)
  @ApiProperty({ type: [PlannedTrancheDto] })
  readonly tranches: PlannedTrancheDto[];
}

class ReviseTrancheDto extends PlannedTrancheDto {
  @IsInt()
  @Min(1)
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    description: 'The version that was read; 412 where another holds by now.',
  })
  readonly seenVersion: number;
}

class RequestTrancheDto {
  @Day()
  @ApiProperty({ format: 'date', description: 'From today on; it is paid within the need window before.' })
  readonly neededBy: string;
}

class CancelTrancheDto {
  @Matches(/^(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*$/, { message: 'must be a code such as not-needed' })
  @ApiProperty({ example: 'not-needed' })
  readonly reasonCode: string;
}

class TaxStatusDto {
  @IsIn(taxStatusKinds)
  @ApiProperty({ enum: taxStatusKinds })
  readonly kind: (typeof taxStatusKinds)[number];

  @IsOptional()
  @Day()
  @ApiPropertyOptional({ format: 'date', description: 'Of a notice: its years are counted from then.' })
  readonly issuedOn?: string;

  @Text(500)
  @ApiProperty({ description: 'Where the document can be found. It must not name persons.' })
  readonly reference: string;
}

class TrancheIds {
  @ApiProperty({ type: [String], format: 'uuid', description: 'In the order of the plan.' })
  readonly trancheIds: readonly string[];
}

class PaymentId {
  @ApiProperty({ format: 'uuid' })
  readonly paymentId: string;
}

/** The plan of payments, and what the recipient asks for of it. */
@ApiTags('tranches')
@Controller('grants/:id')
export class TrancheController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
  ) {}

  @Post('tranches')
  @Roles('fund-officer')
  @ApiCommand({ status: 201, type: TrancheIds })
  async plan(@UuidParam('id') id: string, @Body() body: PlanTranchesDto, @Context() context: CommandContext) {
    await this.demandContent(id, context);
    const tranches = body.tranches.map((one, index) => ({ ...one, trancheId: newId(context, `tranche ${index}`) }));
    const accepted = await this.give(id, { type: 'PlanTranches', data: { tranches }, context });
    return created(accepted, `/fund/grants/${id}/tranches`, { trancheIds: tranches.map(({ trancheId }) => trancheId) });
  }

  /** A change is a new version, which has to be checked and approved anew. */
  @Put('tranches/:trancheId')
  @Roles('fund-officer')
  @ApiCommand({ status: 204 })
  async revise(
    @UuidParam('id') id: string,
    @UuidParam('trancheId') trancheId: string,
    @Body() body: ReviseTrancheDto,
    @Context() context: CommandContext,
  ) {
    await this.demandContent(id, context);
    return commandReply(await this.give(id, { type: 'ReviseTranche', data: { ...body, trancheId }, context }));
  }

  /** By the recipient: of merged organisations the one that survives. */
  @Post('tranches/:trancheId/request')
  @Roles('representative')
  @ApiCommand({ status: 200, type: PaymentId })
  async request(
    @UuidParam('id') id: string,
    @UuidParam('trancheId') trancheId: string,
    @Body() body: RequestTrancheDto,
    @Context() context: CommandContext,
  ) {
    const { facts } = await demandAccess(this.commands, this.database.manager, context.actor, id, 'own');
    const recipient = await recipientNow(this.database.manager, facts.applicantOrganisationId);
    const paymentId = newId(context, 'payment');
    const data = { ...body, trancheId, paymentId, recipient };
    return commandReply(await this.give(id, { type: 'RequestTranche', data, context }), { paymentId });
  }

  /** Until it is with the bank. */
  @Post('tranches/:trancheId/cancellation')
  @Roles('fund-officer')
  @ApiCommand({ status: 204 })
  async cancel(
    @UuidParam('id') id: string,
    @UuidParam('trancheId') trancheId: string,
    @Body() body: CancelTrancheDto,
    @Context() context: CommandContext,
  ) {
    await this.demandContent(id, context);
    return commandReply(await this.give(id, { type: 'CancelTranche', data: { ...body, trancheId }, context }));
  }

  @Post('tax-status')
  @Roles('fund-officer')
  @ApiCommand({ status: 204 })
  async recordTaxStatus(@UuidParam('id') id: string, @Body() body: TaxStatusDto, @Context() context: CommandContext) {
    await this.demandContent(id, context);
    return commandReply(await this.give(id, { type: 'RecordTaxStatus', data: { ...body }, context }));
  }

  private give(id: string, command: TrancheCommand) {
    return this.commands.handle(grantTranches, id, command);
  }

  private async demandContent(id: string, { actor }: CommandContext): Promise<void> {
    await demandAccess(this.commands, this.database.manager, actor, id);
  }
}
