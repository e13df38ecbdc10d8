import { type KeysetOrder, keysetPage } from '@alliance/read-models';
import { Column, Entity, type EntityManager, PrimaryColumn } from 'typeorm';
import { liesWithin } from '../offer/offer-scope.read-model';

/** How fine regions are told apart, with the digits of their keys that tell it. */
export const regionLevels = { land: 2, district: 5, municipality: 8 } as const;
export type RegionLevel = keyof typeof regionLevels;

/**
 * The open needs of a field of action in a region, and how well they are served: minutes of all their weeks together. A
 * query makes the rows anew; there is no such table.
 */
@Entity('needs_served')
export class NeedsServed {
  /** The field and the region. */
  @PrimaryColumn('text')
  readonly id: string;
  @Column('text')
  readonly fieldKey: string;
  @Column('text')
  readonly regionKey: string;
  @Column('integer')
  readonly openNeeds: number;
  @Column('double precision')
  readonly wantedMinutes: number;
  @Column('double precision')
  readonly proposedMinutes: number;
  @Column('double precision')
  readonly startedMinutes: number;
  @Column('double precision')
  readonly deliveredMinutes: number;
  /** startedMinutes ÷ wantedMinutes. */
  @Column('double precision')
  readonly servedShare: number;
}

interface NeedsServedQuery {
  readonly level: RegionLevel;
  readonly fieldKey?: string;
  /** It and what lies within it. */
  readonly regionKey?: string;
  readonly severity?: number;
  readonly order: readonly KeysetOrder<'servedShare' | 'wantedMinutes' | 'openNeeds' | 'fieldKey' | 'regionKey'>[];
  readonly limit: number;
  readonly cursor?: string;
}

/** A row for each field and region in which needs are open; a need of several fields is in several rows. */
export function needsServed(
  tx: EntityManager,
  { level, fieldKey, regionKey, severity, ...page }: NeedsServedQuery,
): Promise<{ items: NeedsServed[]; nextCursor?: string }> {
  const region = `rpad(left(region_key, ${regionLevels[level]}), 8, '0')`;
  const sums = ['wanted', 'proposed', 'started', 'delivered'].map(
    (what) => `sum(${what}_minutes)::double precision AS "${what}Minutes"`,
  );
  const conditions = [
    'is_open',
    ...(fieldKey === undefined ? [] : ['field_key = :fieldKey']),
    ...(regionKey === undefined ? [] : [liesWithin('region_key', ':regionKey')]),
    ...(severity === undefined ? [] : ['severity = :severity']),
  ];
  const rows = `
    SELECT field_key || '/' || ${region} AS id, field_key AS "fieldKey", ${region} AS "regionKey",
      count(*)::integer AS "openNeeds", ${sums.join(', ')},
      sum(started_minutes)::double precision / greatest(sum(wanted_minutes), 1) AS "servedShare"
    FROM need, unnest(field_keys) AS field_key
    WHERE ${conditions.join(' AND ')}
    GROUP BY field_key, ${region}`;
  const found = tx
    .createQueryBuilder(NeedsServed, 'needs')
    .addCommonTableExpression(rows, 'needs_served')
    .setParameters({ fieldKey, regionKey, severity });
  return keysetPage(found, { ...page, key: 'id' });
}
