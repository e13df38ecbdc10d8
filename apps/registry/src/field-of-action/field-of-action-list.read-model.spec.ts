import { createTestDatabase, type TestDatabase } from '@alliance/embedded';
import type { RecordedEvent } from '@alliance/event-sourcing';
import { connectDatabase, migrate } from '@alliance/read-models';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { registry } from '../registry.module';
import { type FieldOfActionEvent, fieldOfActionEvents } from './field-of-action.events';
import {
  fieldOfActionList,
  FieldOfActionRow,
  findFieldsOfAction,
  recordedFieldKeys,
} from './field-of-action-list.read-model';

let testDatabase: TestDatabase;
let database: DataSource;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await migrate({ url: testDatabase.url, migrations: registry.migrations });
  database = await connectDatabase({ url: testDatabase.url, entities: [FieldOfActionRow] });
});
afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

const added = (key: string, validFrom = '2022-03-01') => ({
  type: 'FieldOfActionAdded' as const,
  data: { key, nameDe: `${key} (de)`, nameEn: key, validFrom },
});
const retired = (key: string, successorKeys: string[]): FieldOfActionEvent => ({
  type: 'FieldOfActionRetired',
  data: { key, validTo: '2022-12-31', successorKeys },
});

async function project(events: readonly FieldOfActionEvent[]): Promise<void> {
  await database.query('TRUNCATE field_of_action');
  const metadata = { commandId: '', correlationId: '', causationId: '', occurredAt: '', schemaVersion: 1 };
  await fieldOfActionList.apply(
    database.manager,
    events.map((event, index): RecordedEvent => {
      const position = { commit: BigInt(index), prepare: BigInt(index) };
      const actor = { subject: 'coordinator-1', roles: ['coordinator'] };
      const streamName = fieldOfActionEvents.category.streamName(event.data.key);
      return { ...event, streamName, revision: 0n, position, metadata: { ...metadata, eventId: '', actor } };
    }),
  );
}

describe('the list of fields of action', () => {
  it('keeps what a field was succeeded by when it is renamed afterwards', async () => {
    const renamed = { ...added('housing').data, nameEn: 'Dwelling', validTo: '2022-12-31' } as const;
    await project([
      added('housing'),
      added('shelter', '2023-01-01'),
      retired('housing', ['shelter']),
      { type: 'FieldOfActionRenamed', data: renamed },
    ]);
    const housing = { key: 'housing', nameEn: 'Dwelling', validTo: '2022-12-31', successorKeys: ['shelter'] };
    expect(await findFieldsOfAction(database.manager)).toMatchObject([housing, { key: 'shelter', validTo: null }]);
    expect(await findFieldsOfAction(database.manager, '2022-12-31')).toMatchObject([housing]);
    expect(await findFieldsOfAction(database.manager, '2023-01-01')).toMatchObject([{ key: 'shelter' }]);
  });

  it('gives for a field exactly the keys from which successions lead to it', async () => {
    const letters = [...'abcdefgh'];
    // Each is succeeded by later letters only: every graph without circles, up to the names of its fields.
    const graph = fc.tuple(...letters.map((_, at) => fc.subarray(letters.slice(at + 1))));
    await fc.assert(
      fc.asyncProperty(graph, async (successorsOf) => {
        const events = letters.flatMap((key, at) => {
          const successors = successorsOf[at] ?? [];
          return successors.length > 0 ? [added(key), retired(key, successors)] : [added(key)];
        });
        await project(events);
        const leadsTo = (from: string, to: string): boolean =>
          from === to || (successorsOf[letters.indexOf(from)] ?? []).some((next) => leadsTo(next, to));
        for (const key of letters) {
          const found = await recordedFieldKeys(database.manager, key);
          expect([...found].sort()).toEqual(letters.filter((other) => leadsTo(other, key)));
        }
      }),
      { numRuns: 15 },
    );
    expect(await recordedFieldKeys(database.manager, 'unheard-of')).toEqual(['unheard-of']);
  });
});
