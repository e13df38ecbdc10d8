import {
  ApiPaged,
  invalidRequest,
  notFound,
  type Paged,
  PageQuery,
  parseSort,
  RegionKey,
  Roles,
  WaitsFor,
  Day,
  Text,
} from '@alliance/service-host';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { DataSource } from 'typeorm';
import { type RegionLevel, regionLevels } from '../region-levels';
import { findRegion, findRegions, type RegionRow } from './region-map.read-model';

class RegionPageQuery extends PageQuery {
  @IsOptional()
  @RegionKey()
  @ApiPropertyOptional({ description: 'AGS of a region: it and all within it.', example: '09000000' })
  readonly within?: string;

  @IsOptional()
  @IsIn(regionLevels)
  readonly level?: RegionLevel;

  @IsOptional()
  @Text(120)
  @ApiPropertyOptional({ description: 'Part of the name, in upper or lower case.' })
  readonly name?: string;

  @IsOptional()
  @Day()
  @ApiPropertyOptional({ description: 'Leaves out regions that are not valid on this day.' })
  readonly validOn?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  @ApiPropertyOptional({ description: '`key` (without it) or `name`; a minus sign in front for descending.' })
  readonly sort?: string;
}

class RegionParams {
  @RegionKey()
  readonly key: string;
}

/** A region as it is recorded, or would be. */
export class RegionFacts {
  @ApiProperty({ description: 'AGS: eight digits.', example: '09162000' })
  readonly key: string;
  @ApiProperty()
  readonly name: string;
  @ApiProperty({ enum: regionLevels, isArray: true, description: 'A set: Berlin is Land, Kreis and Gemeinde.' })
  readonly levels: readonly RegionLevel[];
  @ApiPropertyOptional()
  readonly parentKey?: string;
  @ApiPropertyOptional()
  readonly population?: number;
  @ApiProperty({ format: 'date' })
  readonly validFrom: string;
  @ApiPropertyOptional({ format: 'date' })
  readonly validTo?: string;
  @ApiProperty({ type: [String], description: 'The regions that its territory went to.' })
  readonly successorKeys: readonly string[];
}

@ApiTags('regions')
@Controller('regions')
export class RegionController {
  constructor(private readonly database: DataSource) {}

  @Get()
  @Roles('coordinator', 'representative', 'fund-officer', 'reviewer', 'approver', 'chair', 'public-contact')
  @WaitsFor('region-map')
  @ApiPaged(RegionFacts)
  async list(@Query() query: RegionPageQuery): Promise<Paged<RegionFacts>> {
    const order = parseSort(query.sort, ['key', 'name']);
    const page = await findRegions(this.database.manager, { ...query, order });
    if (page === 'unknown region') {
      throw invalidRequest([{ field: 'within', reason: 'unknown', expected: 'the AGS of a region that is recorded' }]);
    }
    return { ...page, items: page.items.map(viewOf) };
  }

  @Get(':key')
  @Roles('coordinator', 'representative', 'fund-officer', 'reviewer', 'approver', 'chair', 'public-contact')
  @WaitsFor('region-map')
  @ApiOkResponse({ type: RegionFacts })
  async one(@Param() { key }: RegionParams): Promise<RegionFacts> {
    const region = await findRegion(this.database.manager, key);
    if (region === undefined) throw notFound('REGION_UNKNOWN', 'There is no region with this key.');
    return viewOf(region);
  }
}

function viewOf({ parentKey, population, validTo, prefix: _prefix, ...region }: RegionRow): RegionFacts {
  return {
    ...region,
    parentKey: parentKey ?? undefined,
    population: population ?? undefined,
    validTo: validTo ?? undefined,
  };
}
