import { createTestDatabase, type TestDatabase } from '@alliance/embedded';
import type { DomainEvent, RecordedEvent } from '@alliance/event-sourcing';
import { connectDatabase, migrate } from '@alliance/read-models';
import type { DataSource } from 'typeorm';
import { organisationEvents } from '../organisation/organisation.events';
import { applied } from '../organisation/organisation.given';
import { organisationDirectory } from '../organisation/organisation-directory.read-model';
import { registry } from '../registry.module';
import { contactEvents } from './contact.events';
import { erasureDecided, organisationId, recorded } from './contact.given';
import { contactList, contactsPastRetention } from './contact-list.read-model';

let testDatabase: TestDatabase;
let database: DataSource;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await migrate({ url: testDatabase.url, migrations: registry.migrations });
  database = await connectDatabase({ url: testDatabase.url, entities: [] });
});
afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

function inLog(streamName: string, revision: number, occurredAt: string, event: DomainEvent): RecordedEvent {
  const metadata = { eventId: idOf(9), commandId: idOf(9), correlationId: 'spec', causationId: 'spec' };
  return {
    ...event,
    streamName,
    revision: BigInt(revision),
    position: { commit: BigInt(revision), prepare: BigInt(revision) },
    metadata: { ...metadata, actor: { subject: 'somebody', roles: [] }, occurredAt, schemaVersion: 1 },
  };
}

it('contacts that have been kept long enough since their organisation has gone come page by page', async () => {
  const organisation = organisationEvents.category.streamName(organisationId);
  const refusal = { type: 'MembershipRefused', data: { reasonCode: 'not-eligible' } };
  await organisationDirectory.apply(database.manager, [
    inLog(organisation, 0, '2026-01-01T10:00:00.000Z', { ...applied, data: { ...applied.data, organisationId } }),
    inLog(organisation, 1, '2026-01-10T23:59:00.000Z', refusal),
  ]);
  const contact = (number: number, at: string, ...later: readonly DomainEvent[]) =>
    [{ ...recorded, data: { ...recorded.data, contactId: idOf(number) } }, ...later].map((event, revision) =>
      inLog(contactEvents.category.streamName(idOf(number)), revision, at, event),
    );
  await contactList.apply(database.manager, [
    ...contact(1, '2026-01-02T10:00:00.000Z'),
    ...contact(2, '2026-01-02T10:00:00.000Z', erasureDecided),
    ...contact(3, '2026-01-03T10:00:00.000Z'),
    ...contact(4, '2026-01-12T10:00:00.000Z'),
  ]);
  const due = async (day: string, afterId?: string) =>
    (await contactsPastRetention(database.manager, { day, days: 30, afterId, limit: 2 })).map(({ id }) => id);
  expect(await due('2026-02-08')).toEqual([]);
  expect(await due('2026-02-09')).toEqual([idOf(1), idOf(3)]);
  expect(await due('2026-02-09', idOf(3))).toEqual([]);
  expect(await due('2026-02-11', idOf(3))).toEqual([idOf(4)]);
});
