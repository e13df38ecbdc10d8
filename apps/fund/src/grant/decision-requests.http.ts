import { Day, Slug, Text } from '@alliance/service-host';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, Min, ValidateNested } from 'class-validator';
import { MoneyDto } from '../money.http';
import { TermsDto } from '../terms.http';

const outcomes = ['approved', 'approved-with-conditions', 'rejected', 'deferred'] as const;

export class ProposalDto {
  @IsIn(outcomes)
  @ApiProperty({ enum: outcomes })
  readonly outcome: (typeof outcomes)[number];

  @IsOptional()
  @ValidateNested()
  @Type(() => MoneyDto)
  @ApiPropertyOptional({
    description: 'Of what is approved: within the range of the call, and no more than requested.',
  })
  readonly amount?: MoneyDto;

  @IsOptional()
  @ValidateNested()
  @Type(() => TermsDto)
  @ApiPropertyOptional({ description: 'Of what is approved: where its terms deviate from those of the call.' })
  readonly terms?: TermsDto;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @Text(1000, { each: true })
  @ApiPropertyOptional({
    type: [String],
    description: 'Of what is approved with conditions. They must not name persons.',
  })
  readonly conditions: string[] = [];

  @IsOptional()
  @Day()
  @ApiPropertyOptional({ format: 'date', description: 'Of what is deferred.' })
  readonly until?: string;

  @Text(1000)
  @ApiProperty({
    maxLength: 1000,
    description: 'It must not name persons. Where others are asked to pay for the same, it says why it goes on.',
  })
  readonly reason: string;
}

export class SeenVersionDto {
  @IsInt()
  @Min(1)
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    description: 'Of the proposal, as it was read; 412 with both versions where another holds by now.',
  })
  readonly seenVersion: number;
}

export class ContractDto {
  @Day()
  @ApiProperty({ format: 'date', description: 'From the opening of the call to today.' })
  readonly signedOn: string;

  @Text(500)
  @ApiProperty({ description: 'Where the document can be found. It must not name persons.', example: 'dms/2026/230' })
  readonly reference: string;
}

export class RevocationDto {
  @Slug()
  @ApiProperty({ example: 'misused' })
  readonly reasonCode: string;
}
