import { booleanOfQuery, PageQuery, Day, Slug, Text, Uuid } from '@alliance/service-host';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Min,
  ValidateNested,
} from 'class-validator';
import { MoneyDto, MoneyOrNothingDto } from '../money.http';

/** A list of receipts has so many rows at most; more belong into a report of their own. */
const MOST_RECEIPTS = 5_000;
/** So much JSON can the greatest list of receipts be, of names and purposes of usual length. */
export const MOST_SUBMISSION_BYTES = 4 * 1024 * 1024;

class SpentLineDto {
  @Slug()
  @ApiProperty({ example: 'staff', description: 'Of the financing plan, each once.' })
  readonly key: string;

  @IsDefined()
  @ValidateNested()
  @Type(() => MoneyOrNothingDto)
  readonly spent: MoneyOrNothingDto;
}

class ReceiptDto {
  @Slug()
  @ApiProperty({ example: 'staff', description: 'The line of the financing plan that it belongs to.' })
  readonly line: string;

  @Day()
  @ApiProperty({ format: 'date' })
  readonly paidOn: string;

  @Text(200)
  @ApiProperty({ description: 'Who was paid. It is kept apart and its reading is recorded.' })
  readonly payee: string;

  @Text(200)
  @ApiProperty({ description: 'What for.' })
  readonly purpose: string;

  @IsDefined()
  @ValidateNested()
  @Type(() => MoneyDto)
  readonly amount: MoneyDto;
}

export class SubmissionDto {
  @Text(10_000)
  @ApiProperty({ maxLength: 10_000, description: 'What was done. It must not name persons.' })
  readonly narrative: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => SpentLineDto)
  @ApiProperty({ type: [SpentLineDto] })
  readonly lines: SpentLineDto[];

  @IsDefined()
  @ValidateNested()
  @Type(() => MoneyOrNothingDto)
  readonly otherIncome: MoneyOrNothingDto;

  @IsArray()
  @ArrayMaxSize(MOST_RECEIPTS)
  @ValidateNested({ each: true })
  @Type(() => ReceiptDto)
  @ApiProperty({ type: [ReceiptDto], description: 'In any order; those of a line make up what was spent on it.' })
  readonly receipts: ReceiptDto[];
}

class SeenReportDto {
  @IsInt()
  @Min(1)
  @ApiProperty({ type: 'integer', minimum: 1, description: 'Of the submission that was looked at.' })
  readonly version: number;
}

export class ReturnDto extends SeenReportDto {
  @Slug()
  @ApiProperty({ example: 'incomplete' })
  readonly reasonCode: string;

  @IsArray()
  @ArrayMaxSize(30)
  @ArrayUnique()
  @Slug({ each: true })
  @ApiProperty({ type: [String], example: ['narrative'], description: 'What is to be mended.' })
  readonly items: string[];

  @IsOptional()
  @Text(1000)
  @ApiPropertyOptional({ description: 'It must not name persons.' })
  readonly note?: string;
}

export class AcceptanceDto extends SeenReportDto {
  @IsDefined()
  @ValidateNested()
  @Type(() => MoneyOrNothingDto)
  @ApiProperty({ description: 'Of the receipts, what is not accepted.' })
  readonly disallowed: MoneyOrNothingDto;
}

export class DisclosureDto {
  @Slug()
  @ApiProperty({ example: 'review-of-report', description: 'One of the settled purposes.' })
  readonly purpose: string;
}

const causes = ['unspent', 'disallowed', 'revoked'] as const;

export class RepaymentDemandDto {
  @IsDefined()
  @ValidateNested()
  @Type(() => MoneyDto)
  readonly principal: MoneyDto;

  @IsIn(causes)
  @ApiProperty({ enum: causes })
  readonly cause: (typeof causes)[number];

  @Day()
  @ApiProperty({ format: 'date', description: 'From the day after it bears interest, by the terms of the grant.' })
  readonly dueOn: string;
}

export class RepaymentReceivedDto {
  @Uuid()
  @ApiProperty({ format: 'uuid' })
  readonly repaymentId: string;

  @IsDefined()
  @ValidateNested()
  @Type(() => MoneyOrNothingDto)
  readonly principal: MoneyOrNothingDto;

  @IsDefined()
  @ValidateNested()
  @Type(() => MoneyOrNothingDto)
  readonly interest: MoneyOrNothingDto;

  @Day()
  @ApiProperty({ format: 'date' })
  readonly receivedOn: string;
}

const kinds = ['interim', 'final'] as const;
const reportStages = ['due', 'under-review', 'returned', 'accepted'] as const;

export class ReportsQuery extends PageQuery {
  @IsOptional()
  @IsIn(kinds)
  readonly kind?: (typeof kinds)[number];

  @IsOptional()
  @IsIn(reportStages)
  readonly stage?: (typeof reportStages)[number];

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ description: 'dueOn, stage; `-` in front for descending', default: 'dueOn' })
  readonly sort: string = 'dueOn';
}

export class AwaitedReportsQuery extends PageQuery {
  @IsOptional()
  @Transform(booleanOfQuery)
  @IsBoolean()
  @ApiPropertyOptional({ type: 'boolean' })
  readonly overdue?: boolean;

  @IsOptional()
  @IsIn(kinds)
  readonly kind?: (typeof kinds)[number];

  @IsOptional()
  @Day()
  @ApiPropertyOptional({ format: 'date', description: 'Leaves out what is due later.' })
  readonly dueBy?: string;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ description: 'dueOn; `-` in front for descending', default: 'dueOn' })
  readonly sort: string = 'dueOn';
}

export class ReceiptsQuery extends PageQuery {
  @IsOptional()
  @Slug()
  @ApiPropertyOptional({ description: 'Of one line of the financing plan.' })
  readonly line?: string;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ description: 'paidOn, row; `-` in front for descending', default: 'paidOn' })
  readonly sort: string = 'paidOn';
}

export class RepaymentsQuery extends PageQuery {
  @IsOptional()
  @IsIn(causes)
  readonly cause?: (typeof causes)[number];

  @IsOptional()
  @Transform(booleanOfQuery)
  @IsBoolean()
  @ApiPropertyOptional({ type: 'boolean', description: 'Whether some of the principal is still to come.' })
  readonly open?: boolean;

  @IsOptional()
  @IsString()
  @ApiPropertyOptional({ description: 'dueOn; `-` in front for descending', default: 'dueOn' })
  readonly sort: string = 'dueOn';
}
