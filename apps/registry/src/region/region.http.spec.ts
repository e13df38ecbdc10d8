import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, coordinator, RegistryWorld, representative } from '../registry.given';
import { regionEvents, regionImportEvents } from './region.events';

let world: RegistryWorld;
beforeAll(async () => {
  world = await RegistryWorld.start();
});
afterAll(() => world.stop());

const CSV = `ags,name,population
09162000,"München, Landeshauptstadt",1471508
09184000,München,348871
09184148,Unterhaching,25316
09184149,Unterschleißheim,28907
08111000,"Stuttgart, Landeshauptstadt",634830
`;
const namesOf = ({ body }: Answer) => body.items.map(({ name }: { name: string }) => name);

/** Asks again until the answer is as expected; the first start imports in the background. */
async function eventually(path: string, isThere: (answer: Answer) => boolean): Promise<Answer> {
  for (;;) {
    const answer = await world.get(path, representative);
    if (isThere(answer)) return answer;
    await sleep(20);
  }
}

describe('the API of regions', () => {
  it('has the sixteen Länder from the first start on', async () => {
    const { body } = await eventually('/regions?level=land', (answer) => answer.body.items.length > 0);
    expect(body.items).toHaveLength(16);
    expect(body.items[10]).toMatchObject({ key: '11000000', name: 'Berlin', levels: ['land', 'kreis', 'gemeinde'] });
  });

  it('imports a CSV and finds its regions by key, containment, level and name', async () => {
    const imported = await world.post('/region-imports?asOf=2026-01-01', CSV, coordinator);
    expect([imported.status, imported.body.source, imported.body.regions]).toEqual([201, 'csv', 5]);
    expect((await world.getAfter(imported, '/regions/09184148', representative)).body).toEqual({
      key: '09184148',
      name: 'Unterhaching',
      levels: ['gemeinde'],
      parentKey: '09184000',
      population: 25316,
      validFrom: '2026-01-01',
      successorKeys: [],
    });
    const get = async (query: string) => namesOf(await world.get(`/regions?${query}`, representative));
    expect(await get('within=09000000')).toEqual([
      'Bayern',
      'München, Landeshauptstadt',
      'München',
      'Unterhaching',
      'Unterschleißheim',
    ]);
    expect(await get('within=09184000&level=gemeinde&sort=-name')).toEqual(['Unterschleißheim', 'Unterhaching']);
    expect(await get('name=unterschleißh')).toEqual(['Unterschleißheim']);
    expect(await get('name=%25')).toEqual([]);
    const first = await world.get('/regions?within=09000000&limit=3', representative);
    const rest = await world.get(`/regions?within=09000000&limit=3&cursor=${first.body.nextCursor}`, representative);
    expect(namesOf(first).concat(namesOf(rest))).toEqual(await get('within=09000000'));
  });

  it('records each region on its own stream and publishes it', async () => {
    await world.post('/region-imports?asOf=2026-01-01', CSV, coordinator);
    const published = await world.published('registry.RegionRecorded.v1', 21);
    expect(published.map(({ data }) => data)).toContainEqual(
      expect.objectContaining({ key: '08111000', levels: ['kreis', 'gemeinde'], parentKey: '08000000' }),
    );
    expect(await world.events(regionEvents, '08111000')).toHaveLength(1);
  });

  it('changes nothing by importing the same again, and only what differs by importing another', async () => {
    const grown = CSV.replace('25316', '25400');
    await world.post('/region-imports?asOf=2026-01-01', CSV, coordinator);
    const imported = await world.post('/region-imports?asOf=2026-02-01', grown, coordinator);
    const { body } = await world.getAfter(imported, '/regions/09184148', representative);
    expect(body).toMatchObject({ population: 25400, validFrom: '2026-01-01' });
    while ((await world.events(regionEvents, '09184148')).length < 2) await sleep(20);
    expect(await world.events(regionEvents, '09184149')).toHaveLength(1);
  });

  it('imports nothing of a file with bad lines, and lists them all', async () => {
    const bad = 'ags,name,population\n05112000,Duisburg,498590\n80331,München,1\n05113000,,1\n';
    const refused = await world.post('/region-imports', bad, coordinator);
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({
      code: 'REGION_FILE_BROKEN',
      data: { faultsInAll: 2, faults: [{ line: 3, reason: expect.stringMatching(/postcode/) }, { line: 4 }] },
    });
    expect((await world.get('/regions/05112000', representative)).status).toBe(404);
  });

  it('answers an import that is repeated under its key as before, whatever the file, and changes nothing', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const first = await world.post('/region-imports', CSV, coordinator, headers);
    const again = await world.post('/region-imports', CSV, coordinator, headers);
    expect(again.body).toEqual(first.body);
    const other = await world.post('/region-imports', CSV.replace(/.*Stuttgart.*\n/, ''), coordinator, headers);
    expect(other.body).toEqual(first.body);
    expect(await world.events(regionImportEvents, first.body.importId)).toHaveLength(2);
  });

  it('says that a postcode is no region, and what it does not know', async () => {
    const postcode = await world.get('/regions?within=80331', representative);
    expect([postcode.status, postcode.body.errors[0].expected]).toEqual([400, expect.stringMatching(/postcode/)]);
    expect((await world.get('/regions?within=09999999', representative)).body.errors[0].reason).toBe('unknown');
    expect((await world.get('/regions/80331', representative)).status).toBe(400);
    expect((await world.get('/regions/09999999', representative)).status).toBe(404);
  });

  it('lets coordinators import, and nobody else, and takes files only', async () => {
    expect((await world.post('/region-imports', CSV, representative)).status).toBe(403);
    expect((await world.post('/region-imports', { regions: [] }, coordinator)).status).toBe(415);
    expect((await world.post('/region-imports?asOf=2026-02-30', CSV, coordinator)).status).toBe(400);
  });
});

describe('an import that is too large for one append', () => {
  it('is listed in pieces and appears all at once', async () => {
    const quiet = await RegistryWorld.start({ ROLES: 'http,projector' });
    try {
      const name = 'ü'.repeat(100);
      const rows = Array.from({ length: 4000 }, (_, n) => `0918${String(4001 + n).padStart(4, '0')},${name},1`);
      const file = `ags,name,population\n${rows.join('\n')}`;
      const imported = await quiet.post('/region-imports', file, coordinator);
      expect(imported.body.regions).toBe(4000);
      const events = await quiet.events(regionImportEvents, imported.body.importId);
      expect(events.map(({ type }) => type)).toEqual(['RegionsListed', 'RegionsListed', 'RegionImportAccepted']);
      const { status } = await quiet.getAfter(imported, '/regions/09188000', coordinator);
      expect(status).toBe(200);
    } finally {
      await quiet.stop();
    }
  });
});
