import type { RecordedEvent } from '@alliance/event-sourcing';
import { type Projection, upsertRows } from '@alliance/read-models';
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
}

/** The fields of action by their present names. */
export const fieldOfActionList: Projection = {
  name: 'field-of-action-list',
  tables: ['field_of_action'],
  catalogues: [fieldOfActionEvents],
  apply: (tx, events) =>
    upsertRows(
      tx,
      'field_of_action',
      ['key'],
      events.map((recorded) => {
        const { key, nameDe, nameEn, validFrom, validTo } = (recorded as RecordedEvent & FieldOfActionEvent).data;
        return { key, name_de: nameDe, name_en: nameEn, valid_from: validFrom, valid_to: validTo ?? null };
      }),
    ),
};

/** All of them, by key: there are about twenty. `on` leaves out those that are not valid on that day. */
export async function findFieldsOfAction(tx: EntityManager, on?: string): Promise<readonly FieldOfActionRow[]> {
  const found = tx.createQueryBuilder(FieldOfActionRow, 'field').orderBy('field.key');
  if (on !== undefined)
    found.where('field.validFrom <= :on AND (field.validTo IS NULL OR field.validTo >= :on)', { on });
  return found.getMany();
}
