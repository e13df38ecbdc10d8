import type { RecordedEvent } from '@alliance/event-sourcing';
import { keysetPage, type Projection, upsertRows } from '@alliance/read-models';
import { Column, Entity, type EntityManager, PrimaryColumn } from 'typeorm';
import { type Region, type RegionImportEvent, regionImportEvents } from './region.events';
import { containmentPrefix, type RegionLevel } from '../region-key';

@Entity('region')
export class RegionRow {
  @PrimaryColumn('text')
  readonly key: string;
  @Column('text')
  readonly name: string;
  @Column('text', { array: true })
  readonly levels: readonly RegionLevel[];
  /** What the key of every region within begins with. */
  @Column('text', { select: true })
  readonly prefix: string;
  @Column('text', { name: 'parent_key', nullable: true })
  readonly parentKey: string | null;
  @Column('integer', { nullable: true })
  readonly population: number | null;
  @Column('date', { name: 'valid_from' })
  readonly validFrom: string;
  @Column('date', { name: 'valid_to', nullable: true })
  readonly validTo: string | null;
  @Column('text', { name: 'successor_keys', array: true })
  readonly successorKeys: readonly string[];
}

/**
 * The regions, by what imports said of them. Rows of an import wait in `region_listing` until it is accepted and then
 * appear all at once, so that nobody ever sees half a file.
 */
export const regionMap: Projection = {
  name: 'region-map',
  tables: ['region', 'region_listing'],
  catalogues: [regionImportEvents],
  async apply(tx, events) {
    for (const recorded of events) {
      const event = recorded as RecordedEvent & RegionImportEvent;
      const importId = regionImportEvents.category.idOf(event.streamName);
      if (event.type === 'RegionsListed') {
        await upsertRows(
          tx,
          'region_listing',
          ['import_id', 'key'],
          event.data.regions.map((region) => listingRow(importId, region)),
        );
      } else {
        await take(tx, importId);
      }
    }
  },
};

function listingRow(importId: string, region: Region) {
  return {
    import_id: importId,
    key: region.key,
    name: region.name,
    levels: region.levels,
    prefix: containmentPrefix(region.key, region.levels),
    parent_key: region.parentKey ?? null,
    population: region.population ?? null,
    valid_from: region.validFrom,
    valid_to: region.validTo ?? null,
    successor_keys: region.successorKeys ?? [],
  };
}

/** A region that has not ended goes on being valid since it was first known, as the region's own stream has it. */
async function take(tx: EntityManager, importId: string): Promise<void> {
  const columns = 'key, name, levels, prefix, parent_key, population, valid_from, valid_to, successor_keys';
  await tx.query(
    `INSERT INTO region (${columns}) SELECT ${columns} FROM region_listing WHERE import_id = $1
     ON CONFLICT (key) DO UPDATE SET
       name = excluded.name, levels = excluded.levels, prefix = excluded.prefix, parent_key = excluded.parent_key,
       population = excluded.population, valid_to = excluded.valid_to, successor_keys = excluded.successor_keys,
       valid_from = CASE WHEN region.valid_to IS NULL THEN least(region.valid_from, excluded.valid_from)
                         ELSE excluded.valid_from END`,
    [importId],
  );
  await tx.query('DELETE FROM region_listing WHERE import_id = $1', [importId]);
}

export interface RegionQuery {
  /** A region: it and all within it. */
  readonly within?: string;
  readonly level?: RegionLevel;
  /** What a word of the name begins with. */
  readonly name?: string;
  readonly order: readonly { readonly field: 'key' | 'name'; readonly direction: 'ascending' | 'descending' }[];
  readonly limit: number;
  readonly cursor?: string;
}

/** A page of regions, by key unless another order is asked for. */
export async function findRegions(
  tx: EntityManager,
  query: RegionQuery,
): Promise<{ readonly items: readonly RegionRow[]; readonly nextCursor?: string } | 'unknown region'> {
  const found = tx.createQueryBuilder(RegionRow, 'region').where('true');
  if (query.level !== undefined) found.andWhere('region.levels @> ARRAY[:level]', query);
  if (query.name !== undefined) {
    found.andWhere(`region.name ILIKE :pattern`, { pattern: `%${query.name.replace(/[\\%_]/g, '\\$&')}%` });
  }
  if (query.within !== undefined) {
    const within = await findRegion(tx, query.within);
    if (within === undefined) return 'unknown region';
    found.andWhere('region.key LIKE :within', { within: `${within.prefix}%` });
  }
  return keysetPage(found, { order: query.order, key: 'key', limit: query.limit, cursor: query.cursor });
}

export async function findRegion(tx: EntityManager, key: string): Promise<RegionRow | undefined> {
  return (await tx.findOneBy(RegionRow, { key })) ?? undefined;
}

/** The keys of all regions. */
export async function regionKeys(tx: EntityManager): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ key: string }[]>('SELECT key FROM region');
  return new Set(rows.map(({ key }) => key));
}
