import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createTestDatabase,
  type EmbeddedEventStore,
  startEmbeddedEventStore,
  type TestDatabase,
} from '@alliance/embedded';
import { isRefusal, type RecordedEvent } from '@alliance/event-sourcing';
import { type Accepted, deriveId, EventStore } from '@alliance/event-store';
import { connectDatabase, migrate } from '@alliance/read-models';
import { CommandHandler, Metrics } from '@alliance/service-host';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { registry } from '../registry.module';
import { contact, type ContactCommand } from './contact.decider';
import { type ContactEvent, contactEvents } from './contact.events';
import { context, grounds, kaethe, organisationId } from './contact.given';
import { erasureAfter } from './erasure.policy';
import { erasureReactor, settleErasure } from './erasure.reactor';
import { type PersonalData, PersonalDataVault } from './personal-data.vault';

let dataDir: string;
let server: EmbeddedEventStore;
let store: EventStore;
let commands: CommandHandler;
let testDatabase: TestDatabase;
let database: DataSource;
let vault: PersonalDataVault;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'erasure-'));
  server = await startEmbeddedEventStore({ dataDir });
  store = EventStore.connect({ connectionString: server.connectionString });
  commands = new CommandHandler(store, new Metrics('registry'));
  testDatabase = await createTestDatabase();
  await migrate({ url: testDatabase.url, migrations: registry.migrations });
  database = await connectDatabase({ url: testDatabase.url, entities: [] });
  vault = new PersonalDataVault(database);
});
afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
  await store.close();
  await server.stop();
  await rm(dataDir, { recursive: true });
});

/** The first half of a request: its event is in the log, and the vault does not know of it yet. */
async function decide(
  contactId: string,
  { type, data }: { readonly type: ContactCommand['type']; readonly data: object },
  commandId: string = randomUUID(),
): Promise<Accepted<ContactEvent>> {
  // A coordinator acts for all.
  const sent = {
    type,
    data: { ...data, represented: [] },
    context: { ...context('coordinator'), commandId },
  } as ContactCommand;
  const decided = await commands.decide(contact, contactId, sent);
  if (isRefusal(decided)) throw new Error(decided.code);
  return decided;
}
const record = (contactId: string, commandId?: string) =>
  decide(contactId, { type: 'RecordContact', data: { contactId, organisationId, ...grounds } }, commandId);
const revise = (contactId: string) => decide(contactId, { type: 'ReviseContact', data: grounds });
const decideErasure = (contactId: string) => decide(contactId, { type: 'EraseContact', data: { reason: 'requested' } });
const settle = (contactId: string) =>
  settleErasure(commands, vault, contactId, { ...context('coordinator'), commandId: randomUUID() });

async function eventsOf(contactId: string): Promise<readonly (RecordedEvent & ContactEvent)[]> {
  const events: (RecordedEvent & ContactEvent)[] = [];
  for await (const event of store.readStream(contactEvents.category.streamName(contactId), contactEvents)) {
    events.push(event as RecordedEvent & ContactEvent);
  }
  return events;
}
const typesOf = async (contactId: string) => (await eventsOf(contactId)).map(({ type }) => type);

const own = { progress: { waitForPosition: async () => 'reached' as const }, settings: {} };

/** What the reactor does with the events of this contact that are in the log by now. */
async function runReactorFor(contactId: string): Promise<void> {
  for (const event of await eventsOf(contactId)) {
    for (const reaction of erasureAfter(event)) {
      const cause = { ...context('registry'), commandId: deriveId(event.metadata.eventId, 'settle') };
      await erasureReactor.execute(reaction, cause, commands, database, own);
    }
  }
}
const rowOf = async (contactId: string) =>
  (await database.query('SELECT * FROM personal_data WHERE contact_id = $1', [contactId]))[0];
const tombstone = (contactId: string, rows: number) => ({
  contact_id: contactId,
  revision: null,
  name: null,
  email: null,
  phone: null,
  note: null,
  erased_rows: rows,
});
const person = (name: string): PersonalData => ({ ...kaethe, name });

describe('personal data in the vault, over crashes', () => {
  it('are absent, not orphaned, when the recording dies after its event; its repeat brings them', async () => {
    const [contactId, commandId] = [randomUUID(), randomUUID()];
    await record(contactId, commandId);
    expect(await vault.read(contactId)).toBeUndefined();
    const repeated = await record(contactId, commandId);
    expect(await vault.keep(contactId, repeated.revision ?? -1n, kaethe)).toBe('kept');
    expect(await vault.read(contactId)).toEqual(kaethe);
    expect(await typesOf(contactId)).toEqual(['ContactRecorded']);
  });

  it('stay as they were when a revision dies after its event; its repeat does not undo a later one', async () => {
    const contactId = randomUUID();
    await record(contactId);
    await vault.keep(contactId, 0n, person('the first'));
    await revise(contactId);
    expect(await vault.read(contactId)).toEqual(person('the first'));
    const later = await revise(contactId);
    await vault.keep(contactId, later.revision ?? -1n, person('the third'));
    expect(await vault.keep(contactId, 1n, person('the second, late'))).toBe('kept');
    expect(await vault.read(contactId)).toEqual(person('the third'));
  });

  it('are what the first write of a revision said, whatever a repeat of it says', async () => {
    const contactId = randomUUID();
    await vault.keep(contactId, 0n, person('the first'));
    await vault.keep(contactId, 0n, person('another'));
    expect(await vault.read(contactId)).toEqual(person('the first'));
  });

  it('are erased by the reactor when the request dies after the decision', async () => {
    const contactId = randomUUID();
    await record(contactId);
    await vault.keep(contactId, 0n, kaethe);
    await decideErasure(contactId);
    await runReactorFor(contactId);
    expect(await rowOf(contactId)).toEqual(tombstone(contactId, 1));
    expect(await typesOf(contactId)).toEqual(['ContactRecorded', 'ErasureDecided', 'ContactErased']);
  });

  it('are erased once, and told truly, when the request dies after the vault and before the log', async () => {
    const contactId = randomUUID();
    await record(contactId);
    await vault.keep(contactId, 0n, kaethe);
    await decide(contactId, { type: 'WithdrawConsent', data: {} });
    await vault.erase(contactId);
    await runReactorFor(contactId);
    await runReactorFor(contactId);
    const [last] = (await eventsOf(contactId)).slice(-1);
    expect(last).toMatchObject({
      type: 'ContactErased',
      data: { reason: 'consent-withdrawn', erased: [{ table: 'personal_data', rows: 1 }] },
    });
    expect(await typesOf(contactId)).toHaveLength(3);
  });

  it('are not written any more after the erasure, however late a write comes', async () => {
    const contactId = randomUUID();
    await record(contactId);
    await decideErasure(contactId);
    const { state } = await settle(contactId);
    expect(state.erased).toEqual([{ table: 'personal_data', rows: 0 }]);
    expect(await vault.keep(contactId, 0n, kaethe)).toBe('erased');
    expect(await vault.keep(contactId, 99n, kaethe)).toBe('erased');
    expect(await rowOf(contactId)).toEqual(tombstone(contactId, 0));
  });

  it('are erased again when an old backup brings them back', async () => {
    const contactId = randomUUID();
    await record(contactId);
    await vault.keep(contactId, 0n, kaethe);
    await decideErasure(contactId);
    await settle(contactId);
    await database.query('DELETE FROM personal_data WHERE contact_id = $1', [contactId]);
    await vault.keep(contactId, 0n, kaethe);
    await runReactorFor(contactId);
    expect(await rowOf(contactId)).toEqual(tombstone(contactId, 1));
    expect(await typesOf(contactId)).toHaveLength(3);
  });

  it('are gone in the end, and the log says so once, whatever happens at the same time', async () => {
    const writes = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(writes, fc.integer({ min: 1, max: 3 }), async (revisions, settlers) => {
        const contactId = randomUUID();
        await record(contactId);
        await decideErasure(contactId);
        await Promise.all([
          ...revisions.map((revision) => vault.keep(contactId, BigInt(revision), person(`late ${revision}`))),
          ...Array.from({ length: settlers }, () => settle(contactId)),
        ]);
        const row = await rowOf(contactId);
        expect(row).toEqual(tombstone(contactId, row.erased_rows));
        const [last] = (await eventsOf(contactId)).slice(-1);
        expect(last?.data).toMatchObject({ erased: [{ table: 'personal_data', rows: row.erased_rows }] });
        expect(await typesOf(contactId)).toHaveLength(3);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the vault', () => {
  it('finds a person by the e-mail address in any case, and no erased one', async () => {
    const ids = [randomUUID(), randomUUID(), randomUUID()].sort();
    const email = `Käthe.${ids[0]}@Übermut.example`;
    for (const contactId of ids) await vault.keep(contactId, 0n, { ...kaethe, email });
    await vault.erase(ids[1] ?? '');
    expect(await vault.contactsOf(email.toUpperCase().normalize('NFD'))).toEqual([ids[0], ids[2]]);
    expect(await vault.contactsOf('nobody@example.org')).toEqual([]);
  });

  it('holds a name, and leaves out what is not said', async () => {
    const contactId = randomUUID();
    await vault.keep(contactId, 0n, { name: 'Only a name' });
    expect(await vault.read(contactId)).toEqual({ name: 'Only a name' });
  });

  it('names no value in an error', async () => {
    const failure = await vault.keep('no uuid', 0n, person('Planted Name')).catch((error: Error) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(`${(failure as Error).message} ${(failure as Error).stack}`).not.toMatch(/Planted|groessmann|5550147/);
  });
});
