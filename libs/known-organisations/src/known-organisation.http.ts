import { ApiPaged, notFound, type Paged, PageQuery, parseSort, Roles, UuidParam } from '@alliance/service-host';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { DataSource } from 'typeorm';
import {
  findKnownOrganisations,
  findSurvivors,
  type KnownKind,
  KnownOrganisation,
  type KnownStatus,
  knownStatuses,
} from './known-organisation.read-model';

const kinds: readonly KnownKind[] = ['civil-society', 'company', 'foundation', 'public-body'];

class KnownOrganisationsQuery extends PageQuery {
  @IsOptional()
  @IsIn(knownStatuses)
  readonly status?: KnownStatus;

  @IsOptional()
  @IsIn(kinds)
  readonly kind?: KnownKind;

  @IsOptional()
  @Matches(/^(\d{2}|\d{3}|\d{5}|\d{8})$/, { message: 'must be the first 2, 3 or 5 digits of an AGS, or all 8' })
  @ApiPropertyOptional({ description: 'What the AGS of the seat begins with: 09 is Bavaria.', example: '09' })
  readonly regionPrefix?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  @ApiPropertyOptional({ description: '`name` (without it) or `since`; a minus sign in front for descending.' })
  readonly sort?: string;
}

class KnownOrganisationView {
  @ApiProperty({ format: 'uuid' })
  readonly id: string;
  @ApiProperty()
  readonly name: string;
  @ApiProperty({ enum: kinds })
  readonly kind: KnownKind;
  @ApiPropertyOptional({ description: 'AGS of the seat.' })
  readonly regionKey?: string;
  @ApiProperty({ enum: knownStatuses })
  readonly status: KnownStatus;
  @ApiProperty({ format: 'date-time', description: 'Since when it has had this status.' })
  readonly since: string;
  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Of one that is merged: the organisation that it went into, which may itself be merged into a third.',
  })
  readonly mergedInto?: string;
}

class KnownOrganisationAnswer extends KnownOrganisationView {
  @ApiProperty({ type: KnownOrganisationView, description: 'What it counts as now: itself, or where its merges end.' })
  readonly survivor: KnownOrganisationView;
}

/** Answers what this service knows of the organisations; it is as new as the bus has brought it. */
@ApiTags('known organisations')
@Controller('known-organisations')
export class KnownOrganisationController {
  constructor(private readonly database: DataSource) {}

  @Get()
  @Roles('coordinator', 'representative', 'fund-officer', 'reviewer', 'approver', 'chair', 'public-contact')
  @ApiPaged(KnownOrganisationView)
  async list(@Query() query: KnownOrganisationsQuery): Promise<Paged<KnownOrganisationView>> {
    const order = parseSort(query.sort, ['name', 'since']);
    const page = await findKnownOrganisations(this.database.manager, { ...query, order });
    return { ...page, items: page.items.map(viewOf) };
  }

  @Get(':id')
  @Roles('coordinator', 'representative', 'fund-officer', 'reviewer', 'approver', 'chair', 'public-contact')
  @ApiOkResponse({ type: KnownOrganisationAnswer })
  async one(@UuidParam('id') id: string): Promise<KnownOrganisationAnswer> {
    // Both as of one moment: a merge that is heard of in between would make them contradict each other.
    const [known, survivor] = await this.database.transaction('REPEATABLE READ', async (tx) => [
      await tx.findOneBy(KnownOrganisation, { id }),
      (await findSurvivors(tx, [id])).get(id),
    ]);
    if (!known || !survivor) throw notFound('ORGANISATION_UNKNOWN', 'The registry has told of no such organisation.');
    return { ...viewOf(known), survivor: viewOf(survivor) };
  }
}

function viewOf(known: KnownOrganisation): KnownOrganisationView {
  const { id, name, kind, regionKey, status, since, mergedInto } = known;
  return {
    id,
    name,
    kind,
    regionKey: regionKey ?? undefined,
    status,
    since: since.toISOString(),
    mergedInto: mergedInto ?? undefined,
  };
}
