import {
  ApiPaged,
  booleanOfQuery,
  type Paged,
  PageQuery,
  parseSort,
  Roles,
  Slug,
  WaitsFor,
} from '@alliance/service-host';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional, IsString, Matches } from 'class-validator';
import { DataSource } from 'typeorm';
import { findShortages, type Shortage } from './shortage.read-model';

class ShortagesQuery extends PageQuery {
  @IsOptional()
  @Transform(booleanOfQuery)
  @IsBoolean({ message: 'must be true or false' })
  @ApiPropertyOptional({ type: 'boolean', description: 'Those that last, or those that are over.' })
  readonly open?: boolean;

  @IsOptional()
  @Slug()
  @ApiPropertyOptional({ example: 'accommodation' })
  readonly fieldKey?: string;

  @IsOptional()
  @Matches(/^(\d{2}|\d{3}|\d{5}|\d{8})$/, { message: 'must be the first 2, 3 or 5 digits of an AGS, or all 8' })
  @ApiPropertyOptional({ description: 'What the AGS of the region begins with: 09 is Bavaria.', example: '09' })
  readonly regionPrefix?: string;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ description: 'declaredOn; a minus sign turns the order.', default: '-declaredOn' })
  readonly sort?: string;
}

class ShortageView {
  @ApiProperty()
  readonly shortageId: string;
  @ApiProperty()
  readonly fieldKey: string;
  @ApiProperty({ description: 'With all that lies within it.' })
  readonly regionKey: string;
  @ApiProperty({ format: 'date' })
  readonly declaredOn: string;
  @ApiPropertyOptional({ format: 'date', description: 'Absent as long as it lasts.' })
  readonly easedOn?: string;
}

@ApiTags('shortages')
@Controller('shortages')
export class ShortageController {
  constructor(private readonly database: DataSource) {}

  /** The shortages (Engpässe) of which the liaison to the public sector has told: what a matching round may see. */
  @Get()
  @Roles('coordinator', 'representative')
  @WaitsFor('shortage-list')
  @ApiPaged(ShortageView)
  async list(@Query() { open, sort, ...query }: ShortagesQuery): Promise<Paged<ShortageView>> {
    const order = parseSort(sort, ['declaredOn']);
    const page = await findShortages(this.database.manager, { ...query, isOpen: open, order });
    return { ...page, items: page.items.map(view) };
  }
}

function view({ id: shortageId, fieldKey, regionKey, declaredOn, easedOn }: Shortage): ShortageView {
  return { shortageId, fieldKey, regionKey, declaredOn, ...(easedOn !== null && { easedOn }) };
}
