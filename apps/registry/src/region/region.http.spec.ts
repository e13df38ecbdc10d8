import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, auditor } from '@alliance/service-world';
import { coordinator, RegistryWorld, representative } from '../registry.given';
import { regionEvents } from './region.events';
import { importRegionFile } from './region.given';

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

describe('regions: levels as sets, validity, successors, containment queries', () => {
  it('has the sixteen Länder from the first start on', async () => {
    const { body } = await eventually('/regions?level=land', (answer) => answer.body.items.length > 0);
    expect(body.items).toHaveLength(16);
    expect(body.items[10]).toMatchObject({ key: '11000000', name: 'Berlin', levels: ['land', 'kreis', 'gemeinde'] });
  });

  it('finds imported regions by key, containment, level and name', async () => {
    const imported = await importRegionFile(world, CSV, 'asOf=2026-01-01');
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

  it('contains itself where it is Land, Kreis and Gemeinde, or Kreis and Gemeinde, at once', async () => {
    const within = async (key: string, level: string) =>
      namesOf(await world.get(`/regions?within=${key}&level=${level}`, representative));
    for (const level of ['land', 'kreis', 'gemeinde']) expect(await within('11000000', level)).toEqual(['Berlin']);
    expect(await within('09162000', 'gemeinde')).toEqual(['München, Landeshauptstadt']);
    expect(await within('08000000', 'kreis')).toEqual(['Stuttgart, Landeshauptstadt']);
  });

  it('knows on which days a region was valid, and what came after it', async () => {
    const file =
      'ags,name,population,valid_from,valid_to,successors\n' +
      '16056000,Eisenach,42370,1998-01-01,2021-06-30,16063105\n16063105,Eisenach,41970,2021-07-01,,\n';
    const imported = await importRegionFile(world, file);
    const eisenach = async (query: string) => {
      const { body } = await world.getAfter(imported, `/regions?name=Eisenach${query}`, representative);
      return body.items.map(({ key, validTo, successorKeys }: Answer['body']) => [key, validTo, ...successorKeys]);
    };
    expect(await eisenach('')).toEqual([
      ['16056000', '2021-06-30', '16063105'],
      ['16063105', undefined],
    ]);
    expect(await eisenach('&validOn=2021-06-30')).toEqual([['16056000', '2021-06-30', '16063105']]);
    expect(await eisenach('&validOn=2021-07-01')).toEqual([['16063105', undefined]]);
  });

  it('records each region on its own stream and publishes it', async () => {
    const published = await world.published('registry.RegionRecorded.v1', 21);
    expect(published.map(({ data }) => data)).toContainEqual(
      expect.objectContaining({ key: '08111000', levels: ['kreis', 'gemeinde'], parentKey: '08000000' }),
    );
    expect(await world.events(regionEvents, '08111000')).toHaveLength(1);
  });
});

describe('a region key that is none', () => {
  const faultOf = ({ status, body }: Answer) => [status, body.errors?.[0]?.field, body.errors?.[0]?.expected];

  it.each([
    ['80331', /postcode/],
    ['9162000', /leading zero/],
    ['091620000000', /twelve digits are an ARS/],
    ['91620000000', /ARS without its leading zero/],
    ['09162', /postcode.*Kreis without its zeros/],
    ['09', /^2 digits; an AGS has eight/],
    ['09162000000000', /^14 digits/],
    ['99162000', /01 to 16/],
    ['München', /eight digits/],
  ])('is told what is wrong with %s, wherever it stands', async (key, reason) => {
    const expected = expect.stringMatching(reason);
    const list = await world.get(`/regions?within=${key}`, auditor);
    expect(faultOf(list)).toEqual([400, 'within', expected]);
    expect(faultOf(await world.get(`/regions/${key}`, auditor))).toEqual([400, 'key', expected]);
    expect(faultOf(await world.get(`/organisations?within=${key}`, auditor))).toEqual([400, 'within', expected]);
    const organisation = { name: 'x', kind: 'company', operatingSince: '2000-01-01', identifiers: [], fieldKeys: [] };
    const applied = await world.post('/organisations', { ...organisation, regionKey: key }, coordinator);
    expect(faultOf(applied)).toEqual([400, 'regionKey', expected]);
    const rows = `name,kind,operating_since,region_key\nx,company,2000-01-01,${key}\n`;
    const judged = await world.post('/organisation-imports?dryRun=true', rows, coordinator);
    expect(judged.body.rows[0].detail).toMatch(
      reason.source.startsWith('^') ? new RegExp(reason.source.slice(1)) : reason,
    );
    const regions = `ags,name,population,valid_to,successors\n${key},x,1,,\n09162000,y,1,2026-01-01,${key}\n`;
    const refused = await world.post('/region-imports?dryRun=true', regions, coordinator);
    expect(refused.body.data.faults).toEqual([
      { line: 2, reason: expect.stringMatching(/^ags: /) },
      { line: 3, reason: expect.stringMatching(/^successors: /) },
    ]);
  });

  it('is not found where it is none that is recorded', async () => {
    expect((await world.get('/regions?within=09999999', auditor)).body.errors[0].reason).toBe('unknown');
    expect((await world.get('/regions/09999999', auditor)).status).toBe(404);
  });
});
