import type { CommandContext } from '@alliance/event-sourcing';
import { isRefusal } from '@alliance/event-sourcing';
import {
  AcceptsUpload,
  ApiCommand,
  ApiPaged,
  CommandHandler,
  type CommandReply,
  Context,
  created,
  invalidRequest,
  newId,
  notFound,
  type Paged,
  PageQuery,
  parseSort,
  ProblemError,
  RefusedError,
  Roles,
  WaitsFor,
} from '@alliance/service-host';
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { DataSource } from 'typeorm';
import { dayOf } from '../calendar';
import { Day, RegionKey, Text } from '../request-rules.http';
import { type RegionSource, regionSources } from './region.events';
import { readRegionFile } from './region-file.http';
import { importRegions } from './region-import.reactor';
import { type RegionLevel, regionLevels } from '../region-key';
import { findRegion, findRegions, regionKeys, type RegionRow } from './region-map.read-model';

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
  @IsString()
  @MaxLength(100)
  @ApiPropertyOptional({ description: '`key` (without it) or `name`; a minus sign in front for descending.' })
  readonly sort?: string;
}

class RegionParams {
  @RegionKey()
  readonly key: string;
}

class RegionImportQuery {
  @IsOptional()
  @Day()
  @ApiPropertyOptional({
    description: 'The day on which the regions of a CSV exist; today without it. A GV100AD file says it itself.',
  })
  readonly asOf?: string;
}

class RegionView {
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
  @ApiProperty({ type: [String] })
  readonly successorKeys: readonly string[];
}

class RegionImportView {
  @ApiProperty({ format: 'uuid' })
  readonly importId: string;
  @ApiProperty({ enum: regionSources })
  readonly source: RegionSource;
  @ApiProperty()
  readonly regions: number;
}

/** Large enough for the official file, which has about 4 MB. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;
const MOST_FAULTS_SHOWN = 100;

@ApiTags('regions')
@Controller()
export class RegionController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
  ) {}

  @Post('region-imports')
  @Roles('coordinator')
  @ApiOperation({ summary: 'Imports the official GV100AD file or a CSV (ags,name,population); all of it or nothing.' })
  @AcceptsUpload({ mediaTypes: ['text/csv', 'text/plain', 'application/octet-stream'], maxBytes: MAX_FILE_BYTES })
  @ApiCommand({ status: 201, type: RegionImportView })
  async import(
    @Body() file: Buffer,
    @Query() { asOf }: RegionImportQuery,
    @Context() context: CommandContext,
  ): Promise<CommandReply<RegionImportView>> {
    const knownKeys = await regionKeys(this.database.manager);
    const list = readRegionFile(file, { asOf: asOf ?? dayOf(context.at), knownKeys });
    if ('faults' in list) {
      const { length } = list.faults;
      throw new ProblemError(422, 'REGION_FILE_BROKEN', `${length} fault(s) in the file; nothing was imported.`, {
        data: { faults: list.faults.slice(0, MOST_FAULTS_SHOWN), faultsInAll: length },
      });
    }
    const importId = newId(context, 'region-import');
    const accepted = await importRegions(this.commands, importId, list, context);
    if (isRefusal(accepted)) throw new RefusedError(accepted);
    const [recorded] = accepted.events;
    // A repeat gets the answer to the first request, whatever file it came with.
    const { source, regions } =
      recorded?.type === 'RegionImportAccepted' ? recorded.data : { ...list, regions: list.regions.length };
    return created(accepted, '/registry/regions', { importId, source, regions });
  }

  @Get('regions')
  @Roles('coordinator', 'representative', 'fund-officer', 'reviewer', 'approver', 'chair', 'public-contact')
  @WaitsFor('region-map')
  @ApiPaged(RegionView)
  async list(@Query() query: RegionPageQuery): Promise<Paged<RegionView>> {
    const order = parseSort(query.sort, ['key', 'name']);
    const page = await findRegions(this.database.manager, { ...query, order });
    if (page === 'unknown region') {
      throw invalidRequest([{ field: 'within', reason: 'unknown', expected: 'the AGS of a region that is recorded' }]);
    }
    return { ...page, items: page.items.map(viewOf) };
  }

  @Get('regions/:key')
  @Roles('coordinator', 'representative', 'fund-officer', 'reviewer', 'approver', 'chair', 'public-contact')
  @WaitsFor('region-map')
  @ApiOkResponse({ type: RegionView })
  async one(@Param() { key }: RegionParams): Promise<RegionView> {
    const region = await findRegion(this.database.manager, key);
    if (region === undefined) throw notFound('REGION_UNKNOWN', 'There is no region with this key.');
    return viewOf(region);
  }
}

function viewOf({ parentKey, population, validTo, prefix: _prefix, ...region }: RegionRow): RegionView {
  return {
    ...region,
    parentKey: parentKey ?? undefined,
    population: population ?? undefined,
    validTo: validTo ?? undefined,
  };
}
