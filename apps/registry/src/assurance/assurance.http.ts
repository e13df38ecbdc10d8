import { dayOf } from '@alliance/calendar';
import type { CommandContext } from '@alliance/event-sourcing';
import {
  ApiCommand,
  ApiPaged,
  booleanOfQuery,
  CommandHandler,
  commandReply,
  Context,
  IfMatch,
  type Paged,
  PageQuery,
  parseSort,
  ReceivedAt,
  Roles,
  UuidParam,
  WaitsFor,
  Day,
} from '@alliance/service-host';
import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
} from 'class-validator';
import { DataSource } from 'typeorm';
import { representedBy } from '../organisation/survivors.read-model';
import { AssurerView } from '../record-freshness.http';
import { RegistrySettings } from '../registry.config';
import { assurance } from './assurance.decider';
import { type AssuredFact, findAssuredFacts } from './assured-facts.read-model';
import {
  type Ageing,
  confidence,
  type FactKind,
  factKinds,
  type RecordType,
  recordTypes,
  reminderOn,
  staleOn,
} from './freshness';

class AssuranceDto {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(factKinds.length)
  @IsIn(factKinds, { each: true })
  @ApiProperty({ enum: factKinds, isArray: true, description: 'Facts that hold, as they are recorded.' })
  readonly kinds: readonly FactKind[];

  @IsOptional()
  @IsBoolean()
  @ApiPropertyOptional({ description: 'Whether they do not age from now on. For coordinators; without it, as before.' })
  readonly standing?: boolean;
}

class AssurancePageQuery extends PageQuery {
  @IsOptional()
  @IsIn(recordTypes)
  readonly recordType?: RecordType;

  @IsOptional()
  @IsUUID()
  readonly recordId?: string;

  @IsOptional()
  @IsUUID()
  @ApiPropertyOptional({ description: 'Whose facts; also of what was merged into it.', format: 'uuid' })
  readonly organisationId?: string;

  @IsOptional()
  @IsIn(factKinds)
  readonly kind?: FactKind;

  @IsOptional()
  @Transform(booleanOfQuery)
  @IsBoolean()
  readonly stale?: boolean;

  @IsOptional()
  @Day()
  @ApiPropertyOptional({ description: 'Facts that are to be confirmed before this day.', example: '2026-12-31' })
  readonly dueBefore?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  @ApiPropertyOptional({ description: '`assuredAt` (without it) or `kind`; a minus sign in front for descending.' })
  readonly sort?: string;
}

class AssuredFactView {
  @ApiProperty({ enum: recordTypes })
  readonly recordType: RecordType;
  @ApiProperty({ format: 'uuid', description: 'Of the organisation or structure.' })
  readonly recordId: string;
  @ApiProperty({ format: 'uuid', description: 'Whose fact it is.' })
  readonly organisationId: string;
  @ApiProperty({ enum: factKinds })
  readonly kind: FactKind;
  @ApiProperty({ format: 'date-time' })
  readonly assuredAt: string;
  @ApiProperty()
  readonly assuredBy: AssurerView;
  @ApiProperty({ description: 'It does not age.' })
  readonly standing: boolean;
  @ApiProperty({ description: 'From 1 on the day of the assurance, halved with each half-life.', example: 0.71 })
  readonly confidence: number;
  @ApiPropertyOptional({ format: 'date', description: 'When somebody is reminded to confirm it.' })
  readonly confirmBy?: string;
  @ApiPropertyOptional({ format: 'date-time' })
  readonly remindedAt?: string;
  @ApiPropertyOptional({ format: 'date', description: 'After the reminder: when it is marked stale.' })
  readonly staleOn?: string;
  @ApiProperty()
  readonly stale: boolean;
  @ApiPropertyOptional({ format: 'date-time' })
  readonly staleSince?: string;
}

@ApiTags('assurances')
@Controller('assurances')
export class AssuranceController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
    private readonly settings: RegistrySettings,
  ) {}

  /** Confirms that facts of an organisation or a structure still hold; representatives those of their own organisation and of those merged into it. */
  @Post(':recordId')
  @Roles('representative', 'coordinator')
  @ApiCommand({ status: 204 })
  async assure(
    @UuidParam('recordId') recordId: string,
    @Body() data: AssuranceDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    const represented = await representedBy(this.database.manager, context.actor);
    const command = { type: 'AssureFacts', data: { ...data, represented }, context } as const;
    return commandReply(await this.commands.handle(assurance, recordId, command, { expectedRevision }));
  }

  @Get()
  @Roles('coordinator', 'representative', 'fund-officer', 'reviewer', 'approver', 'chair', 'public-contact')
  @WaitsFor('assured-facts')
  @ApiPaged(AssuredFactView)
  async list(@Query() query: AssurancePageQuery, @ReceivedAt() at: string): Promise<Paged<AssuredFactView>> {
    const order = parseSort(query.sort, ['assuredAt', 'kind']);
    const rules = this.settings.ageingRules();
    const page = await findAssuredFacts(this.database.manager, { ...query, order }, rules);
    return { ...page, items: page.items.map((fact) => viewOf(fact, rules[fact.kind], dayOf(at))) };
  }
}

function viewOf(fact: AssuredFact, ageing: Ageing, today: string): AssuredFactView {
  const { recordType, recordId, organisationId, kind, standing } = fact;
  const assuredAt = fact.assuredAt.toISOString();
  const remindedAt = fact.remindedAt?.toISOString();
  const staleSince = fact.staleSince?.toISOString();
  return {
    recordType,
    recordId,
    organisationId,
    kind,
    assuredAt,
    assuredBy: { role: fact.assuredByRole, organisationId: fact.assuredByOrganisationId ?? undefined },
    standing,
    confidence: standing ? 1 : Number(confidence(assuredAt, today, ageing).toFixed(3)),
    confirmBy: standing ? undefined : reminderOn(assuredAt, ageing),
    remindedAt,
    staleOn: remindedAt === undefined ? undefined : staleOn(assuredAt, remindedAt, ageing),
    stale: staleSince !== undefined,
    staleSince,
  };
}
