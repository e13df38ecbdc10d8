import { Readable } from 'node:stream';
import { dayOf } from '@alliance/calendar';
import { Clock } from '@alliance/event-sourcing';
import {
  ApiPaged,
  invalidRequest,
  type Paged,
  PageQuery,
  parseSort,
  RegionKey,
  Roles,
  WaitsFor,
  Day,
  Slug,
} from '@alliance/service-host';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { DataSource } from 'typeorm';
import { findFieldsOfAction } from '../field-of-action/field-of-action-list.read-model';
import { type OrganisationKind, organisationKinds } from '../organisation/organisation.events';
import { findRegion, findRegionsByKey } from '../region/region-map.read-model';
import { type RegionLevel, regionLevels } from '../region-levels';
import {
  findPresence,
  type PresenceFilter,
  type PresenceOrder,
  type PresenceRow,
  presenceStatuses,
} from './presence.read-model';
import { type Presence, presenceCsvHead, presenceCsvLine } from './presence-csv';

const formats = ['json', 'csv', 'ndjson'] as const;
const ROWS_A_READ = 500;

class PresenceQuery extends PageQuery {
  @IsOptional()
  @Day()
  @ApiPropertyOptional({
    description:
      'Who was there on this day; today (UTC) without it. A structure is there from its `operatingSince` until the day on which it ended or its organisation left. What a revision said counts from the day of the revision. Names and status are those of today; what was recorded for an organisation that was merged since is shown as that of the surviving one.',
  })
  readonly asOf?: string;

  @IsOptional()
  @Slug()
  @ApiPropertyOptional({
    description: 'Key of a field of action; finds what was recorded under the fields whose place it took, too.',
  })
  readonly field?: string;

  @IsOptional()
  @RegionKey()
  @ApiPropertyOptional({ description: 'AGS of a region: it and everything beneath it.', example: '09000000' })
  readonly within?: string;

  @IsOptional()
  @IsIn(organisationKinds)
  @ApiPropertyOptional({ enum: organisationKinds })
  readonly kind?: OrganisationKind;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  @ApiPropertyOptional({
    description: '`organisationName`, `fieldKey`, `regionKey`, `presentFrom`; a minus sign in front for descending.',
  })
  readonly sort?: string;

  @IsIn(formats)
  @ApiPropertyOptional({
    enum: formats,
    default: 'json',
    description:
      '`json`: a page. `csv`: all rows, with HXL tags under the header. `ndjson`: all rows as a stream, one JSON object a line. The latter two know neither `limit` nor `cursor`; who breaks off begins again.',
  })
  readonly format: (typeof formats)[number] = 'json';
}

class PresenceView implements Presence {
  @ApiProperty({ format: 'uuid', description: 'Of today: after a merge the surviving one.' })
  readonly organisationId: string;
  @ApiProperty()
  readonly organisationName: string;
  @ApiProperty({ enum: organisationKinds })
  readonly organisationKind: OrganisationKind;
  @ApiProperty({ format: 'uuid' })
  readonly structureId: string;
  @ApiProperty()
  readonly structureName: string;
  @ApiProperty({ example: 'legal-advice' })
  readonly service: string;
  @ApiProperty({ type: [String] })
  readonly targetGroups: readonly string[];
  @ApiProperty({ description: 'As it was recorded.' })
  readonly fieldKey: string;
  @ApiPropertyOptional({ description: 'The present name.' })
  readonly fieldNameDe?: string;
  @ApiPropertyOptional({ description: 'The present name.' })
  readonly fieldNameEn?: string;
  @ApiProperty({ example: '09162000' })
  readonly regionKey: string;
  @ApiPropertyOptional()
  readonly regionName?: string;
  @ApiProperty({ enum: regionLevels, isArray: true })
  readonly regionLevels: readonly RegionLevel[];
  @ApiProperty({ format: 'date' })
  readonly presentFrom: string;
  @ApiPropertyOptional({ format: 'date', description: 'The first day on which it was not there any more.' })
  readonly presentUntil?: string;
  @ApiProperty({ enum: presenceStatuses })
  readonly status: (typeof presenceStatuses)[number];
  @ApiProperty({ format: 'date', description: 'The day that was asked for.' })
  readonly asOf: string;
}

@ApiTags('presence')
@Controller('presence')
export class PresenceController {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Roles('coordinator', 'representative', 'fund-officer', 'reviewer', 'approver', 'chair', 'public-contact', 'analyst')
  @WaitsFor('presence')
  @ApiOperation({ summary: 'Who does what where (3W): a row for each structure, field of action and region.' })
  @ApiProduces('application/json', 'text/csv', 'application/x-ndjson')
  @ApiPaged(PresenceView)
  async list(@Query() query: PresenceQuery): Promise<Paged<PresenceView> | StreamableFile> {
    const { sort, format, limit, cursor, ...filters } = query;
    const order = parseSort(sort, ['organisationName', 'fieldKey', 'regionKey', 'presentFrom']);
    const filter = { ...filters, asOf: filters.asOf ?? dayOf(this.clock.now().toISOString()) };
    if (filter.within !== undefined && (await findRegion(this.database.manager, filter.within)) === undefined) {
      throw invalidRequest([{ field: 'within', reason: 'unknown', expected: 'the AGS of a region that is recorded' }]);
    }
    if (format === 'json') return this.page(filter, { order, limit, cursor });
    const lines = format === 'csv' ? this.csv(filter, order) : this.ndjson(filter, order);
    const type = format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/x-ndjson';
    const disposition = `attachment; filename="presence-${filter.asOf}.${format}"`;
    return new StreamableFile(Readable.from(lines, { objectMode: false }), { type, disposition });
  }

  private async page(
    filter: PresenceFilter,
    page: { readonly order: PresenceOrder; readonly limit: number; readonly cursor?: string },
  ): Promise<Paged<PresenceView>> {
    const { items, nextCursor } = await findPresence(this.database.manager, filter, page);
    return { items: await this.describe(items, filter.asOf), nextCursor };
  }

  private async *csv(filter: PresenceFilter, order: PresenceOrder): AsyncGenerator<string> {
    yield presenceCsvHead;
    for await (const rows of this.all(filter, order)) yield rows.map(presenceCsvLine).join('');
  }

  private async *ndjson(filter: PresenceFilter, order: PresenceOrder): AsyncGenerator<string> {
    for await (const rows of this.all(filter, order)) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  }

  /** Page by page, each read when the one before has been sent: as much memory for a million rows as for one page. */
  private async *all(filter: PresenceFilter, order: PresenceOrder): AsyncGenerator<readonly PresenceView[]> {
    let cursor: string | undefined;
    do {
      const page = await this.page(filter, { order, limit: ROWS_A_READ, cursor });
      if (page.items.length > 0) yield page.items;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  }

  private async describe(rows: readonly PresenceRow[], asOf: string): Promise<readonly PresenceView[]> {
    const tx = this.database.manager;
    const fields = new Map((await findFieldsOfAction(tx)).map((field) => [field.key, field]));
    const found = await findRegionsByKey(tx, [...new Set(rows.map(({ regionKey }) => regionKey))]);
    const regions = new Map(found.map((region) => [region.key, region]));
    return rows.map(({ id: _id, presentUntil, ...row }): PresenceView => {
      const [field, region] = [fields.get(row.fieldKey), regions.get(row.regionKey)];
      return {
        ...row,
        fieldNameDe: field?.nameDe,
        fieldNameEn: field?.nameEn,
        regionName: region?.name,
        regionLevels: region?.levels ?? [],
        presentUntil: presentUntil ?? undefined,
        asOf,
      };
    });
  }
}
