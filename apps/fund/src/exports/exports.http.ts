import { Readable } from 'node:stream';
import { dayOf } from '@alliance/calendar';
import { type Actor, Clock } from '@alliance/event-sourcing';
import { findSurvivors, idsCountingAs } from '@alliance/known-organisations';
import {
  CommandHandler,
  CurrentActor,
  parseSort,
  ProblemError,
  RegionKey,
  Roles,
  WaitsFor,
  Slug,
  Uuid,
} from '@alliance/service-host';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { DataSource, type EntityManager } from 'typeorm';
import { FundSettings } from '../fund.config';
import { listAccess } from '../grant-by-log.http';
import { findGrants, type GrantEntry, type GrantsQuery, listedStages } from '../grant/grant-register.read-model';
import { grantsCsvHead, grantsCsvLine, type ListedGrant } from './grants-csv';
import { type Funder, type PublishedGrant, threeSixty, type ThreeSixtyDocument } from './three-sixty';
import { threeSixtyFaults } from './three-sixty-rules';

const ROWS_A_READ = 500;

class GrantsCsvQuery {
  @IsOptional()
  @IsIn(listedStages)
  @ApiPropertyOptional({ enum: listedStages })
  readonly stage?: GrantsQuery['stage'];

  @IsOptional()
  @Uuid()
  @ApiPropertyOptional({ format: 'uuid' })
  readonly call?: string;

  @IsOptional()
  @Uuid()
  @ApiPropertyOptional({ format: 'uuid' })
  readonly pot?: string;

  @IsOptional()
  @Uuid()
  @ApiPropertyOptional({ format: 'uuid', description: 'Who applied, under every id that counts as it.' })
  readonly applicant?: string;

  @IsOptional()
  @Slug()
  @ApiPropertyOptional({ description: 'Key of a field of action.' })
  readonly field?: string;

  @IsOptional()
  @RegionKey()
  @ApiPropertyOptional({ description: 'AGS of a region: it and everything in it.', example: '09000000' })
  readonly within?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  @ApiPropertyOptional({
    description:
      '`title`, `stage`, `stageSince`, `draftedAt`, `requested`, `awarded`, `disbursed`; a minus sign in front for descending.',
  })
  readonly sort?: string;
}

/** What is given out of the grants as a whole. */
@ApiTags('exports')
@Controller('exports')
export class ExportsController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
    private readonly settings: FundSettings,
    private readonly clock: Clock,
  ) {}

  /** Held against the rules of the standard before it is given out: 409 with every fault where it breaks one. */
  @Get('360giving.json')
  @Roles('fund-officer', 'analyst', 'coordinator')
  @WaitsFor('grant-register')
  @ApiOperation({ summary: 'What was awarded, as open data: 360Giving Data Standard 1.4.' })
  @ApiOkResponse({ description: 'A 360Giving package.' })
  async threeSixty(): Promise<ThreeSixtyDocument> {
    const funder = this.funder();
    // All as of one moment, so that no grant is missed or met twice between two pages.
    const grants = await this.database.transaction('REPEATABLE READ', async (tx) => {
      const found: PublishedGrant[] = [];
      for await (const page of pagesOf(tx, { order: [] })) found.push(...(await published(tx, page)));
      return found;
    });
    const document = threeSixty(grants, funder);
    const faults = threeSixtyFaults(document, funder);
    if (faults.length === 0) return document;
    const detail = 'It would break the rules of the 360Giving standard; mend what is named, then ask again.';
    throw new ProblemError(409, 'EXPORT_AGAINST_STANDARD', detail, { data: { faults: faults.slice(0, 100) } });
  }

  /** Also of grants that are not awarded; analysts have the open data of those that are. */
  @Get('grants.csv')
  @Roles('fund-officer', 'coordinator')
  @WaitsFor('grant-register')
  @ApiOperation({ summary: 'All grants with their amounts, as CSV; no cell is taken for a formula.' })
  @ApiProduces('text/csv')
  async csv(@Query() { applicant, sort, ...filters }: GrantsCsvQuery, @CurrentActor() actor: Actor) {
    const query = {
      ...filters,
      ...(applicant !== undefined && { applicantIds: await idsCountingAs(this.database.manager, [applicant]) }),
      order: parseSort(sort, ['title', 'stage', 'stageSince', 'draftedAt', 'requested', 'awarded', 'disbursed']),
    };
    const disposition = `attachment; filename="grants-${dayOf(this.clock.now().toISOString())}.csv"`;
    return new StreamableFile(Readable.from(this.lines(query, actor), { objectMode: false }), {
      type: 'text/csv; charset=utf-8; header=present',
      disposition,
    });
  }

  /** Page by page, each read when the one before has been sent. */
  private async *lines(query: Filters, actor: Actor): AsyncGenerator<string> {
    yield grantsCsvHead;
    const tx = this.database.manager;
    const accessTo = listAccess(this.commands, tx, actor);
    for await (const page of pagesOf(tx, query)) {
      // Who is partial in a grant is not told of it in a list either.
      const shown = [];
      for (const entry of page) if ((await accessTo(entry)) === 'content') shown.push(entry);
      const names = await findSurvivors(tx, [...new Set(shown.map(({ applicantId }) => applicantId))]);
      yield shown.map((entry) => grantsCsvLine(listed(entry, names.get(entry.applicantId)?.name))).join('');
    }
  }

  private funder(): Funder {
    const { funderOrgId: orgId, funderName: name } = this.settings;
    if (orgId !== undefined) return { orgId, name };
    const detail = 'Nobody has said by which id the fund is known: set FUNDER_ORG_ID to its id by org-id.guide.';
    throw new ProblemError(409, 'FUNDER_UNIDENTIFIED', detail);
  }
}

type Filters = Omit<GrantsQuery, 'limit' | 'cursor'>;

async function* pagesOf(tx: EntityManager, query: Filters): AsyncGenerator<readonly GrantEntry[]> {
  let cursor: string | undefined;
  do {
    const page = await findGrants(
      tx,
      { ...query, limit: ROWS_A_READ, ...(cursor !== undefined && { cursor }) },
      undefined,
    );
    if (page.items.length > 0) yield page.items;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

/** Those that were awarded, with their recipients as they are known today. */
async function published(tx: EntityManager, page: readonly GrantEntry[]): Promise<readonly PublishedGrant[]> {
  const awarded = page.flatMap((entry) => (entry.awardedAt === null ? [] : [{ entry, awardedAt: entry.awardedAt }]));
  const recipients = await findSurvivors(tx, [...new Set(awarded.map(({ entry }) => recipientOf(entry)))]);
  return awarded.map(({ entry, awardedAt }) => {
    const { currency, projectFrom, projectTo, regionKeys } = entry;
    const recipient = recipients.get(recipientOf(entry));
    return {
      ...{ grantId: entry.id, title: entry.title, summary: entry.summary, regionKeys },
      awarded: { cents: Number(entry.awarded), currency },
      disbursed: { cents: Number(entry.disbursed), currency },
      awardedOn: dayOf(awardedAt.toISOString()),
      ...{ projectFrom: projectFrom ?? '', projectTo: projectTo ?? '' },
      // Whom nobody has told of has no name, which is a fault that the rules find.
      recipient: {
        id: recipient?.id ?? recipientOf(entry),
        name: recipient?.name ?? '',
        identifiers: recipient?.identifiers ?? [],
      },
    };
  });
}

function recipientOf({ survivorId, applicantId }: GrantEntry): string {
  return survivorId ?? applicantId;
}

function listed(entry: GrantEntry, applicantName: string | undefined): ListedGrant {
  const { projectFrom, projectTo, stageSince } = entry;
  return {
    ...entry,
    stageSince: stageSince.toISOString(),
    applicantName,
    projectFrom: projectFrom ?? undefined,
    projectTo: projectTo ?? undefined,
  };
}
