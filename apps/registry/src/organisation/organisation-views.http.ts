import type { Actor } from '@alliance/event-sourcing';
import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { type Identifier, type IdentifierScheme, identifierSchemes, orgId } from '../identifier';
import { FreshnessView, freshnessViewOf } from '../record-freshness.http';
import { type Address, type OrganisationKind, organisationKinds } from './organisation.events';
import { AddressDto } from './organisation-requests.http';
import { type DirectoryEntry, type DirectoryStage, directoryStages } from './organisation-directory.read-model';
import type { Survivor } from './survivors.read-model';

class IdentifierView implements Identifier {
  @ApiProperty({ enum: identifierSchemes })
  readonly scheme: IdentifierScheme;
  @ApiPropertyOptional()
  readonly court?: string;
  @ApiProperty()
  readonly number: string;
  @ApiPropertyOptional({ description: 'As org-id.guide writes it, where the court is given by its code.' })
  readonly orgId?: string;
}

/** What an organisation says of itself. */
export class OrganisationFactsView {
  @ApiProperty()
  readonly name: string;
  @ApiProperty({ enum: organisationKinds })
  readonly kind: OrganisationKind;
  @ApiPropertyOptional()
  readonly legalForm?: string;
  @ApiPropertyOptional({ description: 'AGS of the seat.' })
  readonly regionKey?: string;
  @ApiProperty({ format: 'date' })
  readonly operatingSince: string;
  @ApiProperty({ type: [IdentifierView] })
  readonly identifiers: readonly IdentifierView[];
  @ApiProperty({ type: [String] })
  readonly fieldKeys: readonly string[];
  @ApiPropertyOptional()
  readonly website?: string;
  @ApiPropertyOptional({ type: AddressDto })
  readonly address?: Address;
  @ApiPropertyOptional({ format: 'uuid', description: 'The organisation that it belongs to.' })
  readonly parentOrganisationId?: string;
}

/** An organisation as the directory answers it. */
export class OrganisationView extends IntersectionType(OrganisationFactsView, FreshnessView) {
  @ApiProperty({ format: 'uuid' })
  readonly id: string;
  @ApiProperty({ enum: directoryStages })
  readonly stage: DirectoryStage;
  @ApiProperty({ format: 'date-time' })
  readonly stageSince: string;
  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Of one that is merged: the surviving organisation, which may itself be merged into a third.',
  })
  readonly mergedInto?: string;
  @ApiProperty({ format: 'date-time' })
  readonly appliedAt: string;
  @ApiProperty({ description: 'As in `ETag`: what `If-Match` compares with.', example: '3' })
  readonly revision: string;
}

/** `survivors` says what parents count as now; one that counts as the organisation itself is none. */
export function viewOf(entry: DirectoryEntry, survivors: ReadonlyMap<string, Survivor>): OrganisationView {
  const { id, name, kind, stage, operatingSince, fieldKeys, revision, parentId } = entry;
  const parent = parentId === null ? undefined : (survivors.get(parentId)?.id ?? parentId);
  return {
    id,
    name,
    kind,
    legalForm: entry.legalForm ?? undefined,
    stage,
    stageSince: entry.stageSince.toISOString(),
    regionKey: entry.regionKey ?? undefined,
    operatingSince,
    identifiers: entry.identifiers.map((identifier) => ({ ...identifier, orgId: orgId(identifier) })),
    fieldKeys,
    website: entry.website ?? undefined,
    address: entry.address ?? undefined,
    parentOrganisationId: parent === id ? undefined : parent,
    mergedInto: entry.mergedInto ?? undefined,
    appliedAt: entry.appliedAt.toISOString(),
    ...freshnessViewOf(entry),
    revision,
  };
}

/** One event of an organisation's history. */
export class HistoryItem {
  @ApiProperty()
  readonly revision: string;
  @ApiProperty({ example: 'OrganisationVerified' })
  readonly type: string;
  @ApiProperty({ format: 'date-time' })
  readonly occurredAt: string;
  @ApiProperty({ type: Object, description: 'Who caused it, by a pseudonymous subject.' })
  readonly actor: Actor;
  @ApiProperty()
  readonly correlationId: string;
  @ApiProperty({ type: Object })
  readonly data: unknown;
}
