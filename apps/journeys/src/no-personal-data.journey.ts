import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { notRun, whatKafkaLacks } from '@alliance/embedded';
import { Client } from 'pg';
import { type Alliance, startAlliance } from './world/alliance';
import { eventually } from './world/eventually';
import { Needles } from './world/needles';
import type { NodeProcess } from './world/node-process';
import { admit, apply, expectStatus } from './world/registry-steps';

const NAME = 'a planted name, address or number';
const person = {
  name: 'Käthe-Ylvi Größmännle',
  email: 'Ylvi.Größmännle@übermut-kontakt.example',
  phone: '+49 (0)7071 88 40 26 71',
  note: 'Am liebsten nach dem Zwiebelkuchenbäcker fragen.',
};
const revised = {
  name: 'Björn-Ægir Straßenwächter',
  email: 'bjoern@strassenwaechter-kontakt.example',
  phone: '+380 44 317 92 65',
  note: 'Über die Pförtnerloge Süßholz.',
};
/** The words of both by themselves, so that half a name is found too. */
const planted = new Needles([
  ...['Käthe-Ylvi', 'Größmännle', 'übermut-kontakt', '7071 88 40 26 71', '7071884026', 'Zwiebelkuchenbäcker'],
  ...['Björn-Ægir', 'Straßenwächter', 'strassenwaechter-kontakt', '44 317 92 65', '443179265', 'Süßholz'],
]);

/** What is public, and therefore has to be found: proof that the search would find the rest. */
const PUBLIC_NAME = 'Kontrollverein Süßmostküche e.V.';
const publicName = new Needles(['Süßmostküche']);

const consent = { givenOn: '2026-02-20', evidence: 'consents/2026/0017' };
const coordinator = { subject: 'coordinator-1', roles: ['coordinator'] };

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: ReturnType<typeof JSON.parse>;
}

/** All that the services have let out of their hands, other than to those who may read it. */
interface Traces {
  readonly correlationId: string;
  readonly traceId: string;
  readonly refusals: Answer[];
  readonly endpoints: number;
  readonly printed: string;
  readonly spans: Buffer;
  readonly tablesBeforeErasure: string;
  readonly tablesAfterErasure: string;
}

const lack = whatKafkaLacks();
if (lack === undefined) describe(NAME, searches);
else notRun(NAME, 6, lack);

function searches(): void {
  let collector: Collector;
  let alliance: Alliance;
  let left: Traces;

  beforeAll(async () => {
    collector = await startCollector();
    const settings = { LOG_LEVEL: 'trace', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
    alliance = await startAlliance(['registry', 'fund'], { settings });
    left = await plantEverywhere(alliance, collector);
  }, 420_000);

  afterAll(async () => {
    await alliance?.stop();
    await collector?.stop();
  }, 60_000);

  it('is in no byte of the event log', async () => {
    const folder = join(alliance.folder, 'eventstore');
    expect(await publicName.inFolder(folder)).not.toEqual([]);
    expect(await planted.inFolder(folder)).toEqual([]);
  });

  it('is in no byte of Kafka', async () => {
    const folder = join(alliance.folder, 'kafka');
    expect(await publicName.inFolder(folder)).not.toEqual([]);
    expect(await planted.inFolder(folder)).toEqual([]);
  });

  it('is in nothing that the services print', () => {
    expect(new Needles([left.correlationId]).in(left.printed, 'log')).not.toEqual([]);
    expect(left.printed).toContain('unexpected fault');
    expect(left.printed).toContain('unavailable');
    expect(planted.in(left.printed, 'log')).toEqual([]);
  });

  it('is in no trace', () => {
    expect(new Needles([left.traceId]).in(left.spans, 'traces')).not.toEqual([]);
    expect(planted.in(left.spans, 'traces')).toEqual([]);
  });

  it('is in no answer that refuses it, of any endpoint', () => {
    expect(left.endpoints).toBeGreaterThan(30);
    for (const { status, text } of left.refusals) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(planted.in(text, text)).toEqual([]);
    }
  });

  it('is in the vault until it is erased, and then in no table', () => {
    expect(planted.in(left.tablesBeforeErasure, 'tables').map(({ needle }) => needle)).toEqual(
      expect.arrayContaining(['Größmännle', 'Straßenwächter']),
    );
    expect(publicName.in(left.tablesAfterErasure, 'tables')).not.toEqual([]);
    expect(planted.in(left.tablesAfterErasure, 'tables')).toEqual([]);
  });
}

/** Uses the registry as people do, badly and in bad times, with the same persons everywhere, and erases them. */
async function plantEverywhere(alliance: Alliance, collector: Collector): Promise<Traces> {
  const registry = alliance.service('registry');
  const eventStores: NodeProcess[] = [alliance.eventStore.process()];
  const correlationId = `control-${randomUUID()}`;
  const traceId = randomBytes(16).toString('hex');
  const headers = { 'x-correlation-id': correlationId, traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
  const speak = async (user: Parameters<Alliance['client']>[1]) => {
    const token = await alliance.issuer.token(user);
    return (method: string, path: string, body?: unknown, more: Readonly<Record<string, string>> = {}) =>
      send(registry.url + path, method, body, { authorization: `Bearer ${token}`, ...headers, ...more });
  };
  const by = await speak(coordinator);
  const organisationId = await apply(
    await alliance.client('registry', { subject: 'representative-1', roles: ['representative'] }),
    PUBLIC_NAME,
  );
  await admit(await alliance.client('registry', coordinator), organisationId);
  const own = await speak({ subject: 'representative-1', roles: ['representative'], organisationId });
  const outsider = await speak({
    subject: 'representative-2',
    roles: ['representative'],
    organisationId: randomUUID(),
  });
  const refusals: Answer[] = [];
  const refused = async (answer: Promise<Answer>) => void refusals.push(await answer);

  const holding = { purposes: ['coordination'], consent, person };
  const contact = { organisationId, ...holding };
  const record = async (body: object = contact): Promise<string> =>
    (await expectStatus(own('POST', '/registry/contacts', body), 201)).body.contactId;

  // As it is meant to be used.
  const [first, second, third] = [await record(), await record(), await record({ ...contact, person: revised })];
  await expectStatus(own('POST', `/registry/contacts/${second}/revision`, { ...holding, person: revised }), 204);
  const shown = await expectStatus(
    by('POST', `/registry/contacts/${first}/disclosure`, { purpose: 'coordination' }),
    200,
  );
  expect(shown.body.person.name).toBe(person.name);
  await expectStatus(own('POST', `/registry/contacts/${third}/export`), 200);
  const found = await expectStatus(by('POST', '/registry/persons/export', { email: revised.email }), 200);
  expect(found.body.contacts).toHaveLength(2);

  // By whom it is not meant for, and with faults in every place.
  await refused(outsider('POST', '/registry/contacts', contact));
  await refused(outsider('POST', `/registry/contacts/${first}/revision`, { ...holding, person: revised }));
  await refused(outsider('POST', '/registry/persons/export', { email: person.email }));
  await refused(own('POST', `/registry/contacts/${first}/revision`, holding, { 'if-match': '"99"' }));
  await refused(own('POST', '/registry/contacts', contact, { 'idempotency-key': person.note }));
  await refused(own('POST', '/registry/contacts', { ...contact, organisationId: randomUUID() }));
  await refused(own('POST', '/registry/contacts', { ...contact, purposes: ['groessmaennle'] }));
  await refused(own('POST', '/registry/contacts', { ...contact, purposes: [person.name] }));
  await refused(
    own('POST', '/registry/contacts', { ...contact, consent: { givenOn: person.name, evidence: person.name } }),
  );
  await refused(own('POST', '/registry/contacts', { ...contact, person: person.name }));
  for (const field of Object.keys(person)) {
    const faulty = { ...person, [field]: [person.name] };
    await refused(own('POST', '/registry/contacts', { ...contact, person: faulty }));
    await refused(
      own('POST', '/registry/contacts', { ...contact, person: { ...person, [field]: '\0' + person.name } }),
    );
  }
  const json = JSON.stringify(contact);
  for (const broken of [
    json.slice(0, -1),
    json + json,
    `"${person.name}`,
    '['.repeat(100) + json,
    json.replace('"person"', '"consent"'),
  ]) {
    await refused(own('POST', '/registry/contacts', broken));
  }
  await refused(own('POST', '/registry/contacts', json.replace(person.note, person.note.repeat(10_000))));
  await refused(own('POST', '/registry/contacts', json, { 'content-type': 'application/xml' }));
  const endpoints = await plantInEveryEndpoint(by, refusals);

  // With the database away after the event, with a table away, with the log away.
  const key = { 'idempotency-key': randomUUID() };
  await alliance.postgres.stop();
  await refused(own('POST', '/registry/contacts', contact, key));
  await alliance.postgres.start();
  await eventually(() => expectStatus(own('POST', '/registry/contacts', contact, key), 201));
  const database = alliance.postgres.url('registry');
  await query(database, 'ALTER TABLE personal_data RENAME TO elsewhere');
  await refused(own('POST', '/registry/contacts', contact));
  await refused(by('POST', '/registry/persons/erasure', { email: person.email }));
  await query(database, 'ALTER TABLE elsewhere RENAME TO personal_data');
  await alliance.eventStore.stop();
  await refused(own('POST', '/registry/contacts', contact));
  await alliance.eventStore.start();
  eventStores.push(alliance.eventStore.process());
  await eventually(async () => void (await record()));

  const tables = async () => (await tablesOf(database)) + (await tablesOf(alliance.postgres.url('fund')));
  await eventually(async () =>
    expect(publicName.in(await tablesOf(alliance.postgres.url('fund')), '')).not.toEqual([]),
  );
  const tablesBeforeErasure = await tables();

  // Erased: by contact, by withdrawal, by person; the rest is what the bad times have left of them.
  await expectStatus(own('DELETE', `/registry/contacts/${first}`), 200);
  await expectStatus(own('POST', `/registry/contacts/${second}/consent-withdrawal`), 200);
  for (const { email } of [person, revised]) {
    const { body } = await expectStatus(by('POST', '/registry/persons/erasure', { email }), 200);
    expect(body.contacts.length).toBeGreaterThan(0);
  }
  await refused(own('POST', `/registry/contacts/${first}/revision`, holding));
  const tablesAfterErasure = await tables();

  const services = [registry, alliance.service('fund')];
  await Promise.all(services.map((service) => service.stop()));
  const processes = [...services.map(({ process }) => process), ...eventStores];
  const printed = processes.map(({ output }) => output.join('')).join('\n');
  return {
    correlationId,
    traceId,
    refusals,
    endpoints,
    printed,
    spans: collector.received(),
    tablesBeforeErasure,
    tablesAfterErasure,
  };
}

type Speak = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

/** Each endpoint that the API describes is sent the person in path, query, headers and body. How many there are. */
async function plantInEveryEndpoint(by: Speak, refusals: Answer[]): Promise<number> {
  const { body: api } = await expectStatus(by('GET', '/registry/openapi.json'), 200);
  const words = Object.values(person).map(encodeURIComponent);
  const inQuery = `?q=${words[0]}&email=${words[1]}&cursor=${words[2]}&sort=${words[0]}`;
  const inHeaders = { 'min-position': person.phone, 'user-agent': Buffer.from(person.name).toString('latin1') };
  const inBody = { ...person, person, nothingOfThisName: person.name };
  const endpoints = Object.entries<Record<string, unknown>>(api.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ path, method: method.toUpperCase() })),
  );
  for (const { path, method } of endpoints) {
    const body = method === 'GET' ? undefined : inBody;
    const known = path.replace(/\{\w+\}/g, () => randomUUID());
    const strange = path.replace(/\{\w+\}/g, () => words[0] ?? '');
    refusals.push(await by(method, `${known}${inQuery}`, body, inHeaders));
    if (strange !== path) refusals.push(await by(method, `${strange}${inQuery}`, body, inHeaders));
    if (body !== undefined)
      refusals.push(await by(method, known, `name\n${person.name}`, { 'content-type': 'text/csv' }));
  }
  for (const path of [`/registry/${words[0]}`, `/registry/contacts/%E0%A4/${words[1]}`]) {
    refusals.push(await by('GET', path), await by('PUT', path, inBody));
  }
  return endpoints.length;
}

async function send(
  url: string,
  method: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, body: text === '' ? undefined : JSON.parse(text) };
}

async function query(database: string, sql: string): Promise<readonly Record<string, string>[]> {
  const client = new Client({ connectionString: database });
  await client.connect();
  try {
    return (await client.query<Record<string, string>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Every row of every table of the service, as text. */
async function tablesOf(database: string): Promise<string> {
  const tables = await query(
    database,
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const rows = await Promise.all(
    tables.map(({ name }) => query(database, `SELECT one::text AS text FROM ${name} AS one`)),
  );
  return rows
    .flat()
    .map(({ text }) => text)
    .join('\n');
}

/** Takes traces as an OpenTelemetry collector does, and keeps their bytes. */
interface Collector {
  readonly url: string;
  received(): Buffer;
  stop(): Promise<void>;
}

async function startCollector(): Promise<Collector> {
  const chunks: Buffer[] = [];
  const server: Server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => Buffer.concat(chunks),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
