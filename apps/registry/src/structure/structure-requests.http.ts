import { ScopeDto } from '@alliance/double-structures';
import { booleanOfQuery, PageQuery, RegionKey, Day, Slug, Text } from '@alliance/service-host';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { EvidenceDto } from '../evidence.http';
import { type RegisterStage, registerStages } from './structure-register.read-model';

const ABOUT_STRUCTURES = 'About structures; not for names, addresses or numbers of persons.';

export class StructureFactsDto extends ScopeDto {
  @Text(200)
  @ApiProperty({ example: 'Rechtsberatung Ukraine' })
  readonly name: string;

  @Day()
  @ApiProperty({ description: 'Since when it has been at work.', example: '2022-04-01' })
  readonly operatingSince: string;
}

/** Facts with what may have to be said for them. */
export class StatementDto extends StructureFactsDto {
  @IsOptional()
  @ValidateNested()
  @Type(() => EvidenceDto)
  @ApiPropertyOptional({ description: 'Proof of being sustainably set up, for a structure that is young.' })
  readonly sustainablySetUp?: EvidenceDto;

  @IsOptional()
  @Text(1000)
  @ApiPropertyOptional({
    description: `Why it is no double structure, where others overlap. ${ABOUT_STRUCTURES}`,
  })
  readonly reason?: string;
}

export class CapacityDto {
  @IsInt()
  @Min(0)
  @Max(1_000_000_000)
  @ApiProperty({ type: 'integer', example: 40 })
  readonly quantity: number;

  @Slug()
  @ApiProperty({ description: 'What is counted, an open vocabulary.', example: 'places' })
  readonly unit: string;
}

export class RecordStructureDto extends StatementDto {
  @IsUUID()
  @ApiProperty({ format: 'uuid', description: 'Whose structure it is: a representative records for their own.' })
  readonly organisationId: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => CapacityDto)
  readonly capacity?: CapacityDto;
}

export class ConfirmationDto {
  @IsOptional()
  @Text(1000)
  @ApiPropertyOptional({
    description: `Why it is no double structure, where others overlap that were not seen when it was recorded. ${ABOUT_STRUCTURES}`,
  })
  readonly reason?: string;
}

export class ReasonCodeDto {
  @Slug()
  @ApiProperty({ description: 'An open vocabulary.', example: 'funding-ended' })
  readonly reasonCode: string;
}

export class RegisterPageQuery extends PageQuery {
  @IsOptional()
  @IsIn(registerStages)
  readonly stage?: RegisterStage;

  @IsOptional()
  @IsUUID()
  @ApiPropertyOptional({ format: 'uuid', description: 'Also what was recorded for those that were merged into it.' })
  readonly organisation?: string;

  @IsOptional()
  @Slug()
  @ApiPropertyOptional({ description: 'Key of a field of action.' })
  readonly field?: string;

  @IsOptional()
  @RegionKey()
  @ApiPropertyOptional({ description: 'AGS of a region: structures that work anywhere in it.' })
  readonly within?: string;

  @IsOptional()
  @Slug()
  readonly targetGroup?: string;

  @IsOptional()
  @Slug()
  readonly service?: string;

  @IsOptional()
  @Transform(booleanOfQuery)
  @IsBoolean()
  @ApiPropertyOptional({ description: 'Those with a fact that is marked stale, or those with none.' })
  readonly stale?: boolean;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  @ApiPropertyOptional({
    description:
      '`name` (without it), `stageSince`, `recordedAt`, `operatingSince`, `assuredAt` (only those of which facts are kept); a minus sign in front for descending.',
  })
  readonly sort?: string;
}
