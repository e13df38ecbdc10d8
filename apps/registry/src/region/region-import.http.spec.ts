import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer } from '@alliance/service-world';
import { coordinator, RegistryWorld, representative } from '../registry.given';
import { gvRecord } from './gv100ad.given';
import { regionEvents, regionImportEvents, TERRITORY, territoryEvents } from './region.events';
import { importRegionFile, showChanges } from './region.given';

let world: RegistryWorld;
beforeAll(async () => {
  world = await RegistryWorld.start();
});
afterAll(() => world.stop());

const CSV = 'ags,name,population\n09184000,München,348871\n09184148,Unterhaching,25316\n';
const apply = (file: string, digest: string, headers?: Record<string, string>) =>
  world.post(`/region-imports?digest=${digest}`, file, coordinator, headers);
const saarland = (day: string, gemeinden: readonly (readonly [string, string, number])[]) =>
  [
    gvRecord('10', '10', 'Saarland', { day }),
    gvRecord('40', '10041', 'Regionalverband Saarbrücken', { day }),
    ...gemeinden.map(([key, name, population]) => gvRecord('60', key, name, { day, population })),
  ].join('\n');

describe('import of a newer official file shows a diff first, then applies it', () => {
  const FIRST = saarland('20260831', [
    ['10041100', 'Saarbrücken, Landeshauptstadt', 180_000],
    ['10041511', 'Friedrichsthal, Stadt', 10_000],
    ['10041512', 'Großrosseln', 8_000],
  ]);
  const SECOND = saarland('20260930', [
    ['10041100', 'Saarbrücken, Landeshauptstadt', 181_000],
    ['10041511', 'Friedrichsthal (Saar), Stadt', 10_000],
    ['10041599', 'Neudorf', 8_000],
  ]);
  const get = async (after: Answer, key: string) => (await world.getAfter(after, `/regions/${key}`, coordinator)).body;

  it('shows what is added, ended, renamed and counted anew, and then records exactly this', async () => {
    const first = await importRegionFile(world, FIRST);
    expect(first.body).toMatchObject({ dryRun: false, source: 'gv100ad', changed: 5 });
    const shown = await showChanges(world, SECOND, '', first);
    expect(shown.body).toMatchObject({
      dryRun: true,
      source: 'gv100ad',
      changed: 6,
      counts: { added: 1, ended: 1, renamed: 1, levels: 0, parent: 0, population: 3, validity: 0, successors: 0 },
    });
    const kinds = shown.body.changes.map(({ key, kinds }: Answer['body']) => [key, ...kinds]);
    expect(kinds).toEqual([
      ['10000000', 'population'],
      ['10041000', 'population'],
      ['10041100', 'population'],
      ['10041511', 'renamed'],
      ['10041512', 'ended'],
      ['10041599', 'added'],
    ]);
    expect(shown.body.changes[4]).toMatchObject({
      before: { name: 'Großrosseln', validFrom: '2026-08-31' },
      after: { name: 'Großrosseln', validFrom: '2026-08-31', validTo: '2026-09-29' },
    });
    expect(await get(first, '10041511')).toMatchObject({ name: 'Friedrichsthal, Stadt' });

    const applied = await apply(SECOND, shown.body.digest);
    expect([applied.status, applied.body.changed]).toEqual([200, 6]);
    for (const { key, after } of shown.body.changes) expect(await get(applied, key)).toEqual(after);
    expect(await get(applied, '09000000')).not.toHaveProperty('validTo');
    while ((await world.events(regionEvents, '10041512')).length < 2) await sleep(20);
    expect((await world.events(regionEvents, '10041512'))[1]?.data).toMatchObject({ validTo: '2026-09-29' });
    const again = await showChanges(world, SECOND, '', applied);
    expect([again.body.changed, again.body.changes]).toEqual([0, []]);
    expect((await apply(SECOND, again.body.digest)).body).toEqual({ dryRun: false, source: 'gv100ad', changed: 0 });
  });

  it('pages the changes and picks those of a kind', async () => {
    const file = saarland('20261031', [['10041100', 'Saarbrücken', 182_000]]);
    const all = (await showChanges(world, file)).body.changes;
    const page = await showChanges(world, file, 'limit=2');
    const rest = await showChanges(world, file, `limit=200&cursor=${page.body.nextCursor}`);
    expect([...page.body.changes, ...rest.body.changes]).toEqual(all);
    const ended = await showChanges(world, file, 'kind=ended');
    expect(ended.body.changes.map(({ key }: { key: string }) => key)).toEqual(['10041511', '10041599']);
  });

  it('refuses a file that is older than one that is recorded', async () => {
    const { status, body } = await world.post('/region-imports?dryRun=true', FIRST, coordinator);
    expect([status, body.code, body.data]).toEqual([
      409,
      'REGION_FILE_OUTDATED',
      { statedOn: '2026-08-31', recordedOn: '2026-09-30' },
    ]);
  });

  it('records nothing but what was shown: regions that changed in between are said to', async () => {
    const corrected = CSV.replace('25316', '25400');
    const [one, other] = [await showChanges(world, CSV), await showChanges(world, corrected)];
    const applied = await apply(CSV, one.body.digest);
    expect(applied.status).toBe(200);
    await world.getAfter(applied, '/regions', coordinator);
    const late = await apply(corrected, other.body.digest);
    expect([late.status, late.body.code, late.body.data.counts.population]).toEqual([409, 'REGION_CHANGES_DIFFER', 1]);
    const wrongFile = await apply(CSV, (await showChanges(world, corrected)).body.digest);
    expect([wrongFile.status, wrongFile.body.code]).toEqual([409, 'REGION_CHANGES_DIFFER']);
    expect((await apply(corrected, late.body.data.digest)).status).toBe(200);
  });

  it('lets one of several through that were shown at the same time', async () => {
    const files = Array.from({ length: 6 }, (_, n) => `ags,name,population\n0917900${n + 1},Gemeinde ${n},1\n`);
    const shown = await Promise.all(files.map((file) => showChanges(world, file)));
    const applied = await Promise.all(files.map((file, n) => apply(file, shown[n]?.body.digest)));
    expect(applied.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(1);
    for (const { status, body } of applied) {
      expect([200, 409]).toContain(status);
      if (status === 409) expect(body.code).toBe('REGIONS_CHANGED_MEANWHILE');
    }
    const events = await world.events(territoryEvents, TERRITORY);
    const chain = events.map(({ data }) => data as { importId: string; follows?: string });
    chain.forEach(({ follows }, at) => expect(follows).toBe(chain[at - 1]?.importId));
  });

  it('ends nothing that a CSV leaves out', async () => {
    const shown = await showChanges(world, 'ags,name,population\n09184148,Unterhaching,25500\n');
    expect(shown.body.counts).toMatchObject({ ended: 0, population: 1 });
    expect(shown.body.changed).toBe(1);
  });

  it('asks for the digest of what was shown', async () => {
    const { status, body } = await world.post('/region-imports', CSV, coordinator);
    expect([status, body.errors]).toEqual([
      400,
      [{ field: 'digest', reason: 'missing', expected: expect.stringMatching(/dryRun=true/) }],
    ]);
    const faults = await world.post('/region-imports?digest=x&asOf=2026-02-30&kind=all', CSV, coordinator);
    expect(faults.body.errors.map(({ field }: { field: string }) => field).sort()).toEqual(['asOf', 'digest', 'kind']);
  });

  it('imports nothing of a file with bad lines, and lists them all', async () => {
    const bad = 'ags,name,population\n05112000,Duisburg,498590\n80331,München,1\n05113000,,1\n';
    const refused = await world.post('/region-imports?dryRun=true', bad, coordinator);
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({
      code: 'REGION_FILE_BROKEN',
      data: { faultsInAll: 2, faults: [{ line: 3, reason: expect.stringMatching(/postcode/) }, { line: 4 }] },
    });
    expect((await world.get('/regions/05112000', representative)).status).toBe(404);
  });

  it('answers an import that is repeated under its key as before, whatever the file, and changes nothing', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const file = 'ags,name,population\n09187000,Rosenheim,261721\n';
    const { digest } = (await showChanges(world, file)).body;
    const first = await apply(file, digest, headers);
    expect(first.status).toBe(200);
    expect((await apply(file, digest, headers)).body).toEqual(first.body);
    expect((await apply(CSV, digest, headers)).body).toEqual(first.body);
    expect(await world.events(regionImportEvents, first.body.importId)).toHaveLength(1);
  });

  it('is for coordinators, and takes files only', async () => {
    expect((await world.post('/region-imports?dryRun=true', CSV, representative)).status).toBe(403);
    expect((await world.post('/region-imports?dryRun=true', { regions: [] }, coordinator)).status).toBe(415);
  });
});

describe('an import that is too large for one append', () => {
  it('is listed in pieces and appears all at once', async () => {
    const quiet = await RegistryWorld.start({ ROLES: 'http,projector' });
    try {
      const name = 'ü'.repeat(100);
      const rows = Array.from({ length: 4000 }, (_, n) => `0918${String(4001 + n).padStart(4, '0')},${name},1`);
      const imported = await importRegionFile(quiet, `ags,name,population\n${rows.join('\n')}`);
      expect(imported.body.changed).toBe(4000);
      const events = await quiet.events(regionImportEvents, imported.body.importId);
      expect(events.map(({ type }) => type)).toEqual(['RegionsListed', 'RegionsListed']);
      const { status } = await quiet.getAfter(imported, '/regions/09188000', coordinator);
      expect(status).toBe(200);
    } finally {
      await quiet.stop();
    }
  });
});
