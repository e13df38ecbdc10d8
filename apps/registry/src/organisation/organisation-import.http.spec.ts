import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { coordinator, RegistryWorld, representative } from '../registry.given';
import { organisationEvents } from './organisation.events';

// The list that the demo imports: with umlauts, a duplicate, an initiative that is too young, a private person, a broken row.
const DEMO = readFileSync(path.resolve(__dirname, '../../../../infra/demo/organisations.csv'), 'utf8')
  // The initiative that is too young today is to be so in every year.
  .replace('2026-10-01', new Date().toISOString().slice(0, 10));
const withoutBroken = DEMO.split('\n')
  .filter((line) => !line.includes('ohne Datum'))
  .join('\n');

let world: RegistryWorld;
beforeAll(async () => {
  world = await RegistryWorld.start();
});
afterAll(() => world.stop());

const verdictsOf = (rows: { line: number; verdict: string; code?: string }[]) =>
  rows.map(({ line, verdict, code }) => [line, verdict, ...(code ? [code] : [])]);
const JUDGED = [
  [2, 'accepted'],
  [3, 'accepted'],
  [4, 'accepted'],
  [5, 'duplicate'],
  [6, 'accepted'],
  [7, 'accepted'],
  [8, 'accepted'],
  [9, 'refused', 'ORGANISATION_TOO_YOUNG'],
  [10, 'refused', 'ORGANISATION_PRIVATE_PERSON'],
];

describe('a list of organisations', () => {
  it('is judged row by row without recording anything', async () => {
    const { status, body } = await world.post('/organisation-imports?dryRun=true', DEMO, coordinator);
    expect(status).toBe(200);
    expect(verdictsOf(body.rows)).toEqual([...JUDGED, [11, 'broken'], [11, 'broken']]);
    expect(body.rows.slice(-2).map(({ detail }: { detail: string }) => detail)).toEqual([
      expect.stringMatching(/^operating_since/),
      expect.stringMatching(/postcode/),
    ]);
    expect((await world.get('/organisations', coordinator)).body.items).toEqual([]);
  });

  it('with a broken row changes nothing', async () => {
    const { status, body } = await world.post('/organisation-imports', DEMO, coordinator);
    expect([status, body.code]).toEqual([422, 'ORGANISATION_FILE_BROKEN']);
    expect(body.data.rows).toHaveLength(11);
    expect((await world.get('/organisations', coordinator)).body.items).toEqual([]);
  });

  it('becomes applications, once, of all rows that are accepted', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const imported = await world.post('/organisation-imports', withoutBroken, coordinator, headers);
    expect(verdictsOf(imported.body.rows)).toEqual(JUDGED);
    const again = await world.post('/organisation-imports', withoutBroken, coordinator, headers);
    expect(again.body).toEqual(imported.body);
    const directory = await world.getAfter(imported, '/organisations', coordinator);
    expect(directory.body.items.map(({ name, stage }: { name: string; stage: string }) => [name, stage])).toEqual(
      expect.arrayContaining([
        ['Münchner Brücke e.V.', 'applied'],
        ['Übersetzernetz Süd e.V.', 'applied'],
      ]),
    );
    expect(directory.body.items).toHaveLength(6);
    const events = await world.events(organisationEvents, imported.body.rows[0].organisationId);
    expect(events).toMatchObject([
      {
        data: {
          appliedBy: 'coordinator-1',
          facts: {
            identifiers: [{ court: 'München', number: 'VR 15087' }],
            fieldKeys: ['basic-supplies', 'orientation'],
          },
        },
      },
    ]);
  });

  it('may bring the address of the office, all of it or none', async () => {
    const header = 'name,kind,operating_since,street,postcode,city\n';
    const whole = `${header}Verein am Markt,civil-society,2001-01-01,Markt 1,04109,Leipzig\n`;
    const imported = await world.post('/organisation-imports', whole, coordinator);
    const [event] = await world.events(organisationEvents, imported.body.rows[0].organisationId);
    expect(event).toMatchObject({ data: { facts: { address: { street: 'Markt 1', postcode: '04109' } } } });
    const half = `${header}Verein am Platz,civil-society,2001-01-01,Platz 1,,Leipzig\n`;
    expect((await world.post('/organisation-imports?dryRun=true', half, coordinator)).body.rows).toMatchObject([
      { line: 2, verdict: 'broken', detail: 'street, postcode, city: all or none' },
    ]);
  });

  it('needs its columns, a coordinator, and no more rows than can be looked through', async () => {
    expect((await world.post('/organisation-imports', 'name,kind\nx,company\n', coordinator)).status).toBe(422);
    expect((await world.post('/organisation-imports', withoutBroken, representative)).status).toBe(403);
    expect((await world.post('/organisation-imports?dryRun=maybe', withoutBroken, coordinator)).status).toBe(400);
    const rows = Array.from({ length: 501 }, (_, row) => `Verein ${row},civil-society,2001-01-01`);
    const long = await world.post(
      '/organisation-imports',
      `name,kind,operating_since\n${rows.join('\n')}`,
      coordinator,
    );
    expect([long.status, long.body.code]).toEqual([422, 'ORGANISATION_FILE_TOO_LONG']);
  });
});
