import { createTestDatabase, type TestDatabase } from '@alliance/embedded';
import type { Actor, RecordedEvent } from '@alliance/event-sourcing';
import { connectDatabase, migrate } from '@alliance/read-models';
import type { DataSource } from 'typeorm';
import { type AssuranceEvent, assuranceEvents } from '../assurance/assurance.events';
import { registry } from '../registry.module';
import type { StructureEvent, StructureFacts } from './structure.events';
import {
  advice,
  confirmed,
  doubled,
  ended,
  free,
  inLog,
  organisationId,
  proposed,
  reason,
  recorded,
} from './structure.given';
import {
  findStructure,
  findStructures,
  RegisteredStructure,
  type RegisterQuery,
  structureRegister,
} from './structure-register.read-model';

let testDatabase: TestDatabase;
let database: DataSource;
const coordinator: Actor = { subject: 'coordinator-1', roles: ['coordinator'] };
const elsewhere = '22222222-2222-4222-8222-222222222222';

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await migrate({ url: testDatabase.url, migrations: registry.migrations });
  database = await connectDatabase({ url: testDatabase.url, entities: [RegisteredStructure] });
  const rows: [number, Partial<StructureFacts>, StructureEvent, StructureEvent[]][] = [
    [1, {}, recorded, [confirmed]],
    [2, { name: 'Bayernweite Hotline', regionKeys: ['09000000'], service: 'hotline' }, recorded, []],
    [3, { name: 'Berliner Sprachcafé', regionKeys: ['11000000'], fieldKeys: ['language'] }, recorded, [ended]],
    [4, { name: 'Zweite Rechtsberatung' }, proposed, []],
    [
      5,
      { name: 'Dritte Rechtsberatung', targetGroups: ['everyone'] },
      proposed,
      [{ type: 'ProposalWithdrawn', data: { reasonCode: 'joined-another' } }],
    ],
  ];
  await structureRegister.apply(
    database.manager,
    rows.flatMap(([number, facts, first, later]) => history(number, facts, first, later)),
  );
});
afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

function idOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

function history(number: number, facts: object, first: StructureEvent, later: readonly StructureEvent[]) {
  const data = { ...first.data, structureId: idOf(number), facts: { ...advice, ...facts } };
  return [{ ...first, data } as StructureEvent, ...later].map((event, at) => inLog(event, at, idOf(number)));
}

async function find(query: Partial<RegisterQuery>, actor = coordinator): Promise<readonly string[]> {
  const page = await findStructures(database.manager, { order: [], limit: 50, ...query }, actor);
  return page.items.map(({ name }) => name);
}

describe('the register of structures', () => {
  it('shows of each structure its facts, its stage and since when, and what the gate found', async () => {
    expect(await findStructure(database, idOf(1), coordinator)).toMatchObject({
      organisationId,
      ...advice,
      stage: 'confirmed',
      stageSince: new Date('2026-03-02T10:00:00.000Z'),
      recordedAt: new Date('2026-03-01T10:00:00.000Z'),
      gate: free,
      capacityQuantity: null,
      revision: '1',
    });
    expect(await findStructure(database, idOf(4), coordinator)).toMatchObject({
      stage: 'proposed',
      gate: doubled,
      reason,
    });
  });

  it('finds under a field what was recorded under those whose place it took', async () => {
    await database.query(
      `INSERT INTO field_of_action (key, name_de, name_en, valid_from, valid_to, successor_keys)
       VALUES ('language', 'Sprache', 'Language', '2022-03-01', '2022-12-31', '{language-courses}')`,
    );
    expect(await find({ field: 'language-courses' })).toEqual(await find({ field: 'language' }));
    expect(await find({ field: 'language-courses' })).not.toEqual([]);
  });

  it('filters by stage, organisation, field, region, target group and service', async () => {
    expect(await find({ stage: 'ended' })).toEqual(['Berliner Sprachcafé']);
    expect(await find({ organisation: elsewhere })).toEqual([]);
    expect(await find({ organisation: organisationId })).toHaveLength(5);
    expect(await find({ field: 'language' })).toEqual(['Berliner Sprachcafé']);
    expect(await find({ within: '09000000', stage: 'recorded' })).toEqual(['Bayernweite Hotline']);
    expect(await find({ within: '09000000' })).toHaveLength(4);
    expect(await find({ within: '09162000' })).toHaveLength(3);
    expect(await find({ within: '11000000' })).toEqual(['Berliner Sprachcafé']);
    expect(await find({ targetGroup: 'everyone' })).toEqual(['Dritte Rechtsberatung']);
    expect(await find({ service: 'hotline' })).toEqual(['Bayernweite Hotline']);
  });

  it('pages in the order that is asked for', async () => {
    const order = [{ field: 'name', direction: 'descending' }] as const;
    const first = await findStructures(database.manager, { order, limit: 2 }, coordinator);
    const { nextCursor: cursor } = first;
    const second = await findStructures(database.manager, { order, limit: 3, cursor }, coordinator);
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(await find({ order }));
    expect(second.nextCursor).toBeUndefined();
  });

  it('shows how fresh each is, filtered and in order, until it has ended', async () => {
    const fact = (kind: 'offer' | 'capacity') => ({ recordType: 'structure', organisationId, kind }) as const;
    const inAssurance = (number: number, event: AssuranceEvent): RecordedEvent => ({
      ...inLog(recorded),
      ...event,
      streamName: assuranceEvents.category.streamName(idOf(number)),
    });
    const assured = (number: number, kind: 'offer' | 'capacity', day: string, standing = false) =>
      inAssurance(number, {
        type: 'FactAssured',
        data: { ...fact(kind), assuredAt: `${day}T10:00:00.000Z`, assuredBy: { role: 'coordinator' }, standing },
      });
    const aged = { assuredAt: '2026-01-07T10:00:00.000Z', halfLifeDays: 90 };
    await structureRegister.apply(database.manager, [
      assured(1, 'offer', '2026-01-03', true),
      assured(1, 'capacity', '2026-01-07'),
      inAssurance(1, { type: 'FactMarkedStale', data: { ...fact('capacity'), ...aged } }),
      assured(2, 'offer', '2026-01-05'),
      assured(9, 'offer', '2026-01-01'),
    ]);
    expect(await findStructure(database, idOf(1), coordinator)).toMatchObject({
      assuredAt: new Date(aged.assuredAt),
      staleSince: new Date('2026-03-01T10:00:00.000Z'),
      assuredFacts: { offer: { standing: true }, capacity: { standing: false } },
      revision: '1',
    });
    const [one, two] = ['Rechtsberatung Ukraine', 'Bayernweite Hotline'];
    expect(await find({ stale: true })).toEqual([one]);
    expect(await find({ stale: false })).toHaveLength(4);
    const byAge = (direction: 'ascending' | 'descending') => find({ order: [{ field: 'assuredAt', direction }] });
    expect([await byAge('ascending'), await byAge('descending')]).toEqual([
      [two, one],
      [one, two],
    ]);

    await structureRegister.apply(database.manager, [assured(1, 'capacity', '2026-01-09')]);
    expect(await find({ stale: true })).toEqual([]);
    const retired = { type: 'FactRetired', data: fact('offer') } as const;
    await structureRegister.apply(database.manager, [inAssurance(2, retired)]);
    expect(await byAge('ascending')).toEqual([one]);
  });

  it('shows proposals to coordinators, auditors and the own organisation only', async () => {
    const representative: Actor = { subject: 'representative-9', roles: ['representative'], organisationId: elsewhere };
    const shown = ['Bayernweite Hotline', 'Berliner Sprachcafé', 'Rechtsberatung Ukraine'];
    expect(await find({}, representative)).toEqual(shown);
    expect(await find({}, { ...representative, organisationId })).toHaveLength(5);
    expect(await find({}, { subject: 'auditor-1', roles: ['auditor'] })).toHaveLength(5);
    expect(await findStructure(database, idOf(4), representative)).toBeUndefined();
  });

  it('follows a revision: what is proposed stands beside the facts until it takes their place, unconfirmed', async () => {
    const facts = { ...advice, name: 'Umbenannt', regionKeys: ['08111000'] };
    const revision = { facts, minimumOperatingMonths: 12, gate: doubled, reason, revisedBy: 'representative-1' };
    const [first, ...rest] = history(6, { name: 'Sechste' }, recorded, [
      confirmed,
      { type: 'RevisionProposed', data: revision },
      { type: 'StructureRevised', data: { ...revision, consentedBy: 'coordinator-1' } },
      {
        type: 'CapacityAssured',
        data: { capacity: { quantity: 7, unit: 'places', assuredAt: '2026-03-05T10:00:00.000Z' } },
      },
    ]);
    await structureRegister.apply(database.manager, [first!, ...rest.slice(0, 2)]);
    expect(await findStructure(database, idOf(6), coordinator)).toMatchObject({
      name: 'Sechste',
      stage: 'confirmed',
      proposedRevision: { facts, gate: doubled, reason },
    });
    await structureRegister.apply(database.manager, rest.slice(2));
    expect(await findStructure(database, idOf(6), coordinator)).toMatchObject({
      ...facts,
      stage: 'recorded',
      proposedRevision: null,
      capacityQuantity: 7,
      capacityUnit: 'places',
      capacityAssuredAt: new Date('2026-03-05T10:00:00.000Z'),
      revision: '4',
    });
    expect(await find({ within: '08000000' })).toEqual(['Umbenannt']);
    await database.query('DELETE FROM structure WHERE id = $1', [idOf(6)]);
  });
});
