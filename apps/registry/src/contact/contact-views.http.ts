import type { RecordedEvent } from '@alliance/event-sourcing';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { ContactState } from './contact.decider';
import { type Consent, type ErasedRows, type ErasureReason, erasureReasons } from './contact.events';
import { type ContactRow, type ContactStage, contactStages } from './contact-list.read-model';
import { ConsentDto, PersonDto } from './contact-requests.http';
import type { PersonalData } from './personal-data.vault';
import type { PersonalDataReadRow } from './personal-data-reads.read-model';

export class ContactId {
  @ApiProperty({ format: 'uuid' })
  readonly contactId: string;
}

class ErasedRowsView implements ErasedRows {
  @ApiProperty({ example: 'personal_data' })
  readonly table: string;
  @ApiProperty({ example: 1 })
  readonly rows: number;
}

/** That there is a contact, without the person. */
export class ContactView {
  @ApiProperty({ format: 'uuid' })
  readonly id: string;
  @ApiProperty({ format: 'uuid' })
  readonly organisationId: string;
  @ApiProperty({ type: [String] })
  readonly purposes: readonly string[];
  @ApiProperty({ type: ConsentDto })
  readonly consent: Consent;
  @ApiProperty({ format: 'date', description: 'By when somebody looks whether the data still are needed.' })
  readonly reviewOn: string;
  @ApiProperty({ enum: contactStages })
  readonly stage: ContactStage;
  @ApiProperty({ format: 'date-time' })
  readonly stageSince: string;
  @ApiProperty({ format: 'date-time' })
  readonly recordedAt: string;
  @ApiPropertyOptional({ enum: erasureReasons })
  readonly erasureReason?: ErasureReason;
  @ApiPropertyOptional({ type: [ErasedRowsView] })
  readonly erased?: readonly ErasedRows[];
  @ApiProperty({ description: 'As in `ETag`: what `If-Match` compares with. Reads count too.', example: '3' })
  readonly revision: string;
}

export function contactViewOf(row: ContactRow): ContactView {
  const { id, organisationId, purposes, consent, reviewOn, stage, revision } = row;
  return {
    id,
    organisationId,
    purposes,
    consent,
    reviewOn,
    stage,
    stageSince: row.stageSince.toISOString(),
    recordedAt: row.recordedAt.toISOString(),
    erasureReason: row.erasureReason ?? undefined,
    erased: row.erased ?? undefined,
    revision,
  };
}

/** The person behind a contact. */
export class DisclosureView extends ContactId {
  @ApiProperty({ type: PersonDto })
  readonly person: PersonalData;
}

class ContactHistoryItem {
  @ApiProperty({ format: 'date-time' })
  readonly at: string;
  @ApiProperty({ example: 'PersonalDataRead' })
  readonly type: string;
  @ApiProperty({ description: 'Pseudonymous id.' })
  readonly by: string;
  @ApiProperty({ type: Object, description: 'The grounds, the purpose or the reason.' })
  readonly data: unknown;
}

/** All that is held of a person as one contact, and what was done with it. */
export class ContactExport extends ContactId {
  @ApiProperty({ format: 'uuid' })
  readonly organisationId: string;
  @ApiPropertyOptional({ type: PersonDto, description: 'Absent when nothing came to be held, or not any more.' })
  readonly person?: PersonalData;
  @ApiProperty({ type: [ContactHistoryItem] })
  readonly history: readonly ContactHistoryItem[];
}

export function historyItemOf({ type, data, metadata }: RecordedEvent): ContactHistoryItem {
  return { at: metadata.occurredAt, type, by: metadata.actor.subject, data };
}

export class PersonExport {
  @ApiProperty({ type: [ContactExport] })
  readonly contacts: readonly ContactExport[];
}

/** What was erased where. The id of the contact and its grounds stay in the log, which never knew the person. */
export class ErasureView extends ContactId {
  @ApiProperty({ format: 'uuid' })
  readonly organisationId: string;
  @ApiProperty({ enum: erasureReasons })
  readonly reason: ErasureReason;
  @ApiProperty({ type: [ErasedRowsView] })
  readonly erased: readonly ErasedRows[];
}

export function erasureViewOf(contactId: string, state: Extract<ContactState, { stage: 'erased' }>): ErasureView {
  const { organisationId, reason, erased } = state;
  return { contactId, organisationId, reason, erased };
}

export class PersonErasure {
  @ApiProperty({ type: [ErasureView] })
  readonly contacts: readonly ErasureView[];
}

/** That personal data were read; never what was read. */
export class PersonalDataReadView extends ContactId {
  @ApiProperty({ format: 'uuid' })
  readonly organisationId: string;
  @ApiProperty()
  readonly purpose: string;
  @ApiProperty({ description: 'Pseudonymous id.' })
  readonly subject: string;
  @ApiProperty({ format: 'date-time' })
  readonly readAt: string;
}

export function readViewOf(row: PersonalDataReadRow): PersonalDataReadView {
  const { contactId, organisationId, purpose, subject, readAt } = row;
  return { contactId, organisationId, purpose, subject, readAt: readAt.toISOString() };
}
