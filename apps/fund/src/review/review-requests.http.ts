import { booleanOfQuery, PageQuery, Slug, Text } from '@alliance/service-host';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { MoneyDto } from '../money.http';
import { type Review, recommendations } from './review.events';

export class ReviewersDto {
  @IsArray()
  @ArrayMinSize(2)
  @ArrayMaxSize(3)
  @ArrayUnique()
  @IsString({ each: true })
  @Length(1, 255, { each: true })
  @ApiProperty({ type: [String], description: 'Two or three of the panel, in place of those who were asked before.' })
  readonly subjects: string[];
}

class ScoreDto {
  @Slug()
  @ApiProperty({ example: 'need', description: 'A criterion of the call; each is scored once.' })
  readonly key: string;

  @IsInt()
  @Min(0)
  @Max(100)
  @ApiProperty({ type: 'integer', description: 'Whole points, as many as the criterion has at most.' })
  readonly points: number;
}

export class ReviewDto {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => ScoreDto)
  @ApiProperty({ type: [ScoreDto] })
  readonly scores: ScoreDto[];

  @Text(4000)
  @ApiProperty({ maxLength: 4000, description: 'It must not name persons.' })
  readonly rationale: string;

  @IsIn(recommendations)
  @ApiProperty({ enum: recommendations })
  readonly recommendation: Review['recommendation'];

  @IsOptional()
  @ValidateNested()
  @Type(() => MoneyDto)
  @ApiPropertyOptional({ description: 'What is recommended, at most what is requested.' })
  readonly amount?: MoneyDto;
}

export class ReviewTasksQuery extends PageQuery {
  @IsOptional()
  @Transform(booleanOfQuery)
  @IsBoolean()
  @ApiPropertyOptional({ type: 'boolean', description: 'Whether the review is still waited for.' })
  readonly open?: boolean;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ description: 'assignedAt; `-` in front for the newest first', default: 'assignedAt' })
  readonly sort: string = 'assignedAt';
}
