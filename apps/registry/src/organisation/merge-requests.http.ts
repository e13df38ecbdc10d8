import { Slug, Text, Uuid } from '@alliance/service-host';
import type { RefusalKind } from '@alliance/event-sourcing';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsDefined, IsIn, IsOptional, ValidateNested } from 'class-validator';
import { type FactsFrom, sides } from './organisation.events';
import { OrganisationFactsView } from './organisation-views.http';

type Side = (typeof sides)[number];
const sidesOrBoth = [...sides, 'both'] as const;

/** Of which record each fact of the surviving one is taken. */
export class FactsFromDto implements FactsFrom {
  @IsIn(sides)
  readonly name: Side;
  @IsIn(sides)
  readonly kind: Side;
  @IsIn(sides)
  readonly legalForm: Side;
  @IsIn(sides)
  readonly operatingSince: Side;
  @IsIn(sides)
  readonly regionKey: Side;
  @IsIn(sidesOrBoth)
  readonly identifiers: Side | 'both';
  @IsIn(sidesOrBoth)
  readonly fieldKeys: Side | 'both';
  @IsIn(sides)
  readonly website: Side;
  @IsIn(sides)
  readonly address: Side;
  @IsIn(sides)
  readonly parentOrganisationId: Side;
}

export class MergeReasonDto {
  @Slug()
  @ApiProperty({ example: 'duplicate' })
  readonly reasonCode: string;

  @IsOptional()
  @Text(1000)
  @ApiPropertyOptional({ description: 'About the organisations; not for names, addresses or numbers of persons.' })
  readonly note?: string;
}

export class MergeDto extends MergeReasonDto {
  @Uuid()
  @ApiProperty({ format: 'uuid', description: 'The surviving organisation.' })
  readonly into: string;

  @IsDefined({ message: 'must name for each fact the record that it is taken from' })
  @ValidateNested()
  @Type(() => FactsFromDto)
  @ApiProperty({
    type: FactsFromDto,
    description: 'Of which record each fact of the surviving one is taken; `absorbed` is the one that goes.',
  })
  readonly factsFrom: FactsFromDto;
}

export class MergePreviewQuery {
  @Uuid()
  @ApiProperty({ format: 'uuid', description: 'The organisation that would survive.' })
  readonly into: string;
}

class MergeSide {
  @ApiProperty({ format: 'uuid' })
  readonly id: string;
  @ApiProperty({ example: 'admitted' })
  readonly stage: string;
  @ApiProperty({ type: OrganisationFactsView })
  readonly facts: OrganisationFactsView;
}

class MergeBlocker {
  @ApiProperty({ enum: ['conflict', 'unprocessable', 'forbidden', 'not-found'] })
  readonly refused: RefusalKind;
  @ApiProperty({ example: 'ORGANISATION_PAYMENT_PENDING' })
  readonly code: string;
  @ApiProperty()
  readonly detail: string;
  @ApiPropertyOptional({ type: Object })
  readonly data: unknown;
}

/** What a merge would meet with, before anyone decides. */
export class MergePreview {
  @ApiProperty({ type: MergeSide })
  readonly absorbed: MergeSide;
  @ApiProperty({ type: MergeSide })
  readonly survivor: MergeSide;
  @ApiProperty({ type: [String], description: 'Facts in which the two differ.', example: ['name', 'website'] })
  readonly differences: readonly (keyof FactsFrom)[];
  @ApiProperty({ type: [MergeBlocker], description: 'All that forbids the merge at present.' })
  readonly blockers: readonly MergeBlocker[];
}
