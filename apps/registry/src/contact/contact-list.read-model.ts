import type { Actor, RecordedEvent } from '@alliance/event-sourcing';
import { foldIntoRows, keysetPage, type KeysetOrder, type Projection, type RowFold } from '@alliance/read-models';
import { Column, DataSource, Entity, type EntityManager, PrimaryColumn, type SelectQueryBuilder } from 'typeorm';
import { GONE_ORGANISATIONS, mergedWith, representedBy } from '../organisation/survivors.read-model';
import { type Consent, type ContactEvent, contactEvents, type ErasedRows, type ErasureReason } from './contact.events';

export const contactStages = ['held', 'erasing', 'erased'] as const;
export type ContactStage = (typeof contactStages)[number];

/** That there is a contact person, for what and on which grounds; not who. */
@Entity('contact')
export class ContactRow {
  @PrimaryColumn('uuid')
  readonly id: string;
  @Column('uuid', { name: 'organisation_id' })
  readonly organisationId: string;
  @Column('text', { array: true })
  readonly purposes: readonly string[];
  @Column('jsonb')
  readonly consent: Consent;
  @Column('date', { name: 'review_on' })
  readonly reviewOn: string;
  @Column('text')
  readonly stage: ContactStage;
  @Column('timestamptz', { name: 'stage_since' })
  readonly stageSince: Date;
  @Column('timestamptz', { name: 'recorded_at' })
  readonly recordedAt: Date;
  @Column('text', { name: 'erasure_reason', nullable: true })
  readonly erasureReason: ErasureReason | null;
  @Column('jsonb', { nullable: true })
  readonly erased: readonly ErasedRows[] | null;
  /** Of the last event that the row knows. */
  @Column('bigint')
  readonly revision: string;
}

/** The table's row, by its columns. */
interface ContactColumns {
  readonly id: string;
  readonly organisation_id: string;
  readonly purposes: readonly string[];
  readonly consent: Consent;
  readonly review_on: string;
  readonly stage: ContactStage;
  readonly stage_since: string;
  readonly recorded_at: string;
  readonly erasure_reason: ErasureReason | null;
  readonly erased: readonly ErasedRows[] | null;
  readonly revision: number;
}

const fold: RowFold<ContactColumns> = {
  table: 'contact',
  keyColumn: 'id',
  keyOf: (event) => contactEvents.category.idOf(event.streamName),
  evolve(row, recorded) {
    const event = recorded as RecordedEvent & ContactEvent;
    const { occurredAt } = event.metadata;
    const revision = Number(event.revision);
    if (event.type === 'ContactRecorded') {
      const { contactId, organisationId, purposes, consent, reviewOn } = event.data;
      return {
        id: contactId,
        organisation_id: organisationId,
        purposes,
        consent,
        review_on: reviewOn,
        stage: 'held',
        stage_since: occurredAt,
        recorded_at: occurredAt,
        erasure_reason: null,
        erased: null,
        revision,
      };
    }
    if (row === undefined) throw new Error(`${event.streamName} does not begin with ContactRecorded.`);
    switch (event.type) {
      case 'ContactRevised': {
        const { purposes, consent, reviewOn } = event.data;
        return { ...row, purposes, consent, review_on: reviewOn, revision };
      }
      case 'PersonalDataRead':
        return { ...row, revision };
      case 'ConsentWithdrawn':
        return {
          ...row,
          stage: 'erasing',
          stage_since: occurredAt,
          erasure_reason: 'consent-withdrawn',
          revision,
        };
      case 'ErasureDecided':
        return { ...row, stage: 'erasing', stage_since: occurredAt, erasure_reason: event.data.reason, revision };
      case 'ContactErased':
        return { ...row, stage: 'erased', stage_since: occurredAt, erased: event.data.erased, revision };
      default:
        return event satisfies never;
    }
  },
};

export const contactList: Projection = {
  name: 'contact-list',
  tables: ['contact'],
  catalogues: [contactEvents],
  apply: (tx, events) => foldIntoRows(tx, fold, events),
};

export interface ContactQuery {
  /** Its own contacts, and those of the organisations that were merged into it. */
  readonly organisationId?: string;
  readonly purpose?: string;
  readonly stage?: ContactStage;
  /** Held, and to be reviewed by this day. */
  readonly reviewBy?: string;
  readonly order: readonly KeysetOrder<'recordedAt' | 'reviewOn'>[];
  readonly limit: number;
  readonly cursor?: string;
}

/** A page of the contacts that the actor may know of: all, or for representatives those of whom they act for. */
export async function findContacts({ manager: tx }: DataSource, query: ContactQuery, actor: Actor) {
  const found = await visibleTo(actor, tx);
  if (query.organisationId !== undefined) {
    const ids = await mergedWith(tx, query.organisationId);
    found.andWhere('contact.organisationId IN (:...ids)', { ids });
  }
  if (query.purpose !== undefined) found.andWhere('contact.purposes @> ARRAY[:purpose]', query);
  if (query.stage !== undefined) found.andWhere('contact.stage = :stage', query);
  if (query.reviewBy !== undefined) found.andWhere(`contact.stage = 'held' AND contact.reviewOn <= :reviewBy`, query);
  const order = query.order.length > 0 ? query.order : [{ field: 'recordedAt', direction: 'ascending' } as const];
  return keysetPage(found, { order, key: 'id', limit: query.limit, cursor: query.cursor });
}

/** The contact, if there is one that the actor may know of. */
export async function findContact(database: DataSource, id: string, actor: Actor): Promise<ContactRow | undefined> {
  const contacts = await visibleTo(actor, database.manager);
  return (await contacts.andWhere('contact.id = :id', { id }).getOne()) ?? undefined;
}

/** A contact that is held, and since when that is only because its organisation has not been gone for long. */
export interface KeptContact {
  readonly id: string;
  readonly countedFrom: Date;
}

/**
 * Contacts that on that day (of UTC) have been kept for so many days since their organisation has gone; of one that was
 * merged since the surviving one has, and of who was recorded later since then. Those after the id, by id.
 */
export function contactsPastRetention(
  tx: EntityManager,
  { day, days, afterId, limit }: { day: string; days: number; afterId: string | undefined; limit: number },
): Promise<readonly KeptContact[]> {
  return tx.query<KeptContact[]>(
    `SELECT id, counted_from AS "countedFrom"
     FROM (SELECT contact.id, greatest(gone.since, contact.recorded_at) AS counted_from
           FROM contact JOIN ${GONE_ORGANISATIONS} AS gone ON gone.id = contact.organisation_id
           WHERE contact.stage = 'held') AS kept
     WHERE CAST(counted_from AT TIME ZONE 'UTC' AS date) + $1::integer <= $2::date AND ($3::uuid IS NULL OR id > $3)
     ORDER BY id LIMIT $4`,
    [days, day, afterId ?? null, limit],
  );
}

const SEE_ALL: readonly string[] = ['coordinator', 'auditor', 'fund-officer', 'chair'];

async function visibleTo(actor: Actor, tx: EntityManager): Promise<SelectQueryBuilder<ContactRow>> {
  const contacts = tx.createQueryBuilder(ContactRow, 'contact').where('true');
  if (actor.roles.some((role) => SEE_ALL.includes(role))) return contacts;
  const represented = await representedBy(tx, actor);
  return contacts.andWhere('contact.organisationId = ANY (:represented)', { represented });
}
