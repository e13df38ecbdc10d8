import { createTestDatabase, type TestDatabase } from '@alliance/embedded';
import type { RecordedEvent } from '@alliance/event-sourcing';
import { connectDatabase, migrate } from '@alliance/read-models';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { registry } from '../registry.module';
import { type Region, type RegionImportEvent, regionImportEvents, TERRITORY, territoryEvents } from './region.events';
import { findRegions, recordedRegions, regionMap, RegionRow } from './region-map.read-model';

let testDatabase: TestDatabase;
let database: DataSource;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await migrate({ url: testDatabase.url, migrations: registry.migrations });
  database = await connectDatabase({ url: testDatabase.url, entities: [RegionRow] });
});
afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});
beforeEach(() => database.query('TRUNCATE region, region_listing, territory_version'));

const importId = (number: number) => `00000000-0000-4000-8000-00000000000${number}`;

function recordedAs(streamName: string, event: { type: string; data: unknown }): RecordedEvent {
  const ids = { eventId: '', commandId: '', correlationId: '', causationId: '' };
  const actor = { subject: 'coordinator-1', roles: ['coordinator'] };
  const metadata = { ...ids, actor, occurredAt: '2026-03-01T10:00:00.000Z', schemaVersion: 1 };
  return { ...event, streamName, revision: 0n, position: { commit: 0n, prepare: 0n }, metadata };
}
const ofImport = (number: number, event: RegionImportEvent) =>
  recordedAs(regionImportEvents.category.streamName(importId(number)), event);
const listed = (number: number, regions: Region[]) => ofImport(number, { type: 'RegionsListed', data: { regions } });
const imported = (number: number) =>
  recordedAs(territoryEvents.category.streamName(TERRITORY), {
    type: 'TerritoryImported',
    data: { importId: importId(number), source: 'csv', regions: 1 },
  });
const apply = (...events: RecordedEvent[]) => regionMap.apply(database.manager, events);

const munich: Region = { key: '09162000', name: 'München', levels: ['kreis', 'gemeinde'], validFrom: '2026-01-01' };

describe('the map of regions', () => {
  it('shows nothing of an import before it is accepted, and all of it then, with its version', async () => {
    await apply(listed(1, [munich]));
    expect(await recordedRegions(database)).toBeUndefined();
    expect(await database.manager.find(RegionRow)).toEqual([]);
    await apply(imported(1));
    const version = importId(1);
    expect(await recordedRegions(database)).toEqual({ version, regions: new Map([['09162000', munich]]) });
    expect(await database.query('SELECT * FROM region_listing')).toEqual([]);
  });

  it('takes what was accepted before imports had an order', async () => {
    await apply(
      listed(1, [munich]),
      ofImport(1, { type: 'RegionImportAccepted', data: { source: 'csv', regions: 1 } }),
    );
    expect(await database.manager.find(RegionRow)).toMatchObject([{ key: '09162000', prefix: '09162' }]);
    await apply(imported(1));
    expect((await recordedRegions(database))?.regions).toEqual(new Map([['09162000', munich]]));
  });

  it('contains as the tree of regions does: transitively, each in itself, city states and towns of all levels too', async () => {
    await fc.assert(
      fc.asyncProperty(tree, async (regions) => {
        await database.query('TRUNCATE region, region_listing');
        await apply(listed(2, regions), imported(2));
        const parents = new Map(regions.map(({ key, parentKey }) => [key, parentKey]));
        const isWithin = (key: string, other: string): boolean => {
          const parent = parents.get(key);
          return key === other || (parent !== undefined && isWithin(parent, other));
        };
        for (const { key } of regions) {
          const page = await findRegions(database.manager, { within: key, order: [], limit: 500 });
          const found = page === 'unknown region' ? [] : page.items.map((region) => region.key);
          const expected = regions.map((region) => region.key).filter((one) => isWithin(one, key));
          expect(found).toEqual(expected.sort());
        }
      }),
      { numRuns: 8 },
    );
  });
});

/** Länder with and without Regierungsbezirke, Kreise with Gemeinden and cities that are both, and the city states. */
const tree: fc.Arbitrary<Region[]> = fc
  .uniqueArray(
    fc.record({
      land: fc.integer({ min: 1, max: 16 }).map((number) => String(number).padStart(2, '0')),
      districts: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 2 }),
      kreise: fc.uniqueArray(
        fc.record({
          digits: fc.integer({ min: 1, max: 99 }).map((number) => String(number).padStart(2, '0')),
          gemeinden: fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { maxLength: 4 }),
        }),
        { maxLength: 4, selector: ({ digits }) => digits },
      ),
    }),
    { minLength: 1, maxLength: 5, selector: ({ land }) => land },
  )
  .map((laender) => laender.flatMap(regionsOf));

function regionsOf({
  land,
  districts,
  kreise,
}: {
  land: string;
  districts: readonly number[];
  kreise: readonly { digits: string; gemeinden: readonly number[] }[];
}): Region[] {
  const region = (digits: string, levels: Region['levels'], parentKey?: string): Region => {
    const key = digits.padEnd(8, '0');
    return { key, name: key, levels, validFrom: '2026-01-01', ...(parentKey !== undefined && { parentKey }) };
  };
  const landKey = land.padEnd(8, '0');
  if (['02', '11'].includes(land)) return [region(land, ['land', 'kreis', 'gemeinde'])];
  const parts = districts.length > 0 ? districts : [0];
  return [
    region(land, ['land']),
    ...districts.map((digit) => region(`${land}${digit}`, ['regierungsbezirk'], landKey)),
    ...parts.flatMap((digit) => {
      const parent = digit === 0 ? landKey : `${land}${digit}`.padEnd(8, '0');
      return kreise.flatMap(({ digits, gemeinden }) => {
        const kreis = `${land}${digit}${digits}`;
        if (gemeinden.length === 0) return [region(kreis, ['kreis', 'gemeinde'], parent)];
        const beneath = gemeinden.map((number) => kreis + String(number).padStart(3, '0'));
        return [
          region(kreis, ['kreis'], parent),
          ...beneath.map((key) => region(key, ['gemeinde'], kreis.padEnd(8, '0'))),
        ];
      });
    }),
  ];
}
