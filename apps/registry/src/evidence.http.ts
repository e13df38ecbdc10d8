import { Day, Text } from '@alliance/service-host';
import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { evidenceKinds } from './organisation/organisation.events';

export const ABOUT_ORGANISATIONS = 'About the organisation; not for names, addresses or numbers of persons.';

/** Proof of something, as every slice takes it. */
export class EvidenceDto {
  @IsIn(evidenceKinds)
  readonly kind: (typeof evidenceKinds)[number];

  @Text(200)
  @ApiProperty({ description: `Where it can be found; never the file itself. ${ABOUT_ORGANISATIONS}` })
  readonly reference: string;

  @Day()
  @ApiProperty({ example: '2026-02-20' })
  readonly issuedOn: string;
}
