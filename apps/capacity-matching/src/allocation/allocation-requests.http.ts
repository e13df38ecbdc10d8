import { booleanOfQuery, PageQuery, Slug, Uuid } from '@alliance/service-host';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { MOST_MINUTES_A_WEEK, MOST_WEEKS } from '../event-fields';
import { Week } from '../matching-requests.http';
import { type Side, sides } from './allocation.events';
import { type AllocationStage, allocationStages } from './allocation-register.read-model';
import { WeekRunDto } from './week-runs.http';

export class ProposalDto {
  @Uuid()
  @ApiProperty({ format: 'uuid' })
  readonly offerId: string;

  @Uuid()
  @ApiProperty({ format: 'uuid' })
  readonly needId: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_WEEKS)
  @ValidateNested({ each: true })
  @Type(() => WeekRunDto)
  @ApiProperty({ type: [WeekRunDto], description: 'In the order of time, without overlap.' })
  readonly weeks: WeekRunDto[];
}

export class DeclineDto {
  @Slug()
  @ApiProperty({ description: 'A code, never free text, which could name persons.', example: 'no-time' })
  readonly reasonCode: string;
}

export class ReleaseDto extends DeclineDto {
  @IsOptional()
  @Week()
  @ApiPropertyOptional({
    description: 'Of one that has started: the first week that is given up, the current one when absent.',
    example: '2026-W16',
  })
  readonly fromWeek?: string;
}

export class HoursDto {
  @Week()
  @ApiProperty({ description: 'One of those allocated, which has begun.', example: '2026-W15' })
  readonly week: string;

  @IsInt()
  @Min(0)
  @Max(MOST_MINUTES_A_WEEK)
  @ApiProperty({ type: 'integer', minimum: 0, maximum: MOST_MINUTES_A_WEEK, description: 'That were worked.' })
  readonly minutes: number;
}

export class AllocationsQuery extends PageQuery {
  @IsOptional()
  @IsIn(allocationStages)
  @ApiPropertyOptional({ enum: allocationStages })
  readonly stage?: AllocationStage;

  @IsOptional()
  @Uuid()
  readonly offerId?: string;

  @IsOptional()
  @Uuid()
  readonly needId?: string;

  @IsOptional()
  @Uuid()
  readonly roundId?: string;

  @IsOptional()
  @Uuid()
  @ApiPropertyOptional({
    format: 'uuid',
    description: 'One of the two sides; after merges under whichever of its ids.',
  })
  readonly organisationId?: string;

  @IsOptional()
  @IsIn(sides)
  @ApiPropertyOptional({ enum: sides, description: 'Which side `organisationId` is.' })
  readonly side?: Side;

  @IsOptional()
  @Week()
  @ApiPropertyOptional({ description: 'With minutes in that week.', example: '2026-W15' })
  readonly week?: string;

  @IsOptional()
  @Transform(booleanOfQuery)
  @IsBoolean({ message: 'must be true or false' })
  @ApiPropertyOptional({ type: 'boolean', description: 'Whether the sides say different things of a week.' })
  readonly disputed?: boolean;

  @IsOptional()
  @Transform(booleanOfQuery)
  @IsIn([true], { message: 'must be true where it is given' })
  @ApiPropertyOptional({ type: 'boolean', description: 'Proposals that the caller’s organisation has yet to accept.' })
  readonly waitingForMe?: boolean;

  @IsOptional()
  @Transform(booleanOfQuery)
  @IsIn([true], { message: 'must be true where it is given' })
  @ApiPropertyOptional({
    type: 'boolean',
    description:
      'Started ones of which the caller’s organisation has yet to say what was worked in a week that is over.',
  })
  readonly hoursDueFromMe?: boolean;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({
    description: 'proposedAt, expiresAt, minutes, deliveredMinutes; a minus sign turns the order.',
    default: '-proposedAt',
  })
  readonly sort?: string;
}
