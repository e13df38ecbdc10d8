import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EventOf, fold } from '@alliance/event-sourcing';
import { organisation, type organisationEvents } from '@alliance/registry';
import type { Answer, Problem } from '../api-client';
import { askUntil, type Cast } from './cast';
import { after, idOf, type KnownOrganisation, type Organisation, type Page, verify } from './steps';
import type { Story } from './story';

/** From the compiled file to the files beside which it was written. */
const FILES = join(__dirname, '../../../../../infra/demo');
const demoFile = (name: string) => readFile(join(FILES, name), 'utf8');

interface Region {
  readonly key: string;
  readonly name: string;
  readonly levels: readonly string[];
}
interface Verdict {
  readonly line: number;
  readonly verdict: string;
  readonly code?: string;
  readonly detail?: string;
  readonly organisationId?: string;
}
interface HistoryItem {
  readonly type: string;
  readonly occurredAt: string;
  readonly data: unknown;
}

/** Who exists, who is refused and why, who is admitted, and how another service gets to know of it. Ends with the members. */
export async function tellOfRegistry(story: Story, cast: Cast): Promise<ReadonlyMap<string, string>> {
  await regions(story, cast);
  await fieldsOfAction(story, cast);
  const ids = await listOfOrganisations(story, cast);
  await admissions(story, cast, ids);
  await oneNumberForTwo(story, cast);
  await anotherService(story, cast, ids);
  await history(story, cast, ids);
  return ids;
}

const IMPORTS = '/registry/region-imports';

interface RegionChanges {
  readonly changed: number;
  readonly digest: string;
}

async function regions(story: Story, { coordinator }: Cast): Promise<void> {
  story.chapter('Regions');
  const laender = await askUntil(
    () => coordinator.get<Page<Region>>('/registry/regions?level=land&limit=200'),
    ({ body }) => body.items.length === 16,
  );
  story.check('The 16 Länder are there from the first start', laender.body.items.length === 16, laender.body);
  const berlin = laender.body.items.find(({ key }) => key === '11000000');
  const levels = [...(berlin?.levels ?? [])].sort().join(', ');
  story.check(`Berlin is several levels at once (${levels})`, levels === 'gemeinde, kreis, land', berlin);

  const broken = await coordinator.postCsv<Problem>(`${IMPORTS}?dryRun=true`, await demoFile('regions-broken.csv'));
  story.tell('A coordinator uploads a file with a lost leading zero and a postcode:');
  story.tell(JSON.stringify(broken.body));
  story.check('it is refused with the lines, and changes nothing', broken.status === 422, broken);

  const file = await demoFile('regions.csv');
  const shown = await coordinator.postCsv<RegionChanges>(`${IMPORTS}?dryRun=true`, file);
  story.check(
    `Another file shows first what it would change (${shown.body.changed} regions)`,
    shown.body.changed > 0,
    shown.body,
  );
  const imported = await coordinator.postCsv(`${IMPORTS}?digest=${shown.body.digest}`, file);
  story.check('and then exactly this is recorded', imported.status === 200, imported.body);
  const boeblingen = await askUntil(
    () => coordinator.get<Page<Region>>('/registry/regions?within=08115000', after(imported)),
    ({ status }) => status === 200,
  );
  story.check(
    'The Kreis Böblingen contains the city of Böblingen',
    boeblingen.status === 200 && boeblingen.body.items.some(({ key }) => key === '08115003'),
    boeblingen.body,
  );
}

async function fieldsOfAction(story: Story, { coordinator }: Cast): Promise<void> {
  story.chapter('Fields of action');
  const fields = [
    { key: 'orientation', nameDe: 'Orientierung und Information', nameEn: 'Orientation and information' },
    { key: 'accommodation', nameDe: 'Unterbringung', nameEn: 'Accommodation' },
    { key: 'basic-supplies', nameDe: 'Grundversorgung', nameEn: 'Basic supplies' },
  ];
  for (const field of fields) {
    const added = await coordinator.post('/registry/fields-of-action', { ...field, validFrom: '2022-03-01' });
    story.check(`${field.nameDe} (${field.nameEn}) is added`, added.status === 201, added.body);
  }
  const again = await coordinator.post<Problem>('/registry/fields-of-action', { ...fields[1], key: 'Unterbringung!' });
  story.tell(`A wrong key and a missing day are both named: ${again.body.errors?.map((e) => e.field).join(', ')}`);
  story.check('and refused', again.status === 400 && again.body.errors?.length === 2, again.body);
}

async function listOfOrganisations(story: Story, { coordinator }: Cast): Promise<ReadonlyMap<string, string>> {
  story.chapter('A list of organisations, from a file');
  // The rule counts from today, so the initiative that is too young is made so on every day.
  const csv = (await demoFile('organisations.csv')).replace('2026-10-01', monthsAgo(3));
  const path = '/registry/organisation-imports';
  const dryRun = await coordinator.postCsv<{ rows: readonly Verdict[] }>(`${path}?dryRun=true`, csv);
  const names = csv.split('\n').map((line) => line.split(',', 1)[0] ?? '');
  for (const { line, verdict, code, detail } of dryRun.body.rows) {
    story.tell(`line ${line}, ${names[line - 1]}: ${verdict}${code ? ` ${code}` : ''}${detail ? ` (${detail})` : ''}`);
  }
  const of = (line: number) => dryRun.body.rows.find((row) => row.line === line);
  story.check('The same register number twice is shown', of(5)?.verdict === 'duplicate', of(5));
  story.check(
    'A private person is refused by name of the rule',
    of(10)?.code === 'ORGANISATION_PRIVATE_PERSON',
    of(10),
  );
  story.check('An initiative that is too young is refused', of(9)?.code === 'ORGANISATION_TOO_YOUNG', of(9));
  story.check('A day that is none and a postcode make a broken row', of(11)?.verdict === 'broken', of(11));

  const refused = await coordinator.postCsv<Problem>(path, csv);
  story.check('With a broken row, nothing of the file is imported', refused.status === 422, refused.body);

  const mended = csv.replace('seit 2019,80331', '2019-01-01,11000000');
  const imported = await coordinator.postCsv<{ importId: string; rows: readonly Verdict[] }>(path, mended);
  const accepted = imported.body.rows.filter(({ verdict }) => verdict === 'accepted');
  const progress = await askUntil(
    () => coordinator.get<{ applied?: number; done?: boolean }>(`${path}/${imported.body.importId}`),
    ({ body }) => body.done === true,
  );
  story.check('Mended, it gives seven applications', imported.status === 201 && progress.body.applied === 7, progress);
  return new Map(accepted.map(({ line, organisationId = '' }) => [names[line - 1] ?? '', organisationId]));
}

async function admissions(story: Story, cast: Cast, ids: ReadonlyMap<string, string>): Promise<void> {
  story.chapter('Verified and admitted');
  const { coordinator, auditor, representative } = cast;
  // Somebody else than who applied decides: the list was uploaded by the first coordinator.
  const tooNear = await verify(coordinator, idOf(ids, 'Münchner Brücke e.V.'));
  story.check('No one decides on what they have applied for', tooNear.status === 403, tooNear.body);
  const notAllowed = await verify(auditor, idOf(ids, 'Münchner Brücke e.V.'));
  story.check('An auditor reads all and writes nothing', notAllowed.status === 403, notAllowed.body);
  const tooEarly = await cast.secondCoordinator.post<Problem>(
    `/registry/organisations/${idOf(ids, 'Münchner Brücke e.V.')}/admission`,
    {},
  );
  story.check('No one is admitted before being verified', tooEarly.body.code === 'ORGANISATION_WRONG_STAGE', tooEarly);

  for (const [name, id] of ids) {
    const verified = await verify(cast.secondCoordinator, id);
    const admitted = await cast.secondCoordinator.post(`/registry/organisations/${id}/admission`, {});
    story.check(`${name} is admitted`, verified.status === 204 && admitted.status === 204, [verified, admitted]);
  }
  const found = await askUntil(
    () => representative.get<Page<Organisation>>('/registry/organisations?q=Munchner%20Bruke'),
    ({ body }) => body.items.length > 0,
  );
  const [best] = found.body.items;
  story.check(
    `Whoever looks for “Munchner Bruke” finds ${best?.name}`,
    best?.name === 'Münchner Brücke e.V.',
    found.body,
  );
}

async function oneNumberForTwo(story: Story, { secondCoordinator, representative }: Cast): Promise<void> {
  story.chapter('One register number, two organisations');
  const application = {
    kind: 'civil-society',
    operatingSince: '2010-01-01',
    identifiers: [{ scheme: 'vereinsregister', court: 'Görlitz', number: 'VR 512' }],
    fieldKeys: [],
  };
  const ids: string[] = [];
  for (const name of ['Grenzenlos Görlitz e.V.', 'Grenzenlos Goerlitz']) {
    const applied = await representative.post<{ organisationId: string }>('/registry/organisations', {
      ...application,
      name,
    });
    ids.push(applied.body.organisationId);
    await verify(secondCoordinator, applied.body.organisationId);
  }
  story.tell('Both are admitted at the same moment:');
  const answers = await Promise.all(
    ids.map((id) => secondCoordinator.post<Problem>(`/registry/organisations/${id}/admission`, {})),
  );
  const outcomes = answers.map(({ status, body }) => (status === 204 ? 'admitted' : body.code)).sort();
  story.check(
    `one is admitted, the other is told that the number is taken`,
    outcomes.join() === 'ORGANISATION_IDENTIFIER_TAKEN,admitted',
    outcomes,
  );
}

async function anotherService(story: Story, cast: Cast, ids: ReadonlyMap<string, string>): Promise<void> {
  story.chapter('What another service now knows');
  const { fundOfficer, secondCoordinator } = cast;
  const known = () => fundOfficer.get<Page<KnownOrganisation>>('/fund/known-organisations?limit=200');
  const eight = await askUntil(known, ({ body }) => body.items.length === 8);
  for (const { name, status } of eight.body.items) story.tell(`fund knows ${name}: ${status}`);
  story.check('The fund has heard of all eight, through the bus', eight.body.items.length === 8, eight.body);

  const id = idOf(ids, 'Kölner Flüchtlingshilfe gGmbH');
  const statusOf = ({ body }: Answer<Page<KnownOrganisation>>) =>
    body.items.find(({ id: known }) => known === id)?.status;
  const key = { 'idempotency-key': randomUUID() };
  const reason = { reasonCode: 'report-overdue' };
  const suspended = await secondCoordinator.post(`/registry/organisations/${id}/suspension`, reason, key);
  const repeated = await secondCoordinator.post(`/registry/organisations/${id}/suspension`, reason, key);
  story.check(
    'The same command sent twice gives the same answer',
    suspended.status === 204 && repeated.headers.get('etag') === suspended.headers.get('etag'),
    [suspended, repeated],
  );
  const after = await askUntil(known, (answer) => statusOf(answer) === 'suspended');
  story.check('A suspension reaches the fund', statusOf(after) === 'suspended', after.body);
}

async function history(story: Story, { auditor }: Cast, ids: ReadonlyMap<string, string>): Promise<void> {
  story.chapter('An auditor replays one history from the log');
  const id = idOf(ids, 'Kölner Flüchtlingshilfe gGmbH');
  const { body: events } = await auditor.get<readonly HistoryItem[]>(`/registry/organisations/${id}/history`);
  for (const { occurredAt, type } of events) story.tell(`${occurredAt}  ${type}`);
  const replayed = fold(
    organisation.decider.evolve,
    organisation.decider.initialState,
    events as unknown as readonly EventOf<typeof organisationEvents>[],
  );
  const shown = await auditor.get<Organisation>(`/registry/organisations/${id}`);
  story.check(
    `the history ends where the directory says: ${replayed.stage}`,
    replayed.stage === 'suspended' && shown.body.stage === 'suspended',
    [replayed.stage, shown.body],
  );
  const twice = events.filter(({ type }) => type === 'OrganisationSuspended').length;
  story.check('and the command that was sent twice is in it once', twice === 1, twice);
}

function monthsAgo(months: number): string {
  const day = new Date();
  day.setUTCMonth(day.getUTCMonth() - months, 1);
  return day.toISOString().slice(0, 10);
}
