import { PageQuery, QueryInteger, RegionKey, Slug, Text } from '@alliance/service-host';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  IsUrl,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { type IdentifierScheme, identifierSchemes } from '../identifier';
import { type CandidateStatus, candidateStatuses } from './duplicate-candidate-list.read-model';

export class CandidatePageQuery extends PageQuery {
  @IsOptional()
  @IsIn(candidateStatuses)
  readonly status?: CandidateStatus;

  @IsOptional()
  @QueryInteger({ min: 0, max: 100 })
  @ApiPropertyOptional({ description: 'Percent.' })
  readonly minScore?: number;

  @IsOptional()
  @IsUUID()
  @ApiPropertyOptional({ description: 'One of the two, or the one that it counts as since a merge.' })
  readonly organisation?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  @ApiPropertyOptional({
    description: '`score`, `suspectedAt`; a minus sign in front for descending. Without it: the highest score first.',
  })
  readonly sort?: string;
}

export class DismissalDto {
  @Slug()
  @ApiProperty({ example: 'different-organisations' })
  readonly reasonCode: string;

  @IsOptional()
  @Text(1000)
  @ApiPropertyOptional({ description: 'About the organisations; not for names, addresses or numbers of persons.' })
  readonly note?: string;
}

class CheckedIdentifierDto {
  @IsIn(identifierSchemes)
  readonly scheme: IdentifierScheme;

  @IsOptional()
  @Text(120)
  @ApiPropertyOptional({ example: 'Amtsgericht Köln' })
  readonly court?: string;

  @Text(40)
  @ApiProperty({ example: 'VR 12345' })
  readonly number: string;
}

class CheckedAddressDto {
  @Text(120)
  @ApiProperty({ example: 'Hauptstraße 5' })
  readonly street: string;

  @Matches(/^\d{5}$/, { message: 'must be a postcode of five digits' })
  readonly postcode: string;

  @Text(80)
  readonly city: string;
}

/** What is known of an organisation before it applies; the more, the surer the answer. */
export class DuplicateCheckDto {
  @Text(200)
  @ApiProperty({ example: 'Münchner Tafel e.V.' })
  readonly name: string;

  @IsOptional()
  @Text(60)
  @ApiPropertyOptional({ example: 'e.V.' })
  readonly legalForm?: string;

  @IsOptional()
  @RegionKey()
  @ApiPropertyOptional({ description: 'The seat, by its AGS.', example: '09162000' })
  readonly regionKey?: string;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => CheckedIdentifierDto)
  @ApiPropertyOptional({ type: [CheckedIdentifierDto] })
  readonly identifiers?: CheckedIdentifierDto[];

  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true })
  @MaxLength(200)
  readonly website?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => CheckedAddressDto)
  readonly address?: CheckedAddressDto;
}
