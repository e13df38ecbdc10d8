import type { RecordedEvent } from '@alliance/event-sourcing';
import { keysetPage, type KeysetOrder, type Projection, upsertRows } from '@alliance/read-models';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { mergedWith } from '../organisation/survivors.read-model';
import { type ContactEvent, contactEvents } from './contact.events';

/** Who has read the personal data of which contact, when and for what. */
@Entity('personal_data_read')
export class PersonalDataReadRow {
  @PrimaryColumn('uuid', { name: 'event_id' })
  readonly eventId: string;
  @Column('uuid', { name: 'contact_id' })
  readonly contactId: string;
  @Column('uuid', { name: 'organisation_id' })
  readonly organisationId: string;
  @Column('text')
  readonly purpose: string;
  @Column('text')
  readonly subject: string;
  @Column('timestamptz', { name: 'read_at' })
  readonly readAt: Date;
}

export const personalDataReads: Projection = {
  name: 'personal-data-reads',
  tables: ['personal_data_read'],
  catalogues: [contactEvents],
  async apply(tx, events) {
    const rows = (events as readonly (RecordedEvent & ContactEvent)[]).flatMap((event) => {
      if (event.type !== 'PersonalDataRead') return [];
      const { eventId, actor, occurredAt } = event.metadata;
      return [
        {
          event_id: eventId,
          contact_id: contactEvents.category.idOf(event.streamName),
          organisation_id: event.data.organisationId,
          purpose: event.data.purpose,
          subject: actor.subject,
          read_at: occurredAt,
        },
      ];
    });
    await upsertRows(tx, 'personal_data_read', ['event_id'], rows);
  },
};

export interface ReadsQuery {
  readonly contactId?: string;
  /** Of its contacts, and of those of the organisations that were merged into it. */
  readonly organisationId?: string;
  readonly subject?: string;
  readonly purpose?: string;
  readonly order: readonly KeysetOrder<'readAt'>[];
  readonly limit: number;
  readonly cursor?: string;
}

/** A page of reads, the newest first unless another order is asked for. */
export async function findReads(database: DataSource, query: ReadsQuery) {
  const found = database.createQueryBuilder(PersonalDataReadRow, 'read').where('true');
  if (query.contactId !== undefined) found.andWhere('read.contactId = :contactId', query);
  if (query.organisationId !== undefined) {
    const ids = await mergedWith(database.manager, query.organisationId);
    found.andWhere('read.organisationId IN (:...ids)', { ids });
  }
  if (query.subject !== undefined) found.andWhere('read.subject = :subject', query);
  if (query.purpose !== undefined) found.andWhere('read.purpose = :purpose', query);
  const order = query.order.length > 0 ? query.order : [{ field: 'readAt', direction: 'descending' } as const];
  return keysetPage(found, { order, key: 'eventId', limit: query.limit, cursor: query.cursor });
}
