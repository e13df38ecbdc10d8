import { KnownOrganisation } from '@alliance/known-organisations';
import type { CommandContext } from '@alliance/event-sourcing';
import {
  ApiCommand,
  ApiPaged,
  CommandHandler,
  Context,
  created,
  newId,
  notFound,
  type Paged,
  PageQuery,
  parseSort,
  QueryInteger,
  RegionKey,
  Roles,
  UuidParam,
  WaitsFor,
  Day,
  Text,
  Uuid,
} from '@alliance/service-host';
import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsDefined,
  IsIn,
  IsOptional,
  IsString,
  Matches,
  ValidateNested,
} from 'class-validator';
import { DataSource } from 'typeorm';
import type { Currency } from '../money';
import { MoneyDto } from '../money.http';
import { contributionsOf, figuresOf, pot, type PotCommand } from './pot.decider';
import { entryKinds, type EntryKind, findEntries, findPots } from './pot-register.read-model';
import { EntryView, entryView, PotView, potView, PotWithContributionsView } from './pot-views.http';

class OpenPotDto {
  @Text(200)
  @ApiProperty({ example: 'Soforthilfe Bayern' })
  readonly name: string;

  @IsIn(['EUR'])
  @ApiProperty({ enum: ['EUR'] })
  readonly currency: Currency;
}

class EarmarkDto {
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(/^(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*$/, { each: true, message: 'must be keys of fields of action' })
  @ApiPropertyOptional({ type: [String] })
  readonly fieldKeys?: string[];

  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @ArrayUnique()
  @RegionKey({ each: true })
  @ApiPropertyOptional({ type: [String], description: 'AGS; whatever lies within them is meant as well.' })
  readonly regionKeys?: string[];
}

class ContributionDto {
  @Uuid()
  @ApiProperty({ format: 'uuid', description: 'An organisation of the registry, never a private person.' })
  readonly donorOrganisationId: string;

  @IsDefined()
  @ValidateNested()
  @Type(() => MoneyDto)
  readonly amount: MoneyDto;

  @Day()
  @ApiProperty({ format: 'date' })
  readonly receivedOn: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => EarmarkDto)
  @ApiPropertyOptional({ description: 'What it is given for; what is not named is free.' })
  readonly earmark?: EarmarkDto;
}

class PotsQuery extends PageQuery {
  @IsOptional()
  @QueryInteger({ min: 0, max: 999_999_999_999_999 })
  @ApiPropertyOptional({ type: 'integer', description: 'Leaves out pots with less free, in cents.' })
  readonly freeAtLeast?: number;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ description: 'name, openedAt; `-` in front for descending', default: 'name' })
  readonly sort: string = 'name';
}

class LedgerQuery extends PageQuery {
  @IsOptional()
  @IsIn(entryKinds)
  readonly kind?: EntryKind;

  @IsOptional()
  @Uuid()
  readonly grantId?: string;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ description: 'revision; `-` in front for the newest first', default: 'revision' })
  readonly sort: string = 'revision';
}

class PotId {
  @ApiProperty({ format: 'uuid' })
  readonly potId: string;
}

class ContributionId {
  @ApiProperty({ format: 'uuid' })
  readonly contributionId: string;
}

@ApiTags('pots')
@Controller('pots')
export class PotController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
  ) {}

  @Post()
  @Roles('fund-officer', 'coordinator')
  @ApiCommand({ status: 201, type: PotId })
  async open(@Body() data: OpenPotDto, @Context() context: CommandContext) {
    const potId = newId(context, 'pot');
    const command: PotCommand = { type: 'OpenPot', data, context };
    const accepted = await this.commands.handle(pot, potId, command, { startsStream: true });
    return created(accepted, `/fund/pots/${potId}`, { potId });
  }

  @Post(':id/contributions')
  @Roles('fund-officer', 'coordinator')
  @ApiCommand({ status: 201, type: ContributionId })
  async receive(@UuidParam('id') id: string, @Body() body: ContributionDto, @Context() context: CommandContext) {
    const contributionId = newId(context, 'contribution');
    const donorIsKnown = await this.database.manager.existsBy(KnownOrganisation, { id: body.donorOrganisationId });
    const command: PotCommand = {
      type: 'ReceiveContribution',
      data: { ...body, contributionId, donorIsKnown },
      context,
    };
    const accepted = await this.commands.handle(pot, id, command);
    return created(accepted, `/fund/pots/${id}`, { contributionId });
  }

  @Get()
  @Roles('fund-officer', 'approver', 'coordinator')
  @WaitsFor('pot-register')
  @ApiPaged(PotView)
  async list(@Query() query: PotsQuery): Promise<Paged<PotView>> {
    const order = parseSort(query.sort, ['name', 'openedAt']);
    const page = await findPots(this.database.manager, { ...query, order });
    return { ...page, items: page.items.map(potView) };
  }

  /** By the log: with whatever was decided up to this moment. */
  @Get(':id')
  @Roles('fund-officer', 'approver', 'coordinator')
  @ApiOkResponse({ type: PotWithContributionsView })
  async one(@UuidParam('id') id: string): Promise<PotWithContributionsView> {
    const { state } = await this.commands.load(pot, id);
    if (state.stage === 'none') throw notFound('POT_UNKNOWN', 'There is no pot with this id.');
    return { id, name: state.name, ...figuresOf(state), contributions: contributionsOf(state) };
  }

  /** Every movement in the pot. */
  @Get(':id/ledger')
  @Roles('fund-officer', 'coordinator')
  @WaitsFor('pot-register')
  @ApiPaged(EntryView)
  async ledger(@UuidParam('id') id: string, @Query() query: LedgerQuery): Promise<Paged<EntryView>> {
    const order = parseSort(query.sort, ['revision']);
    const page = await findEntries(this.database.manager, id, { ...query, order });
    return { ...page, items: page.items.map(entryView) };
  }
}
