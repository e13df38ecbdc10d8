import type { CommandContext } from '@alliance/event-sourcing';
import {
  ApiCommand,
  CommandHandler,
  commandReply,
  Context,
  created,
  IfMatch,
  type Paged,
  ApiPaged,
  Roles,
  WaitsFor,
  Day,
  Slug,
  Text,
} from '@alliance/service-host';
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { DataSource } from 'typeorm';
import { fieldOfAction } from './field-of-action.decider';
import { findFieldsOfAction } from './field-of-action-list.read-model';

export class NamesDto {
  @Text(120)
  @ApiProperty({ example: 'Unterbringung' })
  readonly nameDe: string;

  @Text(120)
  @ApiProperty({ example: 'Accommodation' })
  readonly nameEn: string;
}

class FieldDto extends NamesDto {
  @Slug()
  @ApiProperty({ description: 'Stays when the names change.', example: 'accommodation' })
  readonly key: string;

  @Day()
  @ApiProperty({ example: '2022-03-01' })
  readonly validFrom: string;

  @IsOptional()
  @Day()
  readonly validTo?: string;
}

class FieldParams {
  @Slug()
  readonly key: string;
}

class FieldsQuery {
  @IsOptional()
  @Day()
  @ApiPropertyOptional({ description: 'Leaves out fields that are not valid on this day.' })
  readonly validOn?: string;
}

class FieldKey {
  @ApiProperty()
  readonly key: string;
}

class FieldView {
  @ApiProperty()
  readonly key: string;
  @ApiProperty()
  readonly nameDe: string;
  @ApiProperty()
  readonly nameEn: string;
  @ApiProperty({ format: 'date' })
  readonly validFrom: string;
  @ApiPropertyOptional({ format: 'date' })
  readonly validTo?: string;
  @ApiProperty({ type: [String], description: 'The fields that took its place after its last day.' })
  readonly successorKeys: readonly string[];
}

@ApiTags('fields of action')
@Controller('fields-of-action')
export class FieldOfActionController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
  ) {}

  @Post()
  @Roles('coordinator')
  @ApiCommand({ status: 201, type: FieldKey })
  async add(@Body() data: FieldDto, @Context() context: CommandContext) {
    const command = { type: 'AddFieldOfAction', data, context } as const;
    const accepted = await this.commands.handle(fieldOfAction, data.key, command, { startsStream: true });
    return created(accepted, '/registry/fields-of-action', { key: data.key });
  }

  @Post(':key/names')
  @Roles('coordinator')
  @ApiCommand({ status: 204 })
  async rename(
    @Param() { key }: FieldParams,
    @Body() data: NamesDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    const command = { type: 'RenameFieldOfAction', data, context } as const;
    return commandReply(await this.commands.handle(fieldOfAction, key, command, { expectedRevision }));
  }

  /** All on one page: there are about twenty. */
  @Get()
  @Roles('coordinator', 'representative', 'fund-officer', 'reviewer', 'approver', 'chair', 'public-contact')
  @WaitsFor('field-of-action-list')
  @ApiPaged(FieldView)
  async list(@Query() { validOn }: FieldsQuery): Promise<Paged<FieldView>> {
    const fields = await findFieldsOfAction(this.database.manager, validOn);
    const items = fields.map(({ validTo, ...field }) => ({ ...field, validTo: validTo ?? undefined }));
    return { items, total: items.length };
  }
}
