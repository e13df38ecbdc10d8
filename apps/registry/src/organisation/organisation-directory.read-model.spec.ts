import { createTestDatabase, type TestDatabase } from '@alliance/embedded';
import type { Actor, RecordedEvent } from '@alliance/event-sourcing';
import { connectDatabase, migrate } from '@alliance/read-models';
import type { DataSource } from 'typeorm';
import { regionImportEvents } from '../region/region.events';
import { regionMap, RegionRow } from '../region/region-map.read-model';
import { laender } from '../region/laender';
import { registry } from '../registry.module';
import type { Identifier } from '../identifier';
import { type OrganisationEvent, organisationEvents } from './organisation.events';
import { admissionDecided, admitted, applied, suspended, tafel, verified } from './organisation.given';
import { type DirectoryQuery, findOrganisation, findOrganisations } from './find-organisations.read-model';
import { DirectoryEntry, organisationDirectory } from './organisation-directory.read-model';

let testDatabase: TestDatabase;
let database: DataSource;
const coordinator: Actor = { subject: 'coordinator-1', roles: ['coordinator'] };

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await migrate({ url: testDatabase.url, migrations: registry.migrations });
  database = await connectDatabase({ url: testDatabase.url, entities: [DirectoryEntry, RegionRow] });
  await regionMap.apply(database.manager, [
    recordedAs(regionImportEvents.category.streamName(idOf(0)), 0n, {
      type: 'RegionsListed',
      data: { regions: [...laender] },
    }),
    recordedAs(regionImportEvents.category.streamName(idOf(0)), 1n, {
      type: 'RegionImportAccepted',
      data: { source: 'shipped', regions: 16 },
    }),
  ]);
  const rows: [number, Partial<typeof tafel> & { identifiers?: Identifier[] }, OrganisationEvent[]][] = [
    [1, { name: 'Münchner Tafel e.V.' }, [verified, admissionDecided, admitted]],
    [2, { name: 'Kölner Flüchtlingshilfe', regionKey: '05315000', fieldKeys: ['accommodation'] }, [verified]],
    [
      3,
      { name: 'Stadt Köln', regionKey: '05315000', identifiers: [] },
      [verified, admissionDecided, admitted, suspended],
    ],
    [4, { name: 'Berliner Brücke', regionKey: '11000000' }, []],
    [5, { name: 'Überall zu Hause', regionKey: undefined }, [verified, admissionDecided, admitted]],
  ];
  await organisationDirectory.apply(
    database.manager,
    rows.flatMap(([number, facts, later]) => history(number, { ...tafel, ...facts }, later)),
  );
});
afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

function idOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

function recordedAs(streamName: string, revision: bigint, event: { type: string; data: unknown }): RecordedEvent {
  const occurredAt = `2026-03-0${Number(revision) + 1}T10:00:00.000Z`;
  const metadata = { eventId: idOf(9), commandId: idOf(9), correlationId: 'spec', causationId: 'spec' };
  const actor = { subject: 'somebody', roles: [] };
  return {
    ...event,
    streamName,
    revision,
    position: { commit: revision, prepare: revision },
    metadata: { ...metadata, actor, occurredAt, schemaVersion: 1 },
  };
}

function history(number: number, facts: object, later: readonly OrganisationEvent[]): RecordedEvent[] {
  const organisationId = idOf(number);
  const first = { type: 'MembershipAppliedFor', data: { ...applied.data, organisationId, facts } };
  const streamName = organisationEvents.category.streamName(organisationId);
  return [first, ...later].map((event, index) => recordedAs(streamName, BigInt(index), event));
}

async function find(query: Partial<DirectoryQuery>, actor: Actor = coordinator): Promise<readonly string[]> {
  const page = await findOrganisations(database, { order: [], limit: 50, ...query }, actor);
  if (page === 'unknown region') throw new Error(page);
  return page.items.map(({ name }) => name);
}

describe('the directory of organisations', () => {
  it('shows of each organisation its facts, its stage and since when', async () => {
    expect(await findOrganisation(database, idOf(1), coordinator)).toMatchObject({
      name: 'Münchner Tafel e.V.',
      stage: 'admitted',
      stageSince: new Date('2026-03-04T10:00:00.000Z'),
      operatingSince: '1994-04-01',
      identifiers: tafel.identifiers,
      revision: '3',
    });
  });

  it.each(['Münchner Tafel', 'MUENCHNER', 'muenchner tafl', 'Tafle', 'munchner tafel'])(
    'finds a name by "%s"',
    async (search) => {
      expect((await find({ search }))[0]).toBe('Münchner Tafel e.V.');
    },
  );

  it('puts the best match first, and finds nothing where nothing is alike', async () => {
    expect(await find({ search: 'Köln' })).toEqual(['Stadt Köln', 'Kölner Flüchtlingshilfe']);
    expect(await find({ search: 'xyzzy' })).toEqual([]);
    expect(await find({ search: `%'; --` })).toHaveLength(5);
  });

  it('filters by stage, kind, field, identifier and any region around the seat', async () => {
    expect(await find({ stage: 'suspended' })).toEqual(['Stadt Köln']);
    expect(await find({ kind: 'company' })).toEqual([]);
    expect(await find({ field: 'accommodation' })).toEqual(['Kölner Flüchtlingshilfe']);
    expect(await find({ within: '05000000' })).toEqual(['Kölner Flüchtlingshilfe', 'Stadt Köln']);
    expect(await find({ within: '11000000' })).toEqual(['Berliner Brücke']);
    expect(
      await find({ identifier: { scheme: 'vereinsregister', court: 'Muenchen', number: 'VR 15087' } }),
    ).toHaveLength(4);
    await expect(find({ within: '05999000' })).rejects.toThrow('unknown region');
  });

  it('pages in the order that is asked for', async () => {
    const order = [{ field: 'name', direction: 'descending' }] as const;
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await findOrganisations(database, { order, limit: 2, cursor }, coordinator);
      if (page === 'unknown region') throw new Error(page);
      seen.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(5);
    expect(seen).toEqual(await find({ order }));
  });

  it('shows others the members only, and what they applied for or represent', async () => {
    const others: Actor = { subject: 'somebody', roles: ['representative'] };
    const members = ['Münchner Tafel e.V.', 'Stadt Köln', 'Überall zu Hause'];
    expect(await find({}, others)).toEqual(members);
    expect(await find({}, { ...others, organisationId: idOf(4) })).toEqual(expect.arrayContaining(['Berliner Brücke']));
    expect(await find({}, { ...others, subject: 'representative-1' })).toHaveLength(5);
    expect(await find({ stage: 'applied' }, others)).toEqual([]);
    expect(await findOrganisation(database, idOf(4), others)).toBeUndefined();
    expect(await find({}, { subject: 'auditor-1', roles: ['auditor'] })).toHaveLength(5);
  });
});

describe('the map of regions', () => {
  it('shows nothing of an import before it is accepted, and all of it then', async () => {
    const streamName = regionImportEvents.category.streamName(idOf(7));
    const region = { key: '09162000', name: 'München', levels: ['kreis', 'gemeinde'], validFrom: '2026-01-01' };
    await regionMap.apply(database.manager, [
      recordedAs(streamName, 0n, { type: 'RegionsListed', data: { regions: [region] } }),
    ]);
    expect(await database.manager.existsBy(RegionRow, { key: '09162000' })).toBe(false);
    await regionMap.apply(database.manager, [
      recordedAs(streamName, 1n, { type: 'RegionImportAccepted', data: { source: 'csv', regions: 1 } }),
    ]);
    expect(await database.manager.findOneBy(RegionRow, { key: '09162000' })).toMatchObject({ prefix: '09162' });
    expect(await database.query('SELECT * FROM region_listing')).toEqual([]);
  });
});
