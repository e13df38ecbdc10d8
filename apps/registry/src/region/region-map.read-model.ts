import type { RecordedEvent } from '@alliance/event-sourcing';
import { keysetPage, type Projection, upsertRows } from '@alliance/read-models';
import { Column, type DataSource, Entity, type EntityManager, In, PrimaryColumn } from 'typeorm';
import {
  type Region,
  type RegionImportEvent,
  regionImportEvents,
  TERRITORY,
  type TerritoryEvent,
  territoryEvents,
} from './region.events';
import { containmentPrefix, type RegionLevel } from '../region-levels';

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
  tables: ['region', 'region_listing', 'territory_version'],
  catalogues: [regionImportEvents, territoryEvents],
  async apply(tx, events) {
    for (const recorded of events) {
      const event = recorded as RecordedEvent & (RegionImportEvent | TerritoryEvent);
      switch (event.type) {
        case 'RegionsListed': {
          const importId = regionImportEvents.category.idOf(event.streamName);
          const rows = event.data.regions.map((region) => listingRow(importId, region));
          await upsertRows(tx, 'region_listing', ['import_id', 'key'], rows);
          break;
        }
        case 'RegionImportAccepted':
          await take(tx, regionImportEvents.category.idOf(event.streamName));
          break;
        case 'TerritoryImported': {
          const { importId } = event.data;
          await take(tx, importId);
          await upsertRows(tx, 'territory_version', ['territory'], [{ territory: TERRITORY, import_id: importId }]);
          break;
        }
        default:
          event satisfies never;
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
  /** Leaves out regions that are not valid on that day. */
  readonly validOn?: string;
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
  if (query.validOn !== undefined) {
    found.andWhere('region.validFrom <= :validOn AND (region.validTo IS NULL OR region.validTo >= :validOn)', query);
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

/** Those of these regions that are recorded. */
export async function findRegionsByKey(tx: EntityManager, keys: readonly string[]): Promise<readonly RegionRow[]> {
  return tx.findBy(RegionRow, { key: In(keys) });
}

/** All recorded regions, and the import after which they are so; `undefined` before the first. */
export async function recordedRegions(
  database: DataSource,
): Promise<{ readonly regions: ReadonlyMap<string, Region>; readonly version: string } | undefined> {
  return database.transaction('REPEATABLE READ', async (tx) => {
    const [version] = await tx.query<{ importId: string }[]>('SELECT import_id AS "importId" FROM territory_version');
    if (version === undefined) return undefined;
    const rows = await tx.find(RegionRow);
    return { version: version.importId, regions: new Map(rows.map((row) => [row.key, regionOf(row)])) };
  });
}

function regionOf({ key, name, levels, parentKey, population, validFrom, validTo, successorKeys }: RegionRow): Region {
  return {
    key,
    name,
    levels: [...levels],
    ...(parentKey !== null && { parentKey }),
    ...(population !== null && { population }),
    validFrom,
    ...(validTo !== null && { validTo }),
    ...(successorKeys.length > 0 && { successorKeys: [...successorKeys] }),
  };
}
