import { createTestDatabase, type TestDatabase } from '@alliance/embedded';
import { connectDatabase, migrate } from '@alliance/read-models';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { fieldOfActionList, FieldOfActionRow } from '../field-of-action/field-of-action-list.read-model';
import { registry } from '../registry.module';
import { findPresence, presence, type PresenceFilter, PresenceRow } from './presence.read-model';
import {
  absorbed,
  applied,
  confirmed,
  dayAfter,
  ended,
  fieldKeys,
  fieldsAdded,
  history,
  inLog,
  left,
  merged,
  organisations,
  present,
  recorded,
  regions,
  retired,
  revised,
  type Told,
  undone,
} from './presence.given';

let testDatabase: TestDatabase;
let database: DataSource;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await migrate({ url: testDatabase.url, migrations: registry.migrations });
  database = await connectDatabase({ url: testDatabase.url, entities: [PresenceRow, FieldOfActionRow] });
});
afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

/** Into empty tables, so many events at a time. */
async function project(told: readonly Told[], atATime = told.length): Promise<void> {
  await database.query('TRUNCATE presence, presence_organisation, field_of_action');
  const events = inLog(told);
  for (let at = 0; at < events.length; at += atATime) {
    const some = events.slice(at, at + atATime);
    for (const projection of [fieldOfActionList, presence]) {
      const prefixes = projection.catalogues.map(({ category }) => category.prefix);
      const own = some.filter(({ streamName }) => prefixes.some((prefix) => streamName.startsWith(prefix)));
      await projection.apply(database.manager, own);
    }
  }
}

/** All rows, read page by page. */
async function find(filter: PresenceFilter): Promise<readonly object[]> {
  const rows: object[] = [];
  let cursor: string | undefined;
  do {
    const page = await findPresence(database.manager, filter, { order: [], limit: 20, cursor });
    rows.push(...page.items.map(({ id: _id, ...row }) => ({ ...row })));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return inOrder(rows);
}
const inOrder = (rows: readonly object[]) =>
  [...rows].sort((a, b) =>
    JSON.stringify(Object.entries(a).sort()) < JSON.stringify(Object.entries(b).sort()) ? -1 : 1,
  );

const [helpers, friends] = [organisations[0]!, organisations[1]!];
const begin = [...fieldsAdded, applied(helpers, 'Helfer e.V.'), applied(friends, 'Freunde gGmbH', 'company')];
const advice = { fieldKeys: ['orientation', 'housing'], regionKeys: ['09162000', '11000000'] };

describe('the read model of who does what where', () => {
  const days = async (filter: Partial<PresenceFilter> = {}) =>
    (await find({ asOf: '2026-01-01', ...filter })).map((row) => {
      const { fieldKey, regionKey, presentFrom, presentUntil, status } = row as PresenceRow;
      return [fieldKey, regionKey, presentFrom, presentUntil, status].join(' ');
    });

  it('has a row for each field and region of a structure, from the day since which it operates', async () => {
    await project([...begin, recorded(1, helpers, advice, '2022-04-01')]);
    expect(await days()).toEqual([
      'housing 09162000 2022-04-01  recorded',
      'housing 11000000 2022-04-01  recorded',
      'orientation 09162000 2022-04-01  recorded',
      'orientation 11000000 2022-04-01  recorded',
    ]);
    expect(await days({ asOf: '2022-03-31' })).toEqual([]);
    expect(await find({ asOf: '2022-04-01', field: 'housing', within: '09000000' })).toEqual([
      {
        structureId: '00000000-0000-4000-8000-000000000001',
        structureName: 'Angebot',
        organisationId: helpers,
        organisationName: 'Helfer e.V.',
        organisationKind: 'civil-society',
        fieldKey: 'housing',
        service: 'legal-advice',
        targetGroups: ['families'],
        regionKey: '09162000',
        presentFrom: '2022-04-01',
        presentUntil: null,
        status: 'recorded',
      },
    ]);
  });

  it('lets a revision count from its day, and ends with the structure', async () => {
    const [before, after] = [
      { fieldKeys: ['housing'], regionKeys: ['09162000'] },
      { fieldKeys: ['housing'], regionKeys: ['04011000'] },
    ];
    await project([
      ...begin,
      recorded(1, helpers, before, '2024-01-01'),
      confirmed(1, '2024-02-01'),
      revised(1, after, '2025-01-01'),
      ended(1, '2025-06-01'),
    ]);
    expect(await days({ asOf: '2024-12-31' })).toEqual(['housing 09162000 2024-01-01 2025-01-01 ended']);
    expect(await days({ asOf: '2025-01-01' })).toEqual(['housing 04011000 2025-01-01 2025-06-01 ended']);
    expect(await days({ asOf: '2025-06-01' })).toEqual([]);
  });

  it('ends with the departure of the organisation, whatever is told of its structures afterwards', async () => {
    const facts = { fieldKeys: ['housing'], regionKeys: ['09162000'] };
    await project([
      ...begin,
      recorded(1, helpers, facts, '2024-01-01'),
      left(helpers, '2025-01-01'),
      revised(1, { ...facts, regionKeys: ['11000000'] }, '2025-02-01'),
      recorded(2, helpers, facts, '2024-06-01', '2025-01-01'),
    ]);
    expect(await days({ asOf: '2024-12-31' })).toEqual([
      'housing 09162000 2024-01-01 2025-01-01 ended',
      'housing 09162000 2024-06-01 2025-01-01 ended',
    ]);
    expect(await days({ asOf: '2025-03-01' })).toEqual([]);
  });

  it('shows the surviving organisation after a merge, on all days, and the former one after the undo', async () => {
    const shown = async () =>
      (await find({ asOf: '2024-01-01' })).map((row) => {
        const { organisationId, organisationName, organisationKind } = row as PresenceRow;
        return [organisationId, organisationName, organisationKind];
      });
    const facts = { fieldKeys: ['housing'], regionKeys: ['09162000'] };
    const merge = [
      ...begin,
      recorded(1, helpers, facts, '2024-01-01'),
      absorbed(friends, helpers, 'Freunde und Helfer gGmbH', 'company', '2025-01-01'),
      merged(helpers, friends, '2025-01-01'),
    ];
    await project(merge);
    expect(await shown()).toEqual([[friends, 'Freunde und Helfer gGmbH', 'company']]);
    await project([...merge, ...undone(helpers, friends, 'Freunde gGmbH', 'company', '2025-02-01')]);
    expect(await shown()).toEqual([[helpers, 'Helfer e.V.', 'civil-society']]);
  });

  it('finds under a field what was recorded under those whose place it took, and under a region what lies in it', async () => {
    const eisenach = { fieldKeys: ['orientation'], regionKeys: ['16056000'] };
    await project([
      ...begin,
      recorded(1, helpers, eisenach, '2020-01-01'),
      retired('orientation', ['housing', 'health'], '2021-12-31'),
      retired('health', ['care'], '2022-12-31'),
    ]);
    for (const field of ['orientation', 'housing', 'health', 'care']) expect(await days({ field })).toHaveLength(1);
    expect(await days({ field: 'language' })).toEqual([]);
    // Eisenach went into the Wartburgkreis; what was recorded in it stays where it was recorded.
    expect(await days({ within: '16000000' })).toHaveLength(1);
    expect(await days({ within: '16063000' })).toEqual([]);
  });

  it('gives exactly what a search through all events gives, whatever happened and whatever is asked for', async () => {
    const sometimes = <Value>(values: fc.Arbitrary<Value>) =>
      fc.oneof(fc.constant(undefined), fc.constant(undefined), values);
    const filter = fc.record({
      // On the days on which something happened, and those beside them.
      happening: fc.nat(),
      daysLater: fc.constantFrom(0, 0, -1, 1, 20),
      field: sometimes(fc.constantFrom(...fieldKeys)),
      within: sometimes(fc.constantFrom(...regions.keys())),
      kind: sometimes(fc.constantFrom('civil-society' as const, 'company' as const)),
    });
    const filters = fc.array(filter, { minLength: 12, maxLength: 12 });
    let rowsFound = 0;
    await fc.assert(
      fc.asyncProperty(history, filters, fc.integer({ min: 1, max: 40 }), async (told, asked, atATime) => {
        await project(told, atATime);
        for (const { happening, daysLater, ...more } of asked) {
          const one = { ...more, asOf: dayAfter(daysLater, told.at(-1 - (happening % 25))?.on) };
          const found = await find(one);
          expect(found).toEqual(inOrder(present(told, one)));
          rowsFound += found.length;
        }
      }),
      { numRuns: 25 },
    );
    expect(rowsFound).toBeGreaterThan(200);
    // A few seconds; more only to make a counterexample small.
  }, 120_000);
});
