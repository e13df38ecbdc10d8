import { ScopeDto } from '@alliance/double-structures';
import { PageQuery, RegionKey, Day, Slug, Text, Uuid } from '@alliance/service-host';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsDefined,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { MoneyDto, MoneyOrNothingDto } from '../money.http';
import { type GrantStage, grantStages } from './grant-stage';

const NO_PERSONS = 'Not for names, addresses or numbers of persons.';

export class DraftGrantDto {
  @Uuid()
  @ApiProperty({ format: 'uuid' })
  readonly callId: string;

  @IsOptional()
  @Uuid()
  @ApiPropertyOptional({ format: 'uuid', description: 'Without it, the organisation that the caller represents.' })
  readonly applicantOrganisationId?: string;

  @Allow()
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'There is none: whatever it says is refused with `RECIPIENT_IS_A_PERSON`.',
  })
  readonly recipientIndividual?: unknown;
}

class LineDto {
  @Slug()
  @ApiProperty({ description: 'Of the cost lines of the call; once for a period.', example: 'staff' })
  readonly key: string;

  @Text(200)
  readonly purpose: string;

  @IsDefined()
  @ValidateNested()
  @Type(() => MoneyDto)
  @ApiProperty({ description: 'What it costs.' })
  readonly total: MoneyDto;

  @IsDefined()
  @ValidateNested()
  @Type(() => MoneyOrNothingDto)
  @ApiProperty({ description: 'What of the total is asked of the fund.' })
  readonly requested: MoneyOrNothingDto;

  @Day()
  @ApiProperty({ format: 'date' })
  readonly from: string;

  @Day()
  @ApiProperty({ format: 'date', description: 'The last day.' })
  readonly to: string;
}

class IncomeDto {
  @Slug()
  @ApiProperty({ description: 'An open vocabulary.', example: 'own-funds' })
  readonly source: string;

  @IsDefined()
  @ValidateNested()
  @Type(() => MoneyDto)
  readonly amount: MoneyDto;
}

class DocumentDto {
  @Slug()
  @ApiProperty({ description: 'As the call asks for it.', example: 'statutes' })
  readonly kind: string;

  @Text(500)
  @ApiProperty({ description: `Where it can be found, not the document itself. ${NO_PERSONS}` })
  readonly reference: string;

  @IsOptional()
  @Day()
  @ApiPropertyOptional({ format: 'date' })
  readonly issuedOn?: string;
}

/** All of an application, in place of what was written before. */
export class ApplicationDto extends ScopeDto {
  @Text(200)
  @ApiProperty({ description: NO_PERSONS })
  readonly title: string;

  @Text(4000)
  @ApiProperty({ description: NO_PERSONS })
  readonly summary: string;

  @Day()
  @ApiProperty({ format: 'date' })
  readonly projectFrom: string;

  @Day()
  @ApiProperty({ format: 'date', description: 'The last day.' })
  readonly projectTo: string;

  @Uuid()
  @ApiProperty({ format: 'uuid', description: 'The existing structure of the organisation that it strengthens.' })
  readonly structureId: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => LineDto)
  @ApiProperty({ type: [LineDto], description: 'The financing plan (Finanzierungsplan).' })
  readonly lines: LineDto[];

  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => IncomeDto)
  @ApiProperty({ type: [IncomeDto] })
  readonly otherIncome: IncomeDto[];

  @IsArray()
  @ArrayMaxSize(30)
  @ValidateNested({ each: true })
  @Type(() => DocumentDto)
  @ApiProperty({ type: [DocumentDto] })
  readonly documents: DocumentDto[];
}

export class SubmissionDto {
  @IsOptional()
  @Text(1000)
  @ApiPropertyOptional({ description: `Why it is no double structure, where others overlap. ${NO_PERSONS}` })
  readonly overlapReason?: string;
}

export class InformationRequestDto {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(30)
  @ArrayUnique()
  @Slug({ each: true })
  @ApiProperty({
    type: [String],
    description: 'What is missing or unclear, an open vocabulary.',
    example: ['statutes'],
  })
  readonly items: string[];

  @IsOptional()
  @Text(1000)
  @ApiPropertyOptional({ description: NO_PERSONS })
  readonly note?: string;
}

export class FormalCheckDto {
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  @ApiProperty({ type: 'integer', minimum: 1, description: 'The version of the application that was looked at.' })
  readonly seenVersion: number;
}

export class WithdrawalDto {
  @Slug()
  @ApiProperty({ description: 'An open vocabulary.', example: 'other-funds' })
  readonly reasonCode: string;
}

export class GrantsPageQuery extends PageQuery {
  @IsOptional()
  @IsIn(grantStages)
  @ApiPropertyOptional({ enum: grantStages })
  readonly stage?: GrantStage;

  @IsOptional()
  @Uuid()
  @ApiPropertyOptional({ format: 'uuid' })
  readonly call?: string;

  @IsOptional()
  @Uuid()
  @ApiPropertyOptional({ format: 'uuid' })
  readonly pot?: string;

  @IsOptional()
  @Uuid()
  @ApiPropertyOptional({ format: 'uuid', description: 'Also what those applied for that were merged into it.' })
  readonly applicant?: string;

  @IsOptional()
  @Slug()
  @ApiPropertyOptional({ description: 'Key of a field of action. Not for reviewers and approvers.' })
  readonly field?: string;

  @IsOptional()
  @RegionKey()
  @ApiPropertyOptional({
    description: 'AGS of a region: grants for anything in it. Not for reviewers and approvers.',
  })
  readonly within?: string;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({
    description:
      'title, stage, stageSince, draftedAt, and, not for reviewers and approvers, requested, awarded, disbursed; `-` in front for descending',
    default: '-stageSince',
  })
  readonly sort: string = '-stageSince';
}
