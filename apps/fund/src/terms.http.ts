import { Day } from '@alliance/service-host';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayUnique, IsArray, IsInt, IsOptional, Max, Min, ValidateNested } from 'class-validator';

class RatePeriodDto {
  @Day()
  @ApiProperty({ format: 'date' })
  readonly validFrom: string;

  @IsInt()
  @Min(0)
  @Max(10_000)
  @ApiProperty({ type: 'integer', description: 'A year, in ten-thousandths; until the next period begins.' })
  readonly basisPoints: number;
}

/** Terms as far as they deviate from those that hold otherwise: of a call by the settings, of an award by the call. */
export class TermsDto {
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(60)
  @ApiPropertyOptional({ type: 'integer', description: 'Months from the end of the project to the proof of use.' })
  readonly proofDueMonths?: number;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(60)
  @ApiPropertyOptional({ type: 'integer', description: 'Without it there are no interim reports.' })
  readonly interimReportEveryMonths?: number;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(100)
  @ApiPropertyOptional({ type: 'integer', description: 'By how much a line may be exceeded if others make up for it.' })
  readonly lineTolerancePercent?: number;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(366)
  @ApiPropertyOptional({ type: 'integer', description: 'Money is called for payments due within so many days.' })
  readonly needWindowDays?: number;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10)
  @ApiPropertyOptional({ type: 'integer' })
  readonly spendWithinYears?: number;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @ArrayUnique(({ validFrom }: RatePeriodDto) => validFrom, {
    message: 'must have one rate for each day that one begins on',
  })
  @ValidateNested({ each: true })
  @Type(() => RatePeriodDto)
  @ApiPropertyOptional({ description: 'On repayments; an empty list asks for none.' })
  readonly interest?: RatePeriodDto[];
}
