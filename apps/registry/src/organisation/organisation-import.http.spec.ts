import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fold, type RecordedEvent } from '@alliance/event-sourcing';
import { handleCommand } from '@alliance/event-store';
import type { CommandHandler } from '@alliance/service-host';
import { coordinator, RegistryWorld, representative } from '../registry.given';
import { organisationEvents } from './organisation.events';
import { context } from './organisation.given';
import { organisationImportEvents } from './organisation-import.events';
import { applyAfter } from './organisation-import.policy';
import { acceptImport, applyForImported } from './organisation-import.reactor';

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

/** How far the import has got when it is done. */
async function whenDone(at: RegistryWorld, importId: string): Promise<{ done: boolean }> {
  for (;;) {
    const { body } = await at.get(`/organisation-imports/${importId}`, coordinator);
    if (body.done) return body;
    await sleep(20);
  }
}

describe('import of organisations from CSV: a dry run with the verdict of each row, then all or nothing', () => {
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

  it('becomes applications, once, of all rows that are accepted, and tells how far it has got', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const imported = await world.post('/organisation-imports', withoutBroken, coordinator, headers);
    expect(imported.status).toBe(201);
    expect(verdictsOf(imported.body.rows)).toEqual(JUDGED);
    const { importId } = imported.body;
    expect(imported.headers.get('location')).toBe(`/registry/organisation-imports/${importId}`);
    expect(await whenDone(world, importId)).toMatchObject({ importId, rows: 9, accepted: 6, applied: 6, done: true });
    const again = await world.post('/organisation-imports', withoutBroken, coordinator, headers);
    expect([again.status, again.body]).toEqual([201, imported.body]);

    const directory = await world.get('/organisations', coordinator);
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
        metadata: { actor: { subject: 'coordinator-1' } },
        data: {
          appliedBy: 'coordinator-1',
          facts: {
            identifiers: [{ court: 'München', number: 'VR 15087' }],
            fieldKeys: ['basic-supplies', 'orientation'],
          },
        },
      },
    ]);

    const page = await world.get(`/organisation-imports/${importId}/rows?verdict=accepted&limit=4`, coordinator);
    const next = `/organisation-imports/${importId}/rows?verdict=accepted&limit=4&cursor=${page.body.nextCursor}`;
    const rows = [...page.body.items, ...(await world.get(next, coordinator)).body.items];
    expect(rows.map(({ line, applied }: { line: number; applied: boolean }) => [line, applied])).toEqual(
      [2, 3, 4, 6, 7, 8].map((line) => [line, true]),
    );
    const refused = await world.get(`/organisation-imports/${importId}/rows?verdict=refused`, coordinator);
    expect(refused.body.items[1]).toMatchObject({ line: 10, code: 'ORGANISATION_PRIVATE_PERSON', applied: false });
  });

  it('shows which rows are in the registry already', async () => {
    const { body } = await world.post('/organisation-imports?dryRun=true', withoutBroken, coordinator);
    const known = { verdict: 'duplicate', detail: 'An organisation with the same identifier is in the registry.' };
    const holder = (await world.get('/organisations?q=Munchner%20Bruke', coordinator)).body.items[0].id;
    expect(body.rows[0]).toEqual({ line: 2, ...known, organisationId: holder });
    expect(body.rows[3]).toMatchObject({ line: 5, verdict: 'duplicate', detail: 'Line 2 has the same identifier.' });
  });

  it('leaves nothing in the log of who is refused', async () => {
    const imported = await world.post('/organisation-imports', withoutBroken, coordinator);
    const log = JSON.stringify(
      (await world.events(organisationImportEvents, imported.body.importId)).map(({ data }) => data),
    );
    expect(log).toContain('ORGANISATION_PRIVATE_PERSON');
    expect(log).not.toContain('Eine Privatperson');
  });

  it('may bring the address of the office, all of it or none', async () => {
    const header = 'name,kind,operating_since,street,postcode,city\n';
    const whole = `${header}Verein am Markt,civil-society,2001-01-01,Markt 1,04109,Leipzig\n`;
    const imported = await world.post('/organisation-imports', whole, coordinator);
    await whenDone(world, imported.body.importId);
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
    const unknown = `/organisation-imports/${randomUUID()}`;
    expect((await world.get(unknown, coordinator)).body.code).toBe('ORGANISATION_IMPORT_UNKNOWN');
    expect((await world.get(`${unknown}/rows`, coordinator)).status).toBe(404);
    expect((await world.get(unknown, representative)).status).toBe(403);
    const rows = Array.from({ length: 20_001 }, (_, row) => `Verein ${row},civil-society,2001-01-01`);
    const long = await world.post(
      '/organisation-imports',
      `name,kind,operating_since\n${rows.join('\n')}`,
      coordinator,
    );
    expect([long.status, long.body.code]).toEqual([422, 'ORGANISATION_FILE_TOO_LONG']);
  });
});

describe('an import of organisations that is interrupted', () => {
  const cause = context('coordinator-1', { commandId: randomUUID() });
  const listOf = (rows: number, more = '') =>
    `name,kind,operating_since,scheme,court,number\n${Array.from({ length: rows }, (_, n) => `Verein ${n}${more},civil-society,2001-01-01,vereinsregister,Köln,VR ${n + 1}\n`).join('')}`;

  let quiet: RegistryWorld;
  beforeEach(async () => {
    quiet = await RegistryWorld.start({ ROLES: 'http,projector' });
  });
  afterEach(() => quiet.stop());

  /** Handles commands as the service does, until so many have been appended: then the process is gone. */
  function commandsThatDieAfter(appends: number): Pick<CommandHandler, 'decide' | 'load'> {
    let left = appends;
    return {
      async decide(aggregate, id, command, options) {
        if ((left -= 1) < 0) throw new Error('The process is gone.');
        return handleCommand(quiet.store, aggregate, id, command, options);
      },
      async load({ catalogue, decider }, id) {
        const events = await quiet.events(catalogue, id);
        return { state: fold(decider.evolve, decider.initialState, events as never[]), last: events.at(-1) as never };
      },
    };
  }

  it('while it becomes applications goes on where it was, repeats nothing, and lets its progress be seen', async () => {
    const imported = await quiet.post('/organisation-imports', listOf(100), coordinator);
    const { importId } = imported.body;
    const progress = () => quiet.get(`/organisation-imports/${importId}`, coordinator);
    const events = await quiet.events(organisationImportEvents, importId);
    const [wanted] = applyAfter(events.at(-1) as RecordedEvent);
    if (wanted === undefined) throw new Error('An accepted import wants applications.');
    await expect(applyForImported(wanted, cause, commandsThatDieAfter(50))).rejects.toThrow('gone');
    while ((await progress()).body.applied < 50) await sleep(20);
    expect((await progress()).body).toMatchObject({ rows: 100, accepted: 100, applied: 50, done: false });

    await applyForImported(wanted, cause, commandsThatDieAfter(Infinity));
    await applyForImported(wanted, cause, commandsThatDieAfter(Infinity));
    expect(await whenDone(quiet, importId)).toMatchObject({ applied: 100 });
    for (const { organisationId } of imported.body.rows) {
      expect(await quiet.events(organisationEvents, organisationId)).toHaveLength(1);
    }
  });

  it('before it is accepted is no import; the same request again makes it one, and another file is refused', async () => {
    const more = ` ${'ü'.repeat(150)}`;
    const headers = { 'idempotency-key': randomUUID() };
    const seen = await quiet.post('/organisation-imports', listOf(1), coordinator, headers);
    const rows = Array.from({ length: 3000 }, (_, n) => ({
      line: n + 2,
      verdict: 'refused' as const,
      code: 'ORGANISATION_TOO_YOUNG',
      detail: 'x'.repeat(600),
    }));
    const importId = randomUUID();
    const accept = (appends: number, listed = rows) =>
      acceptImport(commandsThatDieAfter(appends), importId, { rows: listed, minimumOperatingMonths: 12 }, cause);
    await expect(accept(2)).rejects.toThrow('gone');
    expect((await quiet.getAfter(seen, `/organisation-imports/${importId}`, coordinator)).status).toBe(404);
    expect(await accept(Infinity, rows.slice(0, 2000))).toMatchObject({ code: 'ORGANISATION_IMPORT_DIFFERS' });
    await accept(Infinity);
    await accept(Infinity);
    const events = await quiet.events(organisationImportEvents, importId);
    expect(events.map(({ type }) => type)).toEqual([
      'RowsListed',
      'RowsListed',
      'RowsListed',
      'OrganisationImportAccepted',
    ]);
    const other = await quiet.post('/organisation-imports', listOf(2, more), coordinator, headers);
    expect(other.body).toEqual(seen.body);
  });

  it('is accepted as a whole, however many pieces its rows take', async () => {
    const imported = await quiet.post('/organisation-imports', listOf(4000, ` ${'ü'.repeat(150)}`), coordinator);
    const events = await quiet.events(organisationImportEvents, imported.body.importId);
    expect(events.map(({ type }) => type)).toEqual([
      ...Array.from({ length: 4 }, () => 'RowsListed'),
      'OrganisationImportAccepted',
    ]);
    const { body } = await quiet.getAfter(imported, `/organisation-imports/${imported.body.importId}`, coordinator);
    expect(body).toMatchObject({ rows: 4000, accepted: 4000, applied: 0, done: false });
  });
});
