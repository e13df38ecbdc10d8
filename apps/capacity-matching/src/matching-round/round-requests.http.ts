import { booleanOfQuery, PageQuery, QueryInteger, RegionKey, Slug, Uuid } from '@alliance/service-host';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Max, Min, ValidateNested } from 'class-validator';
import { applyDecorators } from '@nestjs/common';
import { type HardRule, hardRules } from '../feasibility';
import { MOST_SEVERE } from '../need/need.events';
import { type BindingReason, bindingReasons } from './matching-round.events';
import type { ScoreTerm } from './round-inputs';
import { roundStatuses, type RoundStatus } from './round-register.read-model';

const MOST_WEEKS_OF_A_ROUND = 26;

const Weight = () =>
  applyDecorators(
    IsOptional(),
    IsInt(),
    Min(0),
    Max(1000),
    ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: 1000 }),
  );

/** How much each term counts, of the sum of all. What is left out keeps its usual weight. */
class WeightsDto implements Partial<Record<ScoreTerm, number>> {
  @Weight()
  readonly fit?: number;
  @Weight()
  readonly date?: number;
  @Weight()
  readonly strain?: number;
  @Weight()
  readonly waiting?: number;
  @Weight()
  readonly load?: number;
  @Weight()
  readonly distance?: number;
  @Weight()
  readonly shortage?: number;
}

export class RequestRoundDto {
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_WEEKS_OF_A_ROUND)
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MOST_WEEKS_OF_A_ROUND,
    description: 'From the first one on that is to come as a whole.',
  })
  readonly weeks?: number;

  @IsOptional()
  @ValidateNested()
  @Type(() => WeightsDto)
  @ApiPropertyOptional({ type: WeightsDto })
  readonly weights?: WeightsDto;

  @IsOptional()
  @IsInt()
  @Min(100)
  @Max(600_000)
  @ApiPropertyOptional({ type: 'integer', description: 'After it, the best that was found so far is the result.' })
  readonly timeLimitMs?: number;
}

export class RoundsQuery extends PageQuery {
  @IsOptional()
  @IsIn(roundStatuses)
  readonly status?: RoundStatus;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ description: 'requestedAt; `-` in front for descending', default: '-requestedAt' })
  readonly sort: string = '-requestedAt';
}

export class ProposalsQuery extends PageQuery {
  @IsOptional()
  @Uuid()
  readonly needId?: string;

  @IsOptional()
  @Uuid()
  readonly offerId?: string;

  @IsOptional()
  @Transform(booleanOfQuery)
  @IsBoolean({ message: 'must be true or false' })
  @ApiPropertyOptional({ type: 'boolean', description: 'Whether it became no allocation.' })
  readonly isLeftOut?: boolean;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ description: 'score; `-` in front for descending', default: '-score' })
  readonly sort: string = '-score';
}

export class UnservedQuery extends PageQuery {
  @IsOptional()
  @Uuid()
  readonly needId?: string;

  @IsOptional()
  @IsIn(bindingReasons)
  readonly reason?: BindingReason;

  @IsOptional()
  @IsIn(hardRules)
  @ApiPropertyOptional({ enum: hardRules, description: 'That leaves out most offers of its fields of action.' })
  readonly rule?: HardRule;

  @IsOptional()
  @QueryInteger({ min: 1, max: MOST_SEVERE })
  readonly severity?: number;

  @IsOptional()
  @Slug()
  @ApiPropertyOptional({ description: 'A field of action that the need is of now.' })
  readonly field?: string;

  @IsOptional()
  @RegionKey()
  @ApiPropertyOptional({ description: 'AGS: needs that are in it, or in what lies within it, now.' })
  readonly region?: string;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ description: 'severity; `-` in front for descending', default: '-severity' })
  readonly sort: string = '-severity';
}
