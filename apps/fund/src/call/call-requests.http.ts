import { booleanOfQuery, PageQuery, RegionKey, Slug, Text, UtcTime, Uuid } from '@alliance/service-host';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsDefined,
  IsInt,
  IsOptional,
  IsString,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { MoneyDto, MoneyOrNothingDto } from '../money.http';
import { TermsDto } from '../terms.http';

class CriterionDto {
  @Slug()
  @ApiProperty({ example: 'need' })
  readonly key: string;

  @Text(200)
  @ApiProperty({ example: 'Bedarf' })
  readonly label: string;

  @IsInt()
  @Min(1)
  @Max(100)
  @ApiProperty({ type: 'integer', description: 'The weights of all make up 100.' })
  readonly weightPercent: number;

  @IsInt()
  @Min(1)
  @Max(100)
  @ApiProperty({ type: 'integer', description: 'Points from 0 to this are given for it.' })
  readonly mostPoints: number;
}

class MemberDto {
  @Text(255)
  @ApiProperty({ description: 'Pseudonymous, as in tokens; never a name or an address.' })
  readonly subject: string;

  @IsOptional()
  @Uuid()
  @ApiPropertyOptional({ format: 'uuid', description: 'Who employs the person, besides what their token says.' })
  readonly organisationId?: string;
}

export class PanelDto {
  @IsArray()
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => MemberDto)
  @ApiProperty({ type: [MemberDto], description: 'Who may be asked for a review.' })
  readonly panel: MemberDto[];
}

export class PublishCallDto extends PanelDto {
  @Uuid()
  @ApiProperty({ format: 'uuid', description: 'Where the money comes from.' })
  readonly potId: string;

  @Text(200)
  @ApiProperty({ example: 'Ankommen und Orientierung' })
  readonly title: string;

  @UtcTime()
  @ApiProperty({ format: 'date-time', example: '2026-01-01T00:00:00Z' })
  readonly opensAt: string;

  @UtcTime()
  @ApiProperty({ format: 'date-time', description: 'From this moment on nothing is submitted any more.' })
  readonly closesAt: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Slug({ each: true })
  @ApiProperty({ type: [String], description: 'Keys of fields of action.' })
  readonly fieldKeys: string[];

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @ArrayUnique()
  @RegionKey({ each: true })
  @ApiProperty({ type: [String], description: 'AGS; whatever lies within them is meant as well.' })
  readonly regionKeys: string[];

  @IsDefined()
  @ValidateNested()
  @Type(() => MoneyOrNothingDto)
  readonly minimum: MoneyOrNothingDto;

  @IsDefined()
  @ValidateNested()
  @Type(() => MoneyDto)
  readonly maximum: MoneyDto;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => CriterionDto)
  @ApiProperty({ type: [CriterionDto] })
  readonly criteria: CriterionDto[];

  @IsArray()
  @ArrayMaxSize(20)
  @ArrayUnique()
  @Slug({ each: true })
  @ApiProperty({ type: [String], example: ['statutes'], description: 'Kinds of documents.' })
  readonly requiredDocuments: string[];

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Slug({ each: true })
  @ApiProperty({ type: [String], example: ['staff', 'rent'], description: 'Which cost lines an application may have.' })
  readonly costLines: string[];

  @IsOptional()
  @ValidateNested()
  @Type(() => TermsDto)
  @ApiPropertyOptional()
  readonly terms?: TermsDto;
}

export class CloseCallDto {
  @Slug()
  @ApiProperty({ example: 'pot-exhausted' })
  readonly reasonCode: string;
}

export class CallsQuery extends PageQuery {
  @IsOptional()
  @Transform(booleanOfQuery)
  @IsBoolean()
  @ApiPropertyOptional({ type: 'boolean', description: 'Whether it can be applied to now.' })
  readonly open?: boolean;

  @IsOptional()
  @Slug()
  @ApiPropertyOptional({ description: 'Key of a field of action.' })
  readonly field?: string;

  @IsOptional()
  @RegionKey()
  @ApiPropertyOptional({ description: 'AGS: calls for this region, or for one that it lies in.' })
  readonly region?: string;

  @IsOptional()
  @Uuid()
  readonly potId?: string;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ description: 'closesAt, opensAt, title; `-` in front for descending', default: 'closesAt' })
  readonly sort: string = 'closesAt';
}
