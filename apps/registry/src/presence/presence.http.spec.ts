import { randomUUID } from 'node:crypto';
import { currentSchemaVersion, type EventCatalogue, MovableClock } from '@alliance/event-sourcing';
import { parse } from 'csv-parse/sync';
import { type Answer, auditor } from '@alliance/service-world';
import { coordinator, RegistryWorld } from '../registry.given';
import { applied } from '../organisation/organisation.given';
import {
  type OrganisationEvent,
  organisationEvents,
  type OrganisationFacts,
} from '../organisation/organisation.events';
import { importRegionFile } from '../region/region.given';
import { advice, confirmed, ended, recorded } from '../structure/structure.given';
import { type StructureEvent, structureEvents, type StructureFacts } from '../structure/structure.events';

let world: RegistryWorld;
let position: string;
const clock = new MovableClock();
const [helpers, company] = [randomUUID(), randomUUID()];

beforeAll(async () => {
  clock.moveAhead(400 * 24 * 60 * 60 * 1000);
  world = await RegistryWorld.start({}, clock);
  const regions = 'ags,name,population\n09162000,München,1\n09184000,München,1\n09184148,Unterhaching,1\n';
  await importRegionFile(world, regions);
  await world.post('/fields-of-action', { ...named('orientation'), validFrom: '2022-03-01' }, coordinator);
  const divided = {
    effectiveOn: '2024-01-01',
    predecessorKeys: ['orientation'],
    successors: [{ key: 'legal-aid', names: { nameDe: 'Rechtshilfe', nameEn: 'Legal aid' } }],
  };
  await world.post('/fields-of-action/successions', divided, coordinator);

  await organisation(helpers, { name: 'Helfer e.V.' });
  await organisation(company, { name: '=Firma, "GmbH"', kind: 'company' });
  const from = (organisationId: string, facts: Partial<StructureFacts>): StructureEvent => {
    if (recorded.type !== 'StructureRecorded') throw new Error('The specification begins otherwise.');
    return { ...recorded, data: { ...recorded.data, organisationId, facts: { ...advice, ...facts } } };
  };
  const revised = { ...advice, name: 'Beratung', regionKeys: ['09184148'], fieldKeys: ['legal-aid', 'housing'] };
  await structure([
    { at: '2023-01-01', event: from(helpers, { name: 'Beratung', regionKeys: ['09162000', '11000000'] }) },
    { at: '2023-02-01', event: confirmed },
    { at: '2025-01-01', event: revision(revised) },
  ]);
  await structure([
    { at: '2023-01-01', event: from(company, { name: 'Fahrdienst', fieldKeys: ['transport'], service: 'transport' }) },
  ]);
  await structure([
    { at: '2023-01-01', event: from(helpers, { name: 'Notunterkunft', fieldKeys: ['housing'], service: 'shelter' }) },
    { at: '2024-05-01', event: ended },
  ]);
  const left: OrganisationEvent = { type: 'OrganisationLeft', data: {} };
  await append(organisationEvents, company, [{ at: '2025-06-01', event: left }], 0n);
});
afterAll(() => world.stop());

const named = (key: string) => ({ key, nameDe: `${key} (de)`, nameEn: key });
function revision(facts: StructureFacts): StructureEvent {
  if (recorded.type !== 'StructureRecorded') throw new Error('The specification begins otherwise.');
  const { gate, minimumOperatingMonths } = recorded.data;
  return { type: 'StructureRevised', data: { facts, gate, minimumOperatingMonths, revisedBy: 'representative-1' } };
}

interface Dated<Event> {
  readonly at: string;
  readonly event: Event;
}
async function append(
  catalogue: typeof structureEvents | typeof organisationEvents,
  id: string,
  events: readonly Dated<StructureEvent | OrganisationEvent>[],
  expectedRevision: bigint | 'no-stream' = 'no-stream',
): Promise<void> {
  const actor = { subject: 'representative-1', roles: ['representative'] };
  const written = events.map(({ at, event }) => ({
    ...event,
    metadata: {
      ...{ eventId: randomUUID(), commandId: randomUUID(), correlationId: 'spec', causationId: 'spec' },
      ...{ actor, occurredAt: `${at}T10:00:00.000Z`, schemaVersion: versionOf(catalogue, event.type) },
    },
  }));
  const appended = await world.store.append(catalogue.category.streamName(id), catalogue, written, expectedRevision);
  position = `${appended.position.commit}/${appended.position.prepare}`;
}
function versionOf(catalogue: EventCatalogue, type: string): number {
  const definition = catalogue.definitions[type];
  if (definition === undefined) throw new Error(`There is no event ${type}.`);
  return currentSchemaVersion(definition);
}
function organisation(organisationId: string, facts: Partial<OrganisationFacts>): Promise<void> {
  if (applied.type !== 'MembershipAppliedFor') throw new Error('The specification begins otherwise.');
  const data = { ...applied.data, organisationId, facts: { ...applied.data.facts, identifiers: [], ...facts } };
  return append(organisationEvents, organisationId, [{ at: '2022-06-01', event: { ...applied, data } }]);
}
function structure([first, ...later]: readonly Dated<StructureEvent>[]): Promise<void> {
  const structureId = randomUUID();
  if (first?.event.type !== 'StructureRecorded') throw new Error('A structure begins by being recorded.');
  const data = { ...first.event.data, structureId };
  return append(structureEvents, structureId, [{ ...first, event: { ...first.event, data } }, ...later]);
}

const get = (query: string, caller = auditor) => world.get(`/presence?${query}`, caller, { 'min-position': position });
const rowsOf = ({ body }: Answer) =>
  body.items.map((row: Answer['body']) => `${row.structureName} ${row.fieldKey} ${row.regionKey}`).sort();

describe('who does what where: presence (3W) as JSON, CSV with HXL tags, and as stream; filters by field, region, kind, date', () => {
  it('gives a row for each structure, field and region of the day, with all that 3W asks for', async () => {
    const { body } = await get('asOf=2024-12-31&kind=civil-society&within=09162000');
    expect(body.items).toEqual([
      {
        structureId: expect.any(String),
        structureName: 'Beratung',
        organisationId: helpers,
        organisationName: 'Helfer e.V.',
        organisationKind: 'civil-society',
        fieldKey: 'orientation',
        fieldNameDe: 'orientation (de)',
        fieldNameEn: 'orientation',
        service: 'legal-advice',
        targetGroups: ['families'],
        regionKey: '09162000',
        regionName: 'München',
        regionLevels: ['kreis', 'gemeinde'],
        presentFrom: '2022-04-01',
        presentUntil: '2025-01-01',
        status: 'ended',
        asOf: '2024-12-31',
      },
    ]);
  });

  it('says who was there on a day, though it has ended, left or changed since', async () => {
    expect(rowsOf(await get('asOf=2022-03-31'))).toEqual([]);
    const inApril = [
      'Beratung orientation 09162000',
      'Beratung orientation 11000000',
      'Fahrdienst transport 09162000',
      'Notunterkunft housing 09162000',
    ];
    expect(rowsOf(await get('asOf=2022-04-01'))).toEqual(inApril);
    expect(rowsOf(await get('asOf=2024-04-30'))).toEqual(inApril);
    expect(rowsOf(await get('asOf=2024-05-01'))).toEqual(inApril.slice(0, 3));
    const afterRevision = ['Beratung housing 09184148', 'Beratung legal-aid 09184148'];
    expect(rowsOf(await get('asOf=2025-05-31'))).toEqual([...afterRevision, 'Fahrdienst transport 09162000']);
    expect(rowsOf(await get('asOf=2025-06-01'))).toEqual(afterRevision);
    const today = await get('');
    expect(rowsOf(today)).toEqual(afterRevision);
    expect(today.body.items[0].asOf).toBe(clock.now().toISOString().slice(0, 10));
  });

  it('finds by region with everything beneath, by field with its predecessors, and by kind', async () => {
    expect(rowsOf(await get('asOf=2025-01-01&within=09184000'))).toHaveLength(2);
    expect(rowsOf(await get('asOf=2025-01-01&within=09000000'))).toHaveLength(3);
    expect(rowsOf(await get('asOf=2024-01-01&within=11000000'))).toEqual(['Beratung orientation 11000000']);
    expect(rowsOf(await get('asOf=2024-01-01&field=legal-aid'))).toHaveLength(2);
    expect(rowsOf(await get('asOf=2025-01-01&field=legal-aid'))).toEqual(['Beratung legal-aid 09184148']);
    expect(rowsOf(await get('asOf=2024-01-01&kind=company'))).toEqual(['Fahrdienst transport 09162000']);
  });

  it('pages in the order that is asked for', async () => {
    const all = (await get('asOf=2023-06-01&sort=-regionKey,fieldKey')).body.items;
    expect(all[0].regionKey).toBe('11000000');
    const page = (await get('asOf=2023-06-01&sort=-regionKey,fieldKey&limit=3')).body;
    const rest = (await get(`asOf=2023-06-01&sort=-regionKey,fieldKey&limit=3&cursor=${page.nextCursor}`)).body;
    expect([...page.items, ...rest.items]).toEqual(all);
  });

  it('gives a CSV with HXL tags under its header, without formulas', async () => {
    const answer = await world.get('/presence?asOf=2023-06-01&kind=company&format=csv', auditor);
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv/);
    const [header, tags, ...rows] = parse(String(answer.body));
    expect([header?.[0], tags?.[0]]).toEqual(['organisation', '#org+name']);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.[0]).toBe(`'=Firma, "GmbH"`);
  });

  it('gives all rows as a stream, one a line', async () => {
    const answer = await world.get('/presence?asOf=2023-06-01&format=ndjson', {
      subject: 'analyst-1',
      role: 'analyst',
    });
    expect(answer.headers.get('content-type')).toMatch(/ndjson/);
    const rows = String(answer.body)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toEqual((await get('asOf=2023-06-01')).body.items);
  });

  it('lists every fault of the request', async () => {
    const { status, body } = await get('asOf=2023-02-30&within=80331&kind=person&format=xml&field=No');
    expect(status).toBe(400);
    expect(body.errors.map(({ field }: { field: string }) => field).sort()).toEqual([
      'asOf',
      'field',
      'format',
      'kind',
      'within',
    ]);
    expect((await get('within=09999999')).body.errors[0].reason).toBe('unknown');
    expect((await get('', { subject: 'operator-1', role: 'operator' })).status).toBe(403);
  });
});
