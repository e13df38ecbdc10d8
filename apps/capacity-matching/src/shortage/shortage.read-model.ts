import type { RecordedEvent } from '@alliance/event-sourcing';
import { foldIntoRows, type KeysetOrder, keysetPage, type Projection, type RowFold } from '@alliance/read-models';
import { Column, Entity, type EntityManager, IsNull, PrimaryColumn } from 'typeorm';
import { type ShortageEvent, shortageEvents } from './shortage.events';

/** A shortage (Engpass) of a field of action in a region, with all that lies within it. */
@Entity('shortage')
export class Shortage {
  @PrimaryColumn('uuid')
  readonly id: string;
  @Column('text', { name: 'field_key' })
  readonly fieldKey: string;
  @Column('text', { name: 'region_key' })
  readonly regionKey: string;
  @Column('date', { name: 'declared_on' })
  readonly declaredOn: string;
  /** Null as long as it lasts. */
  @Column('date', { name: 'eased_on', nullable: true })
  readonly easedOn: string | null;
}

interface Row {
  readonly id: string;
  readonly field_key: string;
  readonly region_key: string;
  readonly declared_on: string;
  readonly eased_on: string | null;
}

const fold: RowFold<Row> = {
  table: 'shortage',
  keyColumn: 'id',
  keyOf: ({ streamName }) => shortageEvents.category.idOf(streamName),
  evolve(row, recorded) {
    const event = recorded as RecordedEvent & ShortageEvent;
    if (event.type === 'ShortageHeard') {
      const { shortageId: id, fieldKey, regionKey, declaredOn } = event.data;
      return { id, field_key: fieldKey, region_key: regionKey, declared_on: declaredOn, eased_on: null };
    }
    if (row === undefined) throw new Error(`${event.streamName} does not begin with a shortage.`);
    return { ...row, eased_on: event.data.easedOn };
  },
};

/** The shortages of which the liaison to the public sector has told. */
export const shortageList: Projection = {
  name: 'shortage-list',
  tables: ['shortage'],
  catalogues: [shortageEvents],
  apply: (tx, events) => foldIntoRows(tx, fold, events),
};

/** All that last, by id. */
export function openShortages(tx: EntityManager): Promise<readonly Shortage[]> {
  return tx.find(Shortage, { where: { easedOn: IsNull() }, order: { id: 'ASC' } });
}

interface ShortageQuery {
  readonly isOpen?: boolean;
  readonly fieldKey?: string;
  /** What the key of the region begins with. */
  readonly regionPrefix?: string;
  readonly order: readonly KeysetOrder<'declaredOn'>[];
  readonly limit: number;
  readonly cursor?: string;
}

/** A page of them, the last declared first unless another order is asked for. */
export function findShortages(
  tx: EntityManager,
  { isOpen, fieldKey, regionPrefix, order, ...page }: ShortageQuery,
): Promise<{ items: Shortage[]; nextCursor?: string }> {
  const found = tx.createQueryBuilder(Shortage, 'shortage').where('true');
  if (isOpen !== undefined) found.andWhere(`shortage.easedOn IS ${isOpen ? '' : 'NOT'} NULL`);
  if (fieldKey !== undefined) found.andWhere('shortage.fieldKey = :fieldKey', { fieldKey });
  if (regionPrefix !== undefined) found.andWhere('shortage.regionKey LIKE :region', { region: `${regionPrefix}%` });
  const lastFirst = [{ field: 'declaredOn', direction: 'descending' }] as const;
  return keysetPage(found, { ...page, order: order.length > 0 ? order : lastFirst, key: 'id' });
}
