import type { RecordedEvent } from '@alliance/event-sourcing';
import { foldIntoRows, type KeysetOrder, keysetPage, type Projection, type RowFold } from '@alliance/read-models';
import { regionLadder } from '@alliance/region-keys';
import { Column, Entity, type EntityManager, PrimaryColumn } from 'typeorm';
import { type CallEvent, callEvents } from './call.events';

/** A call, by what lists show of it; the whole of it is in the log. */
@Entity('call')
export class CallRow {
  @PrimaryColumn('uuid')
  readonly id: string;
  @Column('uuid', { name: 'pot_id' })
  readonly potId: string;
  @Column('text')
  readonly title: string;
  @Column('timestamptz', { name: 'opens_at' })
  readonly opensAt: Date;
  /** The end of its window, or when it was closed before. */
  @Column('timestamptz', { name: 'closes_at' })
  readonly closesAt: Date;
  @Column('text', { name: 'field_keys', array: true })
  readonly fieldKeys: readonly string[];
  @Column('text', { name: 'region_keys', array: true })
  readonly regionKeys: readonly string[];
  @Column('bigint', { name: 'minimum_cents' })
  readonly minimumCents: string;
  @Column('bigint', { name: 'maximum_cents' })
  readonly maximumCents: string;
  @Column('text')
  readonly currency: 'EUR';
}

interface Row {
  readonly id: string;
  readonly pot_id: string;
  readonly title: string;
  readonly opens_at: string;
  readonly closes_at: string;
  readonly field_keys: readonly string[];
  readonly region_keys: readonly string[];
  readonly minimum_cents: number;
  readonly maximum_cents: number;
  readonly currency: string;
}

const fold: RowFold<Row> = {
  table: 'call',
  keyColumn: 'id',
  keyOf: ({ streamName }) => callEvents.category.idOf(streamName),
  evolve(row, recorded) {
    const event = recorded as RecordedEvent & CallEvent;
    if (event.type === 'CallPublished') {
      const { potId, call } = event.data;
      return {
        id: callEvents.category.idOf(event.streamName),
        pot_id: potId,
        title: call.title,
        opens_at: call.opensAt,
        closes_at: call.closesAt,
        field_keys: call.fieldKeys,
        region_keys: call.regionKeys,
        minimum_cents: call.minimum.cents,
        maximum_cents: call.maximum.cents,
        currency: call.maximum.currency,
      };
    }
    if (row === undefined) throw new Error(`${event.streamName} does not begin with a call.`);
    return event.type === 'CallClosed' ? { ...row, closes_at: event.metadata.occurredAt } : row;
  },
};

/** The calls, open, over and to come. */
export const callList: Projection = {
  name: 'call-list',
  tables: ['call'],
  catalogues: [callEvents],
  apply: (tx, events) => foldIntoRows(tx, fold, events),
};

interface CallQuery {
  /** Only those that can be applied to at that moment, or only the others. */
  readonly open?: { readonly isOpen: boolean; readonly at: Date };
  readonly fieldKey?: string;
  /** Calls for this region, or for one that it lies in. */
  readonly regionKey?: string;
  readonly potId?: string;
  readonly order: readonly KeysetOrder<'closesAt' | 'opensAt' | 'title'>[];
  readonly limit: number;
  readonly cursor?: string;
}

export function findCalls(
  tx: EntityManager,
  { open, fieldKey, regionKey, potId, ...page }: CallQuery,
): Promise<{ items: CallRow[]; nextCursor?: string }> {
  const found = tx.createQueryBuilder(CallRow, 'call').where('true');
  if (open !== undefined) {
    const isOpen = 'call.opensAt <= :at AND call.closesAt > :at';
    found.andWhere(open.isOpen ? isOpen : `NOT (${isOpen})`, { at: open.at });
  }
  if (fieldKey !== undefined) found.andWhere('call.fieldKeys @> CAST(:fields AS text[])', { fields: [fieldKey] });
  if (potId !== undefined) found.andWhere('call.potId = :potId', { potId });
  if (regionKey !== undefined) {
    found.andWhere('call.regionKeys && CAST(:regions AS text[])', { regions: regionLadder(regionKey) });
  }
  return keysetPage(found, { ...page, key: 'id' });
}
