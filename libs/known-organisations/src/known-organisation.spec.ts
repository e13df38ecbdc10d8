import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  organisationAdmittedV1,
  organisationLeftV1,
  organisationMergedV1,
  organisationMergeUndoneV1,
  organisationReinstatedV1,
  organisationRevisedV1,
  organisationSuspendedV1,
  type Contract,
} from '@alliance/contracts';
import {
  createTestDatabase,
  type EmbeddedEventStore,
  startEmbeddedEventStore,
  type TestDatabase,
} from '@alliance/embedded';
import { encodeCloudEvent, InProcessBus } from '@alliance/event-bus';
import { systemClock } from '@alliance/event-sourcing';
import { connectDatabase, migrate } from '@alliance/read-models';
import {
  createLog,
  DevelopmentIssuer,
  migrationsOf,
  type Role,
  type RunningService,
  type ServiceDefinition,
  startService,
} from '@alliance/service-host';
import {
  findSurvivors,
  idsCountingAs,
  KnownOrganisation,
  knownOrganisationContracts,
} from './known-organisation.read-model';
import { KnownOrganisationsModule } from './known-organisations.module';
import { knownOrganisationMigrations } from './migrations';

const definition: ServiceDefinition = {
  name: 'sample',
  slices: [KnownOrganisationsModule],
  projections: [],
  publishers: [],
  consumes: knownOrganisationContracts,
  entities: [KnownOrganisation],
  migrations: knownOrganisationMigrations,
};

const issuer = new DevelopmentIssuer(systemClock);
const bus = InProcessBus.inMemory(systemClock);
let folder: string;
let eventStore: EmbeddedEventStore;
let database: TestDatabase;
let service: RunningService;
let server: Server;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'known organisations '));
  eventStore = await startEmbeddedEventStore({ dataDir: folder });
  database = await createTestDatabase();
  await migrate({ url: database.url, migrations: migrationsOf(definition) });
  const environment = { EVENTSTORE_URL: eventStore.connectionString, DATABASE_URL: database.url };
  const log = createLog('sample', 'silent');
  service = startService(definition, environment, { bus, tokens: issuer, clock: systemClock, log });
  server = createServer(service.handleRequest);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await service.started;
});

afterAll(async () => {
  await service.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await bus.close();
  await eventStore.stop();
  await database.drop();
  await rm(folder, { recursive: true });
});

let revision = 0n;
async function publish(contract: Contract, data: { readonly organisationId: string }): Promise<void> {
  revision += 1n;
  const message = encodeCloudEvent(contract.topic, {
    id: randomUUID(),
    source: '/registry',
    type: contract.type,
    subject: `registry.organisation-${data.organisationId}`,
    time: '2026-03-01T10:00:00.000Z',
    streamRevision: revision,
    logPosition: { commit: revision, prepare: revision },
    correlationId: 'spec',
    data,
  });
  // At least once: a relay that is not sure sends again.
  await bus.publish([message, message]);
}

async function admit(name: string, more: object = {}): Promise<string> {
  const organisationId = randomUUID();
  const data = {
    organisationId,
    name,
    kind: 'civil-society',
    identifiers: [],
    fieldKeys: [],
    admittedAt: '2026-03-01T10:00:00.000Z',
    ...more,
  };
  await publish(organisationAdmittedV1, data);
  return organisationId;
}

async function get(query: string, role: Role = 'coordinator') {
  const { port } = server.address() as AddressInfo;
  const token = await issuer.issue({ roles: [role] });
  const response = await fetch(`http://127.0.0.1:${port}/sample/known-organisations${query}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

/** The answer for the organisation as soon as it counts as that one. */
async function answerAs(id: string, survivorId: string) {
  for (;;) {
    const { body } = await get(`/${id}`);
    if (body.survivor?.id === survivorId) return body;
    await sleep(20);
  }
}

/** The organisation's entry as soon as it has this status. */
async function entryWith(id: string, status: string) {
  for (;;) {
    const { body } = await get(`?status=${status}&limit=200`);
    const entry = body.items.find((item: { id: string }) => item.id === id);
    if (entry) return entry;
    await sleep(20);
  }
}

describe('what a service knows of the organisations', () => {
  it('follows what the registry publishes, each event once', async () => {
    const organisationId = await admit('Münchner Tafel e.V.', { regionKey: '09162000' });
    expect(await entryWith(organisationId, 'admitted')).toEqual({
      id: organisationId,
      name: 'Münchner Tafel e.V.',
      kind: 'civil-society',
      regionKey: '09162000',
      status: 'admitted',
      since: '2026-03-01T10:00:00.000Z',
    });
    await publish(organisationSuspendedV1, {
      organisationId,
      reasonCode: 'report-overdue',
      suspendedAt: '2026-03-02T10:00:00.000Z',
    } as never);
    expect(await entryWith(organisationId, 'suspended')).toMatchObject({ since: '2026-03-02T10:00:00.000Z' });
    await publish(organisationReinstatedV1, { organisationId, reinstatedAt: '2026-03-03T10:00:00.000Z' } as never);
    expect(await entryWith(organisationId, 'admitted')).toMatchObject({ since: '2026-03-03T10:00:00.000Z' });
    await publish(organisationLeftV1, { organisationId, leftAt: '2026-03-04T10:00:00.000Z' } as never);
    expect(await entryWith(organisationId, 'left')).toMatchObject({ name: 'Münchner Tafel e.V.' });
  });

  it('remembers legal form, identifiers and parent, as they were told last', async () => {
    const parentOrganisationId = randomUUID();
    const identifiers = [{ scheme: 'vereinsregister', court: 'München', number: 'VR 15087' }];
    const id = await admit('Tafel Bonn e.V.', { legalForm: 'e.V.', identifiers, parentOrganisationId });
    await entryWith(id, 'admitted');
    const dataSource = await connectDatabase({ url: database.url, entities: [KnownOrganisation] });
    try {
      const remembered = () => dataSource.manager.findOneBy(KnownOrganisation, { id });
      expect(await remembered()).toMatchObject({ legalForm: 'e.V.', identifiers, parentId: parentOrganisationId });
      const facts = { name: 'Tafel Bonn', kind: 'civil-society', identifiers: [], fieldKeys: [] };
      const revisedAt = '2026-03-05T10:00:00.000Z';
      await publish(organisationRevisedV1, { organisationId: id, ...facts, revisedAt } as never);
      await publish(organisationLeftV1, { organisationId: id, leftAt: '2026-03-06T10:00:00.000Z' } as never);
      await entryWith(id, 'left');
      expect(await remembered()).toMatchObject({ legalForm: null, identifiers: [], parentId: null });
    } finally {
      await dataSource.destroy();
    }
  });

  it('follows merges to where they end, and back when they are undone', async () => {
    const [a, b, c] = [await admit('Tafel München'), await admit('Münchner Tafel'), await admit('Tafeln in Bayern')];
    const merge = (organisationId: string, intoOrganisationId: string) =>
      publish(organisationMergedV1, {
        organisationId,
        intoOrganisationId,
        mergedAt: '2026-03-05T10:00:00.000Z',
      } as never);
    await merge(a, b);
    const facts = { name: 'Münchner Tafel e.V.', kind: 'civil-society', identifiers: [], fieldKeys: [] };
    const revisedAt = '2026-03-05T10:00:00.000Z';
    await publish(organisationRevisedV1, { organisationId: b, ...facts, regionKey: '09162000', revisedAt } as never);
    expect(await answerAs(a, b)).toMatchObject({ status: 'merged', mergedInto: b, since: revisedAt });
    await merge(b, c);
    expect(await answerAs(a, c)).toMatchObject({ name: 'Tafel München', mergedInto: b });
    expect(await answerAs(b, c)).toMatchObject({ name: 'Münchner Tafel e.V.', regionKey: '09162000', mergedInto: c });

    const dataSource = await connectDatabase({ url: database.url, entities: [KnownOrganisation] });
    try {
      expect(new Set(await idsCountingAs(dataSource.manager, [c]))).toEqual(new Set([a, b, c]));
      expect(await idsCountingAs(dataSource.manager, [a])).toEqual([a]);
      // All three were admitted before; since the last merge that leads there they count so.
      const ends = await findSurvivors(dataSource.manager, [a, c]);
      expect(ends.get(a)).toMatchObject({ id: c, countsSince: new Date(revisedAt) });
      expect(ends.get(c)).toMatchObject({ id: c, countsSince: new Date('2026-03-01T10:00:00.000Z') });
    } finally {
      await dataSource.destroy();
    }

    const undoneAt = '2026-03-06T10:00:00.000Z';
    await publish(organisationMergeUndoneV1, { organisationId: b, fromOrganisationId: c, undoneAt } as never);
    expect(await answerAs(b, b)).toMatchObject({ status: 'admitted', since: undoneAt });
    expect((await answerAs(a, b)).survivor).toMatchObject({ name: 'Münchner Tafel e.V.', status: 'admitted' });
    expect((await get(`/${randomUUID()}`)).status).toBe(404);
  });

  it('is answered in pages, filtered and sorted', async () => {
    const ids = [await admit('C', { regionKey: '01001000' }), await admit('A', { regionKey: '01002000' })];
    ids.push(await admit('B', { regionKey: '02000000' }));
    for (const id of ids) await entryWith(id, 'admitted');
    const names = (body: { items: { name: string }[] }) => body.items.map(({ name }) => name);
    expect(names((await get('?regionPrefix=01')).body)).toEqual(['A', 'C']);
    expect(names((await get('?regionPrefix=01&sort=-name')).body)).toEqual(['C', 'A']);
    const first = await get('?regionPrefix=01&limit=1');
    const second = await get(`?regionPrefix=01&limit=1&cursor=${first.body.nextCursor}`);
    expect([...names(first.body), ...names(second.body)]).toEqual(['A', 'C']);
    expect(second.body.nextCursor).toBeUndefined();
    expect((await get('?regionPrefix=1&kind=club&sort=id')).body.errors.map((e: { field: string }) => e.field)).toEqual(
      expect.arrayContaining(['regionPrefix', 'kind']),
    );
    expect((await get('?cursor=nonsense')).status).toBe(400);
  });

  it('is shown to those who work in the alliance, not to operators', async () => {
    expect((await get('', 'fund-officer')).status).toBe(200);
    expect((await get('', 'auditor')).status).toBe(200);
    expect((await get('', 'operator')).status).toBe(403);
  });

  it('loses nothing when events come that it cannot understand: their organisation is set aside, others go on', async () => {
    await publish(organisationLeftV1, { organisationId: randomUUID(), leftAt: '2026-03-04T10:00:00.000Z' } as never);
    const next = await admit('After the fault');
    expect(await entryWith(next, 'admitted')).toMatchObject({ name: 'After the fault' });
  });
});
