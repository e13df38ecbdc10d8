import { createHash } from 'node:crypto';
import { dayOf } from '@alliance/calendar';
import type { CommandContext } from '@alliance/event-sourcing';
import { isRefusal } from '@alliance/event-sourcing';
import { deriveId } from '@alliance/event-store';
import {
  AcceptsUpload,
  ApiCommand,
  booleanOfQuery,
  CommandHandler,
  type CommandReply,
  commandReply,
  Context,
  invalidRequest,
  newId,
  PageQuery,
  ProblemError,
  RefusedError,
  Roles,
  unavailable,
  WaitsFor,
  Day,
} from '@alliance/service-host';
import { Body, Controller, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, Matches } from 'class-validator';
import { DataSource } from 'typeorm';
import { type Region, type RegionSource, regionSources, TERRITORY } from './region.events';
import { RegionFacts } from './region.http';
import { type RegionChange, type RegionChangeKind, regionChangeKinds, regionChanges } from './region-changes';
import { readRegionFile } from './region-file.http';
import { importRegions } from './region-import.reactor';

import { recordedRegions } from './region-map.read-model';
import { territory, type TerritoryState } from './territory.decider';

/** Large enough for the official file, which has about 4 MB. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;
const MOST_FAULTS_SHOWN = 100;

class RegionImportQuery extends PageQuery {
  @Transform(booleanOfQuery)
  @IsBoolean()
  @ApiPropertyOptional({ type: Boolean, default: false, description: 'Only show what would change; record nothing.' })
  readonly dryRun: boolean = false;

  @IsOptional()
  @Matches(/^[0-9a-f]{64}$/, { message: 'must be the digest that the dry run of this file answered' })
  @ApiPropertyOptional({ description: 'Of the changes as the dry run showed them: exactly these are recorded.' })
  readonly digest?: string;

  @IsOptional()
  @Day()
  @ApiPropertyOptional({
    description: 'The day on which the regions of a CSV exist; today without it. A GV100AD file says it itself.',
  })
  readonly asOf?: string;

  @IsOptional()
  @IsIn(regionChangeKinds)
  @ApiPropertyOptional({ enum: regionChangeKinds, description: 'Shows only the changes of this kind.' })
  readonly kind?: RegionChangeKind;
}

class RegionChangeCounts implements Record<RegionChangeKind, number> {
  @ApiProperty()
  readonly added: number;
  @ApiProperty()
  readonly ended: number;
  @ApiProperty()
  readonly renamed: number;
  @ApiProperty()
  readonly levels: number;
  @ApiProperty()
  readonly parent: number;
  @ApiProperty()
  readonly population: number;
  @ApiProperty()
  readonly validity: number;
  @ApiProperty()
  readonly successors: number;
}

class RegionChangeView {
  @ApiProperty({ example: '16056000' })
  readonly key: string;
  @ApiProperty({ enum: regionChangeKinds, isArray: true })
  readonly kinds: readonly RegionChangeKind[];
  @ApiPropertyOptional({ type: RegionFacts, description: 'Absent for a region that is new.' })
  readonly before?: RegionFacts;
  @ApiProperty({ type: RegionFacts })
  readonly after: RegionFacts;
}

class RegionImportView {
  @ApiProperty()
  readonly dryRun: boolean;
  @ApiPropertyOptional({ format: 'uuid', description: 'Absent in a dry run, and when there was nothing to change.' })
  readonly importId?: string;
  @ApiProperty({ enum: regionSources })
  readonly source: RegionSource;
  @ApiProperty({ description: 'How many regions change.' })
  readonly changed: number;
  @ApiPropertyOptional({ description: 'In a dry run: what the import takes as `digest`.' })
  readonly digest?: string;
  @ApiPropertyOptional({ type: RegionChangeCounts, description: 'In a dry run: one region may count several times.' })
  readonly counts?: RegionChangeCounts;
  @ApiPropertyOptional({ type: [RegionChangeView], description: 'In a dry run: a page of the changes, by key.' })
  readonly changes?: readonly RegionChangeView[];
  @ApiPropertyOptional({ description: 'Absent on the last page; send the file again with it as `cursor`.' })
  readonly nextCursor?: string;
}

@ApiTags('regions')
@Controller('region-imports')
export class RegionImportController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
  ) {}

  /**
   * First with `dryRun=true`, which shows what would change, region by region, and then with the `digest` of that. An
   * official file is complete: what it leaves out of the Länder in it ends on the day before that of the file. A CSV
   * names single regions and ends none but those with `valid_to`.
   */
  @Post()
  @HttpCode(200)
  @Roles('coordinator')
  @WaitsFor('region-map')
  @ApiOperation({ summary: 'Imports the official GV100AD file or a CSV (ags,name,population); all of it or nothing.' })
  @AcceptsUpload({ mediaTypes: ['text/csv', 'text/plain', 'application/octet-stream'], maxBytes: MAX_FILE_BYTES })
  @ApiCommand({ status: 200, type: RegionImportView })
  async import(
    @Body() file: Buffer,
    @Query() query: RegionImportQuery,
    @Context() context: CommandContext,
  ): Promise<CommandReply<RegionImportView> | RegionImportView> {
    const { dryRun, digest } = query;
    const { state, last } = await this.commands.load(territory, TERRITORY);
    if (dryRun) return this.show(file, query, state, context);
    if (digest === undefined) {
      const expected = 'the digest that the dry run (dryRun=true) of this file answered';
      throw invalidRequest([{ field: 'digest', reason: 'missing', expected }]);
    }
    const importId = deriveId(newId(context, 'region-import'), digest);
    const known = state.imports.find((one) => one.importId === importId);
    if (known === undefined) return this.record(importId, file, { ...query, digest }, context);
    // A repeat gets the answer to the first request, whatever file it came with.
    const view = { dryRun, importId, source: known.source, changed: known.regions };
    return commandReply({ revision: last?.revision, position: last?.position, events: [] }, view);
  }

  private async show(
    file: Buffer,
    query: RegionImportQuery,
    state: TerritoryState,
    context: CommandContext,
  ): Promise<RegionImportView> {
    const { list, changes, version } = await this.compare(file, query, context);
    const { source, statedOn } = list;
    const data = { importId: newId(context, 'dry run'), follows: version, source, statedOn, regions: changes.length };
    const decision = territory.decider.decide({ type: 'AcceptRegionImport', data, context }, state);
    if (isRefusal(decision)) throw new RefusedError(decision);
    const { kind, cursor = '', limit } = query;
    const wanted = changes.filter(({ key, kinds }) => key > cursor && (kind === undefined || kinds.includes(kind)));
    const page = wanted.slice(0, limit);
    return {
      dryRun: true,
      source,
      changed: changes.length,
      digest: digestOf(changes),
      counts: countsOf(changes),
      changes: page.map(viewOf),
      nextCursor: wanted.length > limit ? page.at(-1)?.key : undefined,
    };
  }

  private async record(
    importId: string,
    file: Buffer,
    query: RegionImportQuery & { readonly digest: string },
    context: CommandContext,
  ): Promise<CommandReply<RegionImportView>> {
    const { list, changes, version } = await this.compare(file, query, context);
    const digest = digestOf(changes);
    if (digest !== query.digest) {
      const detail =
        'These are not the changes that were shown: regions or file have changed since; look at them again.';
      throw new ProblemError(409, 'REGION_CHANGES_DIFFER', detail, { data: { digest, counts: countsOf(changes) } });
    }
    const { source } = list;
    if (changes.length === 0) {
      return commandReply(
        { revision: undefined, position: undefined, events: [] },
        { dryRun: false, source, changed: 0 },
      );
    }
    const regions = changes.map(({ after }) => after);
    const accepted = await importRegions(this.commands, { ...list, regions, importId, follows: version }, context);
    if (isRefusal(accepted)) throw new RefusedError(accepted);
    return commandReply(accepted, { dryRun: false, importId, source, changed: regions.length });
  }

  private async compare(file: Buffer, { asOf }: RegionImportQuery, context: CommandContext) {
    const recorded = await recordedRegions(this.database);
    if (recorded === undefined) throw unavailable('REGIONS_NOT_READY', 'The Länder are being recorded.', 1);
    const { regions, version } = recorded;
    const knownKeys = new Set(
      [...regions.values()].flatMap(({ key, validTo }) => (validTo === undefined ? [key] : [])),
    );
    const list = readRegionFile(file, { asOf: asOf ?? dayOf(context.at), knownKeys });
    if ('faults' in list) {
      const { length } = list.faults;
      throw new ProblemError(422, 'REGION_FILE_BROKEN', `${length} fault(s) in the file; nothing was imported.`, {
        data: { faults: list.faults.slice(0, MOST_FAULTS_SHOWN), faultsInAll: length },
      });
    }
    return { list, version, changes: regionChanges(list, regions) };
  }
}

function viewOf({ key, kinds, before, after }: RegionChange): RegionChangeView {
  return { key, kinds, before: before && factsOf(before), after: factsOf(after) };
}

function factsOf(region: Region): RegionFacts {
  return { ...region, successorKeys: region.successorKeys ?? [] };
}

function digestOf(changes: readonly RegionChange[]): string {
  return createHash('sha256').update(JSON.stringify(changes)).digest('hex');
}

function countsOf(changes: readonly RegionChange[]): RegionChangeCounts {
  const count = (kind: RegionChangeKind) => changes.filter(({ kinds }) => kinds.includes(kind)).length;
  return Object.fromEntries(regionChangeKinds.map((kind) => [kind, count(kind)])) as Record<RegionChangeKind, number>;
}
