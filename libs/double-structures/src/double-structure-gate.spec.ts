import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Contract,
  type ContractData,
  fieldOfActionRetiredV1,
  organisationAdmittedV1,
  organisationLeftV1,
  organisationMergedV1,
  organisationMergeUndoneV1,
  organisationReinstatedV1,
  organisationSuspendedV1,
  regionRecordedV1,
  structureConfirmedV1,
  structureEndedV1,
  structureRecordedV1,
  structureRevisedV1,
} from '@alliance/contracts';
import {
  createTestDatabase,
  type EmbeddedEventStore,
  startEmbeddedEventStore,
  type TestDatabase,
} from '@alliance/embedded';
import { encodeCloudEvent, InProcessBus } from '@alliance/event-bus';
import { systemClock } from '@alliance/event-sourcing';
import {
  knownOrganisationMigrations,
  KnownOrganisation,
  knownOrganisationContracts,
  KnownOrganisationsModule,
} from '@alliance/known-organisations';
import { connectDatabase, migrate } from '@alliance/read-models';
import { regionsAround } from '@alliance/region-keys';
import {
  createLog,
  DevelopmentIssuer,
  migrationsOf,
  type Role,
  type RunningService,
  type ServiceDefinition,
  startService,
} from '@alliance/service-host';
import type { DataSource } from 'typeorm';
import { DoubleStructureGate, GateSettings } from './double-structure-gate';
import { DoubleStructuresModule } from './double-structures.module';
import { knownStructureContracts, knownStructureEntities, knownTables } from './known-structure.read-model';
import { knownStructureMigrations } from './migrations';

/** A service whose own settings extend those of the gate. */
class SampleSettings extends GateSettings {}

const definition: ServiceDefinition = {
  name: 'sample',
  settings: SampleSettings,
  slices: [KnownOrganisationsModule, DoubleStructuresModule],
  projections: [],
  publishers: [],
  consumes: [...knownOrganisationContracts, ...knownStructureContracts],
  entities: [KnownOrganisation, ...knownStructureEntities],
  migrations: [...knownOrganisationMigrations, ...knownStructureMigrations],
};

const issuer = new DevelopmentIssuer(systemClock);
const bus = InProcessBus.inMemory(systemClock);
let folder: string;
let eventStore: EmbeddedEventStore;
let testDatabase: TestDatabase;
let database: DataSource;
let service: RunningService;
let server: Server;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'double structures '));
  eventStore = await startEmbeddedEventStore({ dataDir: folder });
  testDatabase = await createTestDatabase();
  await migrate({ url: testDatabase.url, migrations: migrationsOf(definition) });
  database = await connectDatabase({ url: testDatabase.url, entities: [KnownOrganisation] });
  const environment = {
    EVENTSTORE_URL: eventStore.connectionString,
    DATABASE_URL: testDatabase.url,
    OVERLAP_REASON_PERCENT: '25',
  };
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
  await database.destroy();
  await testDatabase.drop();
  await rm(folder, { recursive: true });
});

let revision = 0n;
async function publish<C extends Contract>(contract: C, key: string, data: ContractData<C>): Promise<void> {
  revision += 1n;
  const message = encodeCloudEvent(contract.topic, {
    id: randomUUID(),
    source: '/registry',
    type: contract.type,
    subject: key,
    time: '2026-03-01T10:00:00.000Z',
    streamRevision: revision,
    logPosition: { commit: revision, prepare: revision },
    correlationId: 'spec',
    data,
  });
  // At least once: a relay that is not sure sends again.
  await bus.publish([message, message]);
}

const scope = {
  fieldKeys: ['orientation'],
  regionKeys: ['09162000'],
  targetGroups: ['families'],
  service: 'legal-advice',
};

async function ask(proposal: object, role: Role = 'chair') {
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/sample/overlaps`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await issuer.issue({ roles: [role] })}`, 'content-type': 'application/json' },
    body: JSON.stringify(proposal),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

/** The answer as soon as it is as expected: the bus brings what was published a moment later. */
async function answering<Answer>(expected: string, proposal: object, find: (answer: Answer) => unknown) {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const { body } = await ask(proposal);
    if (find(body) === expected) return body;
    if (performance.now() > deadline)
      throw new Error(`No "${expected}" for ten seconds; at last: ${JSON.stringify(body)}`);
    await sleep(20);
  }
}
const demanding = (what: string, proposal: object) =>
  answering(what, proposal, ({ demands }: { demands: string }) => demands);
const suggesting = (what: string, proposal: object) =>
  answering(what, proposal, ({ items }: { items: { suggestion: string }[] }) => items[0]?.suggestion);

describe('the gate of a service that knows structures from contracts', () => {
  it('follows what the registry publishes, each event once, from the recording of a structure to its end', async () => {
    const structureId = randomUUID();
    const key = `registry.structure-${structureId}`;
    for (const [region, name] of [
      ['09162000', 'München'],
      ['09000000', 'Bayern'],
    ] as const) {
      const data = { key: region, name, levels: ['land' as const], validFrom: '1990-10-03' };
      await publish(regionRecordedV1, `registry.region-${region}`, data);
    }
    const facts = { structureId, name: 'Rechtsberatung', ...scope, operatingSince: '2022-04-01' };
    const recorded = { ...facts, organisationId: randomUUID(), recordedAt: '2026-03-01T10:00:00.000Z' };
    await publish(structureRecordedV1, key, recorded);
    const same = await demanding('consent', scope);
    expect(same).toMatchObject({ reasonFrom: 0.25, consentFrom: 0.7, total: 1 });
    expect(same.items).toMatchObject([
      {
        score: 1,
        structure: { id: structureId },
        organisation: { id: recorded.organisationId },
        suggestion: 'Join Rechtsberatung',
      },
    ]);

    await publish(structureConfirmedV1, key, { structureId, confirmedAt: '2026-03-02T10:00:00.000Z' });
    await publish(structureRevisedV1, key, {
      ...facts,
      regionKeys: ['09000000'],
      revisedAt: '2026-03-03T10:00:00.000Z',
    });
    const wider = await demanding('reason', scope);
    expect(wider.items[0].terms.region).toEqual({
      score: 0.333,
      reason: 'München (09162000) lies within Bayern (09000000), 2 steps up',
    });

    await publish(structureEndedV1, key, {
      structureId,
      reasonCode: 'funding-ended',
      endedAt: '2026-03-04T10:00:00.000Z',
    });
    expect(await demanding('nothing', scope)).toMatchObject({ items: [], total: 0 });
  });

  it('sees what was recorded in a field of action whose place another has taken', async () => {
    const structureId = randomUUID();
    const accommodation = { ...scope, fieldKeys: ['accommodation'] };
    await publish(structureRecordedV1, `registry.structure-${structureId}`, {
      ...{ structureId, organisationId: randomUUID(), name: 'Notunterkunft', ...accommodation },
      ...{ operatingSince: '2022-04-01', recordedAt: '2026-03-01T10:00:00.000Z' },
    });
    await demanding('consent', accommodation);
    const housing = { ...scope, fieldKeys: ['housing'] };
    expect((await ask(housing)).body).toMatchObject({ demands: 'nothing', total: 0 });
    await publish(fieldOfActionRetiredV1, 'registry.field-of-action-accommodation', {
      key: 'accommodation',
      validTo: '2025-12-31',
      successorKeys: ['housing'],
    });
    const { total, items } = await demanding('consent', housing);
    expect(total).toBe(1);
    expect(items).toMatchObject([
      {
        structure: { id: structureId, fieldKeys: ['accommodation'] },
        terms: { field: { reason: expect.stringContaining('(accommodation went into housing on 2026-01-01)') } },
      },
    ]);
  });

  const at = '2026-03-01T10:00:00.000Z';
  const keyOf = (organisationId: string) => `registry.organisation-${organisationId}`;
  async function admitted(name: string): Promise<string> {
    const organisationId = randomUUID();
    const data = { organisationId, name, kind: 'civil-society' as const, identifiers: [], fieldKeys: [] };
    await publish(organisationAdmittedV1, keyOf(organisationId), { ...data, admittedAt: at });
    return organisationId;
  }
  async function hasStructure(organisationId: string, service: string): Promise<object> {
    const structureId = randomUUID();
    const facts = { name: 'Hotline', ...scope, service, operatingSince: '2022-04-01' };
    const recorded = { structureId, organisationId, ...facts, recordedAt: at };
    await publish(structureRecordedV1, `registry.structure-${structureId}`, recorded);
    return { ...scope, service };
  }

  it('names the surviving organisation when that of a structure was merged, and that one again after the undo', async () => {
    const [goes, stays] = [await admitted('Alter Eintrag'), await admitted('Neuer Eintrag')];
    const hotline = await hasStructure(goes, 'hotline');
    const ownerSuggested = async (suggestion: string) => (await suggesting(suggestion, hotline)).items[0].organisation;
    await ownerSuggested('Join Hotline of Alter Eintrag');
    const merged = { organisationId: goes, intoOrganisationId: stays, mergedAt: at };
    await publish(organisationMergedV1, keyOf(goes), merged);
    expect(await ownerSuggested('Join Hotline of Neuer Eintrag')).toEqual({ id: stays, name: 'Neuer Eintrag' });
    const undone = { organisationId: goes, fromOrganisationId: stays, undoneAt: at };
    await publish(organisationMergeUndoneV1, keyOf(goes), undone);
    expect(await ownerSuggested('Join Hotline of Alter Eintrag')).toEqual({ id: goes, name: 'Alter Eintrag' });
  });

  it('lets nobody join who is suspended or has left, directly or by a merge, and again after the reinstatement', async () => {
    const [goes, stays] = [await admitted('Alter Verein'), await admitted('Neuer Verein')];
    const meals = await hasStructure(goes, 'meals');
    const suspend = (organisationId: string) =>
      publish(organisationSuspendedV1, keyOf(organisationId), {
        organisationId,
        suspendedAt: at,
        reasonCode: 'overdue',
      });
    const reinstate = (organisationId: string) =>
      publish(organisationReinstatedV1, keyOf(organisationId), { organisationId, reinstatedAt: at });
    await suggesting('Join Hotline of Alter Verein', meals);
    await suspend(goes);
    expect(await demanding('nothing', meals)).toMatchObject({ items: [], total: 0 });
    await reinstate(goes);
    await suggesting('Join Hotline of Alter Verein', meals);

    await publish(organisationMergedV1, keyOf(goes), { organisationId: goes, intoOrganisationId: stays, mergedAt: at });
    await suggesting('Join Hotline of Neuer Verein', meals);
    await suspend(stays);
    await demanding('nothing', meals);
    await reinstate(stays);
    await suggesting('Join Hotline of Neuer Verein', meals);
    await publish(organisationLeftV1, keyOf(stays), { organisationId: stays, leftAt: at });
    expect(await demanding('nothing', meals)).toMatchObject({ items: [], total: 0 });
  });

  it('names what is wrong with a proposal', async () => {
    const { status, body } = await ask({ ...scope, regionKeys: ['80331'], fieldKeys: [], service: 'Legal advice' });
    expect(status).toBe(400);
    const expected = Object.fromEntries(
      body.errors.map((fault: { field: string; expected: string }) => [fault.field, fault.expected]),
    );
    expect(Object.keys(expected).sort()).toEqual(['fieldKeys', 'regionKeys', 'service']);
    expect(expected['regionKeys']).toMatch(/postcode/);
    const { body: zeroless } = await ask({ ...scope, regionKeys: ['09162000', '9162000'] });
    expect(zeroless.errors).toEqual([
      { field: 'regionKeys', reason: 'invalid', expected: expect.stringMatching(/leading zero is missing/) },
    ]);
    const unknown = await ask({ ...scope, regionKeys: ['09162000', '09999999'] });
    expect(unknown.body.errors).toEqual([expect.objectContaining({ field: 'regionKeys[1]', reason: 'unknown' })]);
    expect((await ask(scope, 'operator')).status).toBe(403);
  });
});

describe('the gate over 20,000 structures', () => {
  const settings = new GateSettings();

  beforeAll(async () => {
    const kreise = Array.from(
      { length: 400 },
      (_, n) => `${String((n % 16) + 1).padStart(2, '0')}${101 + Math.floor(n / 16)}000`,
    );
    const services = ['legal-advice', 'language-course', 'housing-search', 'child-care', 'job-advice'];
    const rows = Array.from({ length: 20_000 }, (_, n) => {
      const regionKeys = [kreise[n % 400]];
      return {
        id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
        organisation_id: '00000000-0000-4000-8000-00000000ffff',
        name: `Angebot ${n}`,
        field_keys: [`field-${n % 19}`, `field-${(n * 7) % 19}`],
        region_keys: regionKeys,
        within_keys: regionsAround(regionKeys as string[]),
        target_groups: [n % 3 === 0 ? 'everyone' : 'families'],
        service: services[Math.floor(n / 400) % 5],
        stage: 'recorded',
      };
    });
    await database.query(
      'INSERT INTO known_structure SELECT * FROM json_populate_recordset(NULL::known_structure, $1)',
      [JSON.stringify(rows)],
    );
    await database.query('VACUUM ANALYZE known_structure');
  });
  afterAll(() => database.query('TRUNCATE known_structure'));

  const germany = Array.from({ length: 16 }, (_, n) => `${String(n + 1).padStart(2, '0')}000000`);
  it.each([
    ['a Kreis', ['09108000']],
    ['a Land', ['09000000']],
    ['all of Germany', germany],
  ])('finds what overlaps in %s as a search through all of them would', async (_, regionKeys) => {
    const proposal = { ...scope, fieldKeys: ['field-3'], regionKeys };
    const gate = new DoubleStructureGate(database, settings, knownTables);
    const { total, overlaps } = await gate.ask(proposal, { limit: 20 });
    const within = await database.query<{ total: number }[]>(
      `SELECT count(*)::int AS total FROM known_structure
        WHERE 'field-3' = ANY (field_keys) AND service LIKE '%advice'
          AND EXISTS (SELECT FROM unnest(region_keys) AS own, unnest($1::text[]) AS asked
                       WHERE own = asked OR (asked LIKE '%000000' AND left(own, 2) = left(asked, 2)))`,
      [regionKeys],
    );
    expect(total).toBe(within[0]!.total);
    expect(total).toBeGreaterThan(0);
    expect(overlaps.length).toBeLessThanOrEqual(20);
    const scores = overlaps.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it('is asked from the indexes', async () => {
    expect(await plan({ ...scope, fieldKeys: ['field-3'], regionKeys: ['09108000'] })).not.toMatch(/Seq Scan/);
  });

  async function plan({ fieldKeys, regionKeys }: { fieldKeys: readonly string[]; regionKeys: readonly string[] }) {
    const lines = await database.query<Record<string, string>[]>(
      `EXPLAIN SELECT id FROM known_structure WHERE stage IN ('recorded', 'confirmed') AND field_keys && $1::text[]
          AND (region_keys && $2::text[] OR within_keys && $3::text[])`,
      [fieldKeys, regionsAround(regionKeys), regionKeys],
    );
    return lines.map((line) => line['QUERY PLAN']).join('\n');
  }
});
