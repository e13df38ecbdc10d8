import { booleanOfQuery, PageQuery, RegionKey, Day, Slug, Text, Uuid } from '@alliance/service-host';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { ABOUT_ORGANISATIONS, EvidenceDto } from '../evidence.http';
import { type IdentifierScheme, identifierSchemes } from '../identifier';
import { organisationKinds } from './organisation.events';
import { type DirectoryStage, directoryStages } from './organisation-directory.read-model';

export class IdentifierDto {
  @IsIn(identifierSchemes)
  readonly scheme: IdentifierScheme;

  @IsOptional()
  @Text(120)
  @ApiPropertyOptional({
    description:
      'Who keeps the register, for the registers of which there are many: the court by its XJustiz code or its name.',
    example: 'Amtsgericht Köln',
  })
  readonly court?: string;

  @Text(40)
  @ApiProperty({ example: 'VR 12345' })
  readonly number: string;
}

export class AddressDto {
  @Text(120)
  @ApiProperty({ description: 'With the number of the house.', example: 'Hauptstraße 5' })
  readonly street: string;

  @Matches(/^\d{5}$/, { message: 'must be a postcode of five digits' })
  @ApiProperty({ example: '80331' })
  readonly postcode: string;

  @Text(80)
  @ApiProperty({ example: 'München' })
  readonly city: string;
}

const applicantKinds = [...organisationKinds, 'private-person'] as const;

export class ApplicationDto {
  @Text(200)
  @ApiProperty({ example: 'Münchner Tafel e.V.' })
  readonly name: string;

  @IsIn(applicantKinds)
  @ApiProperty({ description: '`private-person` can be said, and is always refused with a code of its own.' })
  readonly kind: (typeof applicantKinds)[number];

  @IsOptional()
  @Text(60)
  @ApiPropertyOptional({ example: 'e.V.' })
  readonly legalForm?: string;

  @Day()
  @ApiProperty({ description: 'Since when the organisation has been at work.', example: '1994-04-01' })
  readonly operatingSince: string;

  @IsOptional()
  @RegionKey()
  @ApiPropertyOptional({ description: 'The seat, by its AGS.', example: '09162000' })
  readonly regionKey?: string;

  @IsArray()
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => IdentifierDto)
  @ApiProperty({ type: [IdentifierDto] })
  readonly identifiers: IdentifierDto[];

  @IsArray()
  @ArrayMaxSize(50)
  @Slug({ each: true })
  @ApiProperty({ type: [String], description: 'Keys of fields of action.', example: ['basic-supplies'] })
  readonly fieldKeys: string[];

  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true })
  @MaxLength(200)
  readonly website?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => AddressDto)
  @ApiPropertyOptional({ description: 'Of the office; never the home of a person.' })
  readonly address?: AddressDto;

  @IsOptional()
  @Uuid()
  @ApiPropertyOptional({
    format: 'uuid',
    description: 'The organisation that it belongs to, such as the association of which it is a local branch.',
  })
  readonly parentOrganisationId?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => EvidenceDto)
  @ApiPropertyOptional({ description: 'Proof of being sustainably set up, for an organisation that is young.' })
  readonly sustainablySetUp?: EvidenceDto;
}

export class QuestionDto {
  @Text(1000)
  @ApiProperty({ description: ABOUT_ORGANISATIONS })
  readonly question: string;
}

export class AnswerDto {
  @Text(1000)
  @ApiProperty({ description: ABOUT_ORGANISATIONS })
  readonly answer: string;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => IdentifierDto)
  @ApiPropertyOptional({ type: [IdentifierDto], description: 'All identifiers, in place of those given before.' })
  readonly identifiers?: IdentifierDto[];
}

export class CheckDto {
  @Slug()
  @ApiProperty({ description: 'What was checked.', example: 'identity' })
  readonly checked: string;

  @ValidateNested()
  @Type(() => EvidenceDto)
  readonly evidence: EvidenceDto;
}

export class VerificationDto {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => CheckDto)
  @ApiProperty({ type: [CheckDto] })
  readonly checks: CheckDto[];
}

export class ReasonDto {
  @Slug()
  @ApiProperty({ description: 'Published with the fact.', example: 'report-overdue' })
  readonly reasonCode: string;

  @IsOptional()
  @Text(1000)
  @ApiPropertyOptional({ description: `Stays in the log, is not published. ${ABOUT_ORGANISATIONS}` })
  readonly note?: string;
}

export class NoteDto {
  @IsOptional()
  @Text(1000)
  @ApiPropertyOptional({ description: ABOUT_ORGANISATIONS })
  readonly note?: string;
}

export class DepartureDto {
  @IsOptional()
  @Slug()
  @ApiPropertyOptional({ example: 'dissolved' })
  readonly reasonCode?: string;
}

export class DirectoryPageQuery extends PageQuery {
  @IsOptional()
  @Text(200)
  @ApiPropertyOptional({ description: 'Words of the name; misspellings are forgiven.' })
  readonly q?: string;

  @IsOptional()
  @IsIn(directoryStages)
  @ApiPropertyOptional({
    description: 'Without it: all but `merged`, which are found under the organisation that they were merged into.',
  })
  readonly stage?: DirectoryStage;

  @IsOptional()
  @IsIn(organisationKinds)
  readonly kind?: (typeof organisationKinds)[number];

  @IsOptional()
  @RegionKey()
  @ApiPropertyOptional({ description: 'AGS of a region: organisations with their seat anywhere in it.' })
  readonly within?: string;

  @IsOptional()
  @Slug()
  @ApiPropertyOptional({
    description: 'Key of a field of action; finds what was recorded under the fields whose place it took, too.',
  })
  readonly field?: string;

  @IsOptional()
  @Text(200)
  @ApiPropertyOptional({
    description: '`<scheme>:<number>`, or `<scheme>:<court>:<number>`.',
    example: 'vereinsregister:Köln:VR 12345',
  })
  readonly identifier?: string;

  @IsOptional()
  @Uuid()
  @ApiPropertyOptional({ description: 'Those merged into this organisation.' })
  readonly mergedInto?: string;

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
      '`name`, `stageSince`, `appliedAt`, `assuredAt` (only those of whom facts are kept); a minus sign in front for descending. Without it: by name, or with `q` the best matches first, of which there is one page.',
  })
  readonly sort?: string;
}
