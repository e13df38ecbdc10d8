import { isWeek } from '@alliance/calendar';
import { Day, RegionKey, Slug } from '@alliance/service-host';
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsUUID,
  Matches,
  Max,
  Min,
  ValidateBy,
} from 'class-validator';
import { languageLevels, MOST_MINUTES_A_WEEK, type Weekday, weekdays } from './event-fields';

/** A calendar week that exists. */
export function Week(): PropertyDecorator {
  return applyDecorators(
    ValidateBy({
      name: 'week',
      validator: {
        validate: (value) => typeof value === 'string' && isWeek(value),
        defaultMessage: () => 'must be a calendar week that exists, such as 2026-W15',
      },
    }),
  );
}

/** The keys of regions, each once. */
export function RegionKeys({ min }: { readonly min: number }): PropertyDecorator {
  return applyDecorators(IsArray(), ArrayMinSize(min), ArrayMaxSize(500), ArrayUnique(), RegionKey({ each: true }));
}

/** In a query: only offers that can be given somewhere in a region. */
export function OfferedInRegion(): PropertyDecorator {
  return applyDecorators(
    IsOptional(),
    RegionKey(),
    ApiPropertyOptional({
      description:
        'AGS: offers that can be given in this region or in part of it, in person or remotely (see `reach`). An offer is in every region that it reaches, one that can be given remotely in all: sums over regions count it several times, without `region` it counts once.',
    }),
  );
}

const reaches = ['in-person', 'remote'] as const;

/** In a query: only offers that reach people in this way; those that do so in both are in both. */
export function OfferReach(): PropertyDecorator {
  return applyDecorators(
    IsOptional(),
    IsIn(reaches),
    ApiPropertyOptional({
      enum: reaches,
      description:
        'in-person: in the region itself where one is named; remote: wherever people are, whichever region is named. Both when absent.',
    }),
  );
}

/** The keys of something, each once. */
export function Keys({ min, max }: { readonly min: number; readonly max: number }): PropertyDecorator {
  return applyDecorators(IsArray(), ArrayMinSize(min), ArrayMaxSize(max), ArrayUnique(), Slug({ each: true }));
}

/** The ids of organisations, each once. */
export function OrganisationIds(): PropertyDecorator {
  return applyDecorators(
    IsArray(),
    ArrayMaxSize(200),
    ArrayUnique(),
    IsUUID(undefined, { each: true, message: 'must be UUIDs' }),
    Matches(/^[^A-Z]*$/, { each: true, message: 'must be in lower case' }),
  );
}

export class SkillDto {
  @Slug()
  @ApiProperty({ description: 'Of the list at /capacity-matching/skills.', example: 'counselling' })
  readonly key: string;

  @IsInt()
  @Min(1)
  @Max(5)
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5, description: '1: a beginner; 5: can teach it.' })
  readonly level: number;
}

export class LanguageDto {
  @Matches(/^[a-z]{2,3}$/, { message: 'must be a code by ISO 639, such as uk' })
  @ApiProperty({ example: 'uk' })
  readonly tag: string;

  @IsIn(languageLevels)
  @ApiProperty({ enum: languageLevels, description: 'By the Common European Framework.' })
  readonly level: (typeof languageLevels)[number];
}

/** When, and how much of a week. */
export class WeeklyWindowDto {
  @Day()
  @ApiProperty({ format: 'date', description: 'The first day.' })
  readonly from: string;

  @Day()
  @ApiProperty({ format: 'date', description: 'The last day.' })
  readonly until: string;

  @IsInt()
  @Min(1)
  @Max(MOST_MINUTES_A_WEEK)
  @ApiProperty({ type: 'integer', minimum: 1, maximum: MOST_MINUTES_A_WEEK, description: 'Of a whole week.' })
  readonly minutesPerWeek: number;

  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(6)
  @ArrayUnique()
  @IsIn(weekdays, { each: true, message: `must be days of the week: ${weekdays.join(', ')}` })
  @ApiPropertyOptional({ enum: weekdays, isArray: true, description: 'Only on these days; on any when absent.' })
  readonly weekdays?: Weekday[];
}
