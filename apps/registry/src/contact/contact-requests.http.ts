import { PageQuery, Day, Slug, Text } from '@alliance/service-host';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsEmail,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { EVIDENCE_REFERENCE, type RequestedErasureReason, requestedErasureReasons } from './contact.events';
import { type ContactStage, contactStages } from './contact-list.read-model';
import type { PersonalData } from './personal-data.vault';

/** An e-mail address; by the same rule where a person is recorded and where one is looked for. */
function EmailAddress(): PropertyDecorator {
  return IsEmail({}, { message: 'must be an e-mail address' });
}

export class PersonDto implements PersonalData {
  @Text(200)
  @ApiProperty({ example: 'Käthe Größmann' })
  readonly name: string;

  @IsOptional()
  @EmailAddress()
  @ApiPropertyOptional({ example: 'kaethe@example.org' })
  readonly email?: string;

  @IsOptional()
  @Matches(/^\+?[0-9][0-9 ()/.-]{3,39}$/, { message: 'must be a phone number, such as +49 221 1234567' })
  @ApiPropertyOptional({ example: '+49 221 1234567' })
  readonly phone?: string;

  @IsOptional()
  @Text(1000)
  @ApiPropertyOptional({ description: 'Kept and erased with the rest.' })
  readonly note?: string;
}

export class ConsentDto {
  @Day()
  @ApiProperty({ example: '2026-02-20' })
  readonly givenOn: string;

  @Matches(new RegExp(EVIDENCE_REFERENCE), {
    message: 'must be a reference without names: letters, digits and . _ / - only, 100 at most',
  })
  @ApiProperty({ description: 'Where the declaration can be found; never a name.', example: 'consents/2026/0017' })
  readonly evidence: string;
}

export class HoldingDto {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @Slug({ each: true })
  @ApiProperty({ type: [String], description: 'What the data are held for.', example: ['coordination'] })
  readonly purposes: string[];

  @ValidateNested()
  @Type(() => ConsentDto)
  readonly consent: ConsentDto;

  @ValidateNested()
  @Type(() => PersonDto)
  @ApiProperty({ description: 'All that is held of the person, in place of what was held before.' })
  readonly person: PersonDto;
}

export class ContactDto extends HoldingDto {
  @IsUUID()
  @ApiProperty({ format: 'uuid' })
  readonly organisationId: string;
}

export class DisclosureDto {
  @Slug()
  @ApiProperty({ description: 'Why the data are read: one of the purposes that they are held for.' })
  readonly purpose: string;
}

export class ErasureQuery {
  @IsOptional()
  @IsIn(requestedErasureReasons)
  @ApiPropertyOptional({ enum: requestedErasureReasons, default: 'requested' })
  readonly reason: RequestedErasureReason = 'requested';
}

export class PersonQueryDto {
  @EmailAddress()
  @ApiProperty({ description: 'In the body, since addresses of requests are written down in many places.' })
  readonly email: string;
}

export class PersonErasureDto extends PersonQueryDto {
  @IsOptional()
  @IsIn(requestedErasureReasons)
  @ApiPropertyOptional({ enum: requestedErasureReasons, default: 'requested' })
  readonly reason: RequestedErasureReason = 'requested';
}

export class ContactPageQuery extends PageQuery {
  @IsOptional()
  @IsUUID()
  readonly organisationId?: string;

  @IsOptional()
  @Slug()
  readonly purpose?: string;

  @IsOptional()
  @IsIn(contactStages)
  readonly stage?: ContactStage;

  @IsOptional()
  @Day()
  @ApiPropertyOptional({ description: 'Held, and to be reviewed by this day.' })
  readonly reviewBy?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  @ApiPropertyOptional({ description: '`recordedAt`, `reviewOn`; a minus sign in front for descending.' })
  readonly sort?: string;
}

export class ReadsPageQuery extends PageQuery {
  @IsOptional()
  @IsUUID()
  readonly contactId?: string;

  @IsOptional()
  @IsUUID()
  readonly organisationId?: string;

  @IsOptional()
  @Text(200)
  @ApiPropertyOptional({ description: 'The pseudonymous id of who has read.' })
  readonly subject?: string;

  @IsOptional()
  @Slug()
  readonly purpose?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  @ApiPropertyOptional({ description: '`readAt`, or `-readAt`, which is the default.' })
  readonly sort?: string;
}
