import type { RecordedEvent } from '@alliance/event-sourcing';
import { foldIntoRows, type KeysetOrder, keysetPage, type Projection, type RowFold } from '@alliance/read-models';
import { Column, Entity, type EntityManager, PrimaryColumn } from 'typeorm';
import { type SkillEvent, skillEvents } from './skill.events';

/** A skill by which offers and needs find each other. */
@Entity('skill')
export class SkillRow {
  @PrimaryColumn('text')
  readonly key: string;
  @Column('text', { name: 'name_de' })
  readonly nameDe: string;
  @Column('text', { name: 'name_en' })
  readonly nameEn: string;
  @Column('boolean', { name: 'is_retired' })
  readonly isRetired: boolean;
}

interface Row {
  readonly key: string;
  readonly name_de: string;
  readonly name_en: string;
  readonly is_retired: boolean;
}

const fold: RowFold<Row> = {
  table: 'skill',
  keyColumn: 'key',
  keyOf: ({ streamName }) => skillEvents.category.idOf(streamName),
  evolve(row, recorded) {
    const event = recorded as RecordedEvent & SkillEvent;
    if (event.type === 'SkillAdded') {
      const { key, nameDe, nameEn } = event.data;
      return { key, name_de: nameDe, name_en: nameEn, is_retired: false };
    }
    if (row === undefined) throw new Error(`${event.streamName} does not begin with a skill.`);
    return { ...row, is_retired: true };
  },
};

/** The skills by their names, those that are retired too. */
export const skillList: Projection = {
  name: 'skill-list',
  tables: ['skill'],
  catalogues: [skillEvents],
  apply: (tx, events) => foldIntoRows(tx, fold, events),
};

interface SkillQuery {
  readonly isRetired?: boolean;
  /** What is in one of its names, in small letters or capitals. */
  readonly search?: string;
  readonly order: readonly KeysetOrder<'key' | 'nameDe' | 'nameEn'>[];
  readonly limit: number;
  readonly cursor?: string;
}

export function findSkills(
  tx: EntityManager,
  { isRetired, search, ...page }: SkillQuery,
): Promise<{ items: SkillRow[]; nextCursor?: string }> {
  const found = tx.createQueryBuilder(SkillRow, 'skill').where('true');
  if (isRetired !== undefined) found.andWhere('skill.isRetired = :isRetired', { isRetired });
  if (search !== undefined) {
    const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
    found.andWhere('(skill.nameDe ILIKE :pattern OR skill.nameEn ILIKE :pattern)', { pattern });
  }
  return keysetPage(found, { ...page, key: 'key' });
}
