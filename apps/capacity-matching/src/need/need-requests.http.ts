import { booleanOfQuery, Day, PageQuery, QueryInteger, RegionKey, Slug, Uuid } from '@alliance/service-host';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
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
import { Keys, LanguageDto, OrganisationIds, SkillDto, Week, WeeklyWindowDto } from '../matching-requests.http';
import { MOST_SEVERE, strains } from './need.events';

/** What a helping organisation needs. */
export class NeedDto extends WeeklyWindowDto {
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => SkillDto)
  @ApiProperty({ type: [SkillDto], description: 'Whoever helps has to have all of them.' })
  readonly mustSkills: SkillDto[];

  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => SkillDto)
  @ApiProperty({ type: [SkillDto] })
  readonly niceSkills: SkillDto[];

  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => LanguageDto)
  @ApiProperty({ type: [LanguageDto], description: 'All of them are needed.' })
  readonly languages: LanguageDto[];

  @Keys({ min: 1, max: 50 })
  @ApiProperty({ type: [String], description: 'One of them is enough for an offer.', example: ['accommodation'] })
  readonly fieldKeys: string[];

  @RegionKey()
  @ApiProperty({ description: 'AGS.', example: '09162000' })
  readonly regionKey: string;

  @IsBoolean()
  readonly isRemotePossible: boolean;

  @Day()
  @ApiProperty({ format: 'date', description: 'By when help must have begun.' })
  readonly neededBy: string;

  @IsInt()
  @Min(1)
  @Max(MOST_SEVERE)
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: MOST_SEVERE,
    description: '3: somebody is harmed if nobody comes.',
  })
  readonly severity: number;

  @IsIn(strains)
  @ApiProperty({ enum: strains, description: 'Of the organisation as a whole, apart from how severe this need is.' })
  readonly strain: (typeof strains)[number];

  @IsInt()
  @Min(0)
  @Max(10_000)
  @ApiProperty({ type: 'integer', description: 'How many people one helper of the organisation cares for at present.' })
  readonly peoplePerHelper: number;

  @Keys({ min: 0, max: 20 })
  @ApiProperty({ type: [String], description: 'Without proof of them nobody may help.', example: [] })
  readonly requiredQualifications: string[];

  @OrganisationIds()
  @ApiProperty({ type: [String], description: 'Not to be matched with it. Shown to the own side and to coordinators.' })
  readonly excludedOrganisationIds: string[];

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(50)
  @ApiPropertyOptional({ type: 'integer', description: 'More supporting offers at once cannot be looked after.' })
  readonly mostSupporters?: number;
}

export class PriorityDto {
  @IsInt()
  @Min(1)
  @Max(MOST_SEVERE)
  readonly severity: number;

  @Slug()
  @ApiProperty({ description: 'A code, never free text.', example: 'children' })
  readonly reasonCode: string;
}

const closings = ['fulfilled', 'fulfilled-elsewhere', 'withdrawn'] as const;

export class CloseNeedDto {
  @IsIn(closings)
  @ApiProperty({ enum: closings })
  readonly reasonCode: (typeof closings)[number];
}

export class NeedsQuery extends PageQuery {
  @IsOptional()
  @Uuid()
  readonly organisationId?: string;

  @IsOptional()
  @IsIn(['open', 'closed'])
  readonly status?: 'open' | 'closed';

  @IsOptional()
  @Slug()
  @ApiPropertyOptional({ description: 'A field of action.' })
  readonly field?: string;

  @IsOptional()
  @Matches(/^\d{2,8}$/, { message: 'must be the first 2 to 8 digits of an AGS, such as 09 or 09162' })
  @ApiPropertyOptional({ description: 'What the AGS begins with: 09 is all of Bavaria.' })
  readonly region?: string;

  @IsOptional()
  @QueryInteger({ min: 1, max: MOST_SEVERE })
  readonly severity?: number;

  @IsOptional()
  @Transform(booleanOfQuery)
  @IsBoolean({ message: 'must be true or false' })
  @ApiPropertyOptional({ type: 'boolean', description: 'Whether a coordinator has said how severe it is.' })
  readonly prioritised?: boolean;

  @IsOptional()
  @Transform(booleanOfQuery)
  @IsBoolean({ message: 'must be true or false' })
  @ApiPropertyOptional({ type: 'boolean', description: 'Whether it can be met remotely.' })
  readonly remote?: boolean;

  @IsOptional()
  @Slug()
  @ApiPropertyOptional({ description: 'A skill that it asks for, as a must or not.' })
  readonly skill?: string;

  @IsOptional()
  @Matches(/^[a-z]{2,3}$/, { message: 'must be a code by ISO 639, such as uk' })
  @ApiPropertyOptional({ example: 'uk' })
  readonly language?: string;

  @IsOptional()
  @Week()
  @ApiPropertyOptional({ description: 'Needs that last in this week or later.', example: '2026-W15' })
  readonly fromWeek?: string;

  @IsOptional()
  @Week()
  @ApiPropertyOptional({ description: 'Needs that have begun by the end of this week.', example: '2026-W18' })
  readonly toWeek?: string;

  @IsOptional()
  @IsIn(['fully', 'not-fully'])
  @ApiPropertyOptional({ description: 'Whether all that is wanted has been accepted by both sides.' })
  readonly served?: 'fully' | 'not-fully';

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({
    description: 'severity, neededBy, openedAt, servedShare, wantedMinutes; `-` in front for descending',
    default: '-severity,neededBy',
  })
  readonly sort: string = '-severity,neededBy';
}
