import { Day, PageQuery, QueryInteger, Slug, Text, Uuid } from '@alliance/service-host';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { MOST_MINUTES_A_WEEK, MOST_SEATS } from '../event-fields';
import {
  Keys,
  LanguageDto,
  OfferedInRegion,
  OfferReach,
  OrganisationIds,
  RegionKeys,
  SkillDto,
  Week,
  WeeklyWindowDto,
} from '../matching-requests.http';
import type { OfferScope } from './offer-scope.read-model';

/** What is offered: the time of anonymous seats, never of named employees. */
export class OfferDto extends WeeklyWindowDto {
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => SkillDto)
  @ApiProperty({ type: [SkillDto] })
  readonly skills: SkillDto[];

  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => LanguageDto)
  @ApiProperty({ type: [LanguageDto] })
  readonly languages: LanguageDto[];

  @Keys({ min: 1, max: 50 })
  @ApiProperty({ type: [String], example: ['accommodation'] })
  readonly fieldKeys: string[];

  @RegionKeys({ min: 0 })
  @ApiProperty({ type: [String], description: 'AGS; whatever lies within them is reached as well.' })
  readonly regionKeys: string[];

  @IsBoolean()
  @ApiProperty({ description: 'Needs that can be met remotely are reached wherever they are.' })
  readonly isRemotePossible: boolean;

  @IsInt()
  @Min(1)
  @Max(MOST_SEATS)
  @ApiProperty({ type: 'integer', minimum: 1, maximum: MOST_SEATS, description: 'minutesPerWeek are of all together.' })
  readonly seats: number;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_MINUTES_A_WEEK)
  @ApiPropertyOptional({ type: 'integer', description: 'One need takes at least so many minutes of a week.' })
  readonly minimumBlockMinutes?: number;

  @IsInt()
  @Min(0)
  @Max(366)
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    maximum: 366,
    description: 'From an allocation to the first day of help.',
  })
  readonly leadTimeDays: number;

  @OrganisationIds()
  @ApiProperty({ type: [String], description: 'Not to be matched with it. Shown to the own side and to coordinators.' })
  readonly excludedOrganisationIds: string[];
}

export class ReasonDto {
  @Slug()
  @ApiProperty({ description: 'A code, never free text, which could name persons.', example: 'no-longer' })
  readonly reasonCode: string;
}

export class ProofDto {
  @Slug()
  @ApiProperty({ example: 'certificate-of-conduct' })
  readonly key: string;

  @Text(500)
  @ApiProperty({ description: 'Where the proof can be found, never the proof; it must not name persons.' })
  readonly evidence: string;

  @Day()
  @ApiProperty({ format: 'date', description: 'The last day on which it counts.' })
  readonly validUntil: string;
}

export class WeeksQuery {
  @IsOptional()
  @Week()
  @ApiPropertyOptional({ description: 'The first week that is shown; the present one when absent.' })
  readonly fromWeek?: string;

  @IsOptional()
  @QueryInteger({ min: 1, max: 26 })
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 26, default: 4, description: 'How many are shown.' })
  readonly weeks: number = 4;
}

export class OffersQuery extends PageQuery {
  @IsOptional()
  @Uuid()
  readonly organisationId?: string;

  @IsOptional()
  @Slug()
  @ApiPropertyOptional({ description: 'A field of action.' })
  readonly field?: string;

  @OfferedInRegion()
  readonly region?: string;

  @OfferReach()
  readonly reach?: OfferScope['reach'];

  @IsOptional()
  @Slug()
  readonly skill?: string;

  @IsOptional()
  @Matches(/^[a-z]{2,3}$/, { message: 'must be a code by ISO 639, such as uk' })
  readonly language?: string;

  @IsOptional()
  @IsIn(['open', 'paused', 'withdrawn'])
  readonly status?: 'open' | 'paused' | 'withdrawn';

  @IsOptional()
  @IsIn(['fresh', 'stale'])
  @ApiPropertyOptional({ description: 'stale: nobody has assured for long that it still holds.' })
  readonly freshness?: 'fresh' | 'stale';

  @IsOptional()
  @Week()
  @ApiPropertyOptional({ description: 'The first week that is shown; the present one when absent.' })
  readonly fromWeek?: string;

  @IsOptional()
  @QueryInteger({ min: 1, max: 26 })
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 26, default: 4, description: 'How many are shown.' })
  readonly weeks: number = 4;

  @IsOptional()
  @QueryInteger({ min: 1, max: MOST_MINUTES_A_WEEK })
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MOST_MINUTES_A_WEEK,
    description: 'Open offers only with so many free minutes or more in one of the weeks that are shown.',
  })
  readonly freeMinutes?: number;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({
    description: 'publishedAt, assuredAt, minutesPerWeek, availableFrom, availableUntil; `-` in front for descending',
    default: '-publishedAt',
  })
  readonly sort: string = '-publishedAt';
}
