import type { RecordedEvent } from '@alliance/event-sourcing';
import { foldIntoRows, type Projection, type RowFold } from '@alliance/read-models';
import { Column, Entity, type EntityManager, PrimaryColumn } from 'typeorm';
import { type FieldOfActionEvent, fieldOfActionEvents } from './field-of-action.events';

@Entity('field_of_action')
export class FieldOfActionRow {
  @PrimaryColumn('text')
  readonly key: string;
  @Column('text', { name: 'name_de' })
  readonly nameDe: string;
  @Column('text', { name: 'name_en' })
  readonly nameEn: string;
  @Column('date', { name: 'valid_from' })
  readonly validFrom: string;
  @Column('date', { name: 'valid_to', nullable: true })
  readonly validTo: string | null;
  /** What took its place after its last day. */
  @Column('text', { name: 'successor_keys', array: true })
  readonly successorKeys: readonly string[];
}

/** The table's row, by its columns. */
interface FieldRow {
  readonly key: string;
  readonly name_de: string;
  readonly name_en: string;
  readonly valid_from: string;
  readonly valid_to: string | null;
  readonly successor_keys: readonly string[];
}

const fold: RowFold<FieldRow> = {
  table: 'field_of_action',
  keyColumn: 'key',
  keyOf: (event) => fieldOfActionEvents.category.idOf(event.streamName),
  evolve(row, recorded) {
    const event = recorded as RecordedEvent & FieldOfActionEvent;
    if (event.type === 'FieldOfActionRetired') {
      if (row === undefined) throw new Error(`${event.streamName} does not begin with a field.`);
      return { ...row, valid_to: event.data.validTo, successor_keys: event.data.successorKeys };
    }
    const { key, nameDe, nameEn, validFrom, validTo } = event.data;
    const successor_keys = row?.successor_keys ?? [];
    return { key, name_de: nameDe, name_en: nameEn, valid_from: validFrom, valid_to: validTo ?? null, successor_keys };
  },
};

/** The fields of action by their present names. */
export const fieldOfActionList: Projection = {
  name: 'field-of-action-list',
  tables: ['field_of_action'],
  catalogues: [fieldOfActionEvents],
  apply: (tx, events) => foldIntoRows(tx, fold, events),
};

/** All of them, by key: there are about twenty. `on` leaves out those that are not valid on that day. */
export async function findFieldsOfAction(tx: EntityManager, on?: string): Promise<readonly FieldOfActionRow[]> {
  const found = tx.createQueryBuilder(FieldOfActionRow, 'field').orderBy('field.key');
  if (on !== undefined)
    found.where('field.validFrom <= :on AND (field.validTo IS NULL OR field.validTo >= :on)', { on });
  return found.getMany();
}

/**
 * The keys under which facts of this field may have been recorded: its own and those of all its predecessors, and
 * theirs. A filter by a field looks for any of them. The key itself is among them also when there is no such field.
 */
export async function recordedFieldKeys(tx: EntityManager, key: string): Promise<readonly string[]> {
  const found = await tx.query<{ key: string }[]>(
    `WITH RECURSIVE recorded (key) AS (
       SELECT $1::text
       UNION
       SELECT field.key FROM field_of_action AS field JOIN recorded ON field.successor_keys @> ARRAY[recorded.key]
     ) SELECT key FROM recorded`,
    [key],
  );
  return found.map((row) => row.key);
}
