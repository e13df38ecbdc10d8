import { randomUUID } from 'node:crypto';
import { systemClock } from '@alliance/event-sourcing';
import { rebuildReadModel } from '@alliance/read-models';
import { DataSource } from 'typeorm';
import { organisationEvents } from '../organisation/organisation.events';
import { allFrom } from '../organisation/merge.given';
import { type Answer, auditor, type Caller } from '@alliance/service-world';
import { coordinator, type RegistryWorld, representative } from '../registry.given';
import { contactEvents } from './contact.events';
import { consent, kaethe } from './contact.given';
import { contactList, ContactRow } from './contact-list.read-model';
import { codeOf, ContactWorld, holding, someone } from './contact-world.given';
import { PersonalDataReadRow, personalDataReads } from './personal-data-reads.read-model';

let contacts: ContactWorld;
let world: RegistryWorld;
let organisationId: string;
let otherOrganisationId: string;
let own: Caller;
let foreign: Caller;
beforeAll(async () => {
  contacts = await ContactWorld.start();
  ({ world, organisationId, otherOrganisationId, own, foreign } = contacts);
});
afterAll(() => contacts.stop());

describe('contacts: personal data in the vault with purpose and consent, visible by role', () => {
  it('are recorded by a representative for their own organisation, and by coordinators', async () => {
    const answer = await world.post('/contacts', contacts.contactOf(), own);
    expect(answer.status).toBe(201);
    const id = answer.body.contactId;
    expect(answer.headers.get('location')).toBe(`/registry/contacts/${id}`);
    const [event] = await world.events(contactEvents, id);
    expect(event?.data).toEqual({
      contactId: id,
      organisationId,
      purposes: ['coordination'],
      consent,
      reviewOn: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
    });
    expect(await contacts.recorded(kaethe, coordinator)).not.toBe(id);
  });

  it('are not recorded for another organisation, for none, for a purpose that is not settled, or by others', async () => {
    const post = (body: object, by: Caller) => world.post('/contacts', body, by).then(codeOf);
    expect(await post(contacts.contactOf(), foreign)).toEqual([403, 'CONTACT_NOT_YOURS']);
    expect(await post(contacts.contactOf(kaethe, randomUUID()), coordinator)).toEqual([404, 'ORGANISATION_UNKNOWN']);
    expect(await post({ ...contacts.contactOf(), purposes: ['marketing'] }, own)).toEqual([
      422,
      'CONTACT_PURPOSE_UNKNOWN',
    ]);
    expect(await post(contacts.contactOf(), auditor)).toEqual([403, 'FORBIDDEN']);
    expect(await post(contacts.contactOf(), { subject: 'chair-1', role: 'chair' })).toEqual([403, 'FORBIDDEN']);
  });

  it('show the person to coordinators and to the own representatives, and to no one else', async () => {
    const id = await contacts.recorded();
    for (const caller of [coordinator, own]) {
      const { status, body } = await contacts.disclosed(id, caller);
      expect({ status, body }).toEqual({ status: 200, body: { contactId: id, person: kaethe } });
    }
    expect(codeOf(await contacts.disclosed(id, foreign))).toEqual([403, 'CONTACT_NOT_YOURS']);
    for (const role of ['auditor', 'chair', 'fund-officer', 'operator', 'analyst', 'public-contact'] as const) {
      const outsider: Caller = { subject: `${role}-1`, role, organisationId };
      expect(codeOf(await contacts.disclosed(id, outsider))).toEqual([403, 'FORBIDDEN']);
      expect(codeOf(await world.post(`/contacts/${id}/export`, undefined, outsider))).toEqual([403, 'FORBIDDEN']);
      expect(codeOf(await world.delete(`/contacts/${id}`, outsider))).toEqual([403, 'FORBIDDEN']);
    }
    expect((await contacts.disclosed(id, { ...coordinator, role: 'auditor' })).status).toBe(403);
  });

  it('show that they exist, without the person, to those who have to know it', async () => {
    const id = await contacts.recorded(someone());
    const revised = await world.post(`/contacts/${id}/revision`, holding(someone()), own);
    expect(revised.status).toBe(204);
    const shown = {
      id,
      organisationId,
      purposes: ['coordination'],
      consent,
      reviewOn: expect.any(String),
      stage: 'held',
      stageSince: expect.any(String),
      recordedAt: expect.any(String),
      revision: '1',
    };
    for (const role of ['coordinator', 'auditor', 'fund-officer', 'chair'] as const) {
      const reader: Caller = { subject: `${role}-1`, role };
      expect((await world.getAfter(revised, `/contacts/${id}`, reader)).body).toEqual(shown);
    }
    expect((await world.get(`/contacts/${id}`, own)).body).toEqual(shown);
    expect(codeOf(await world.get(`/contacts/${id}`, foreign))).toEqual([404, 'CONTACT_UNKNOWN']);
    expect(codeOf(await world.get(`/contacts/${id}`, { subject: 'x', role: 'reviewer' }))).toEqual([403, 'FORBIDDEN']);
  });

  it('are listed by organisation, purpose, stage and day of review, page by page', async () => {
    const of = otherOrganisationId;
    const ids = [];
    for (const name of ['A', 'B', 'C']) ids.push(await contacts.recorded({ name }, foreign, of));
    const last = await world.delete(`/contacts/${ids[2]}`, foreign);
    const list = async (query: string, by: Caller = coordinator) => {
      const { status, body } = await world.getAfter(last, `/contacts?organisationId=${of}&${query}`, by);
      expect(status).toBe(200);
      return body;
    };
    const idsOf = (page: { items: { id: string }[] }) => page.items.map(({ id }) => id);
    const first = await list('limit=2');
    expect(idsOf(first)).toEqual(ids.slice(0, 2));
    expect(idsOf(await list(`limit=2&cursor=${encodeURIComponent(first.nextCursor)}`))).toEqual([ids[2]]);
    expect(idsOf(await list('sort=-recordedAt', auditor))).toEqual(ids.toReversed());
    expect(idsOf(await list('stage=erased'))).toEqual([ids[2]]);
    expect(idsOf(await list('purpose=payments'))).toEqual([]);
    expect(idsOf(await list('purpose=coordination&stage=held', foreign))).toEqual(ids.slice(0, 2));
    expect(idsOf(await list('reviewBy=2026-01-01'))).toEqual([]);
    expect(idsOf(await list('reviewBy=2999-01-01'))).toEqual(ids.slice(0, 2));
    expect(idsOf(await list('', own))).toEqual([]);
  });

  it('are revised as a whole, by whom they belong to, and only by those who saw the last revision', async () => {
    const id = await contacts.recorded();
    const anna = { name: '  Anna Übersee ', email: 'Anna@Example.org' };
    const revise = (by: Caller, headers = {}) =>
      world.post(`/contacts/${id}/revision`, { ...holding(anna), purposes: ['payments'] }, by, headers);
    expect(codeOf(await revise(foreign))).toEqual([403, 'CONTACT_NOT_YOURS']);
    expect(codeOf(await revise(own, { 'if-match': '"7"' }))).toEqual([412, 'REVISION_MISMATCH']);
    expect((await revise(own, { 'if-match': '"0"' })).status).toBe(204);
    expect(codeOf(await contacts.disclosed(id, own))).toEqual([403, 'CONTACT_NOT_HELD_FOR_PURPOSE']);
    expect((await contacts.disclosed(id, own, 'payments')).body.person).toEqual({
      name: 'Anna Übersee',
      email: 'anna@example.org',
    });
  });

  it('are recorded once under one key, and not again after their erasure', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const first = await world.post('/contacts', contacts.contactOf(), own, key);
    const again = await world.post('/contacts', contacts.contactOf(), own, key);
    expect([again.status, again.body]).toEqual([201, first.body]);
    const id = first.body.contactId;
    expect(await contacts.typesOf(id)).toEqual(['ContactRecorded']);
    await world.delete(`/contacts/${id}`, own);
    expect(codeOf(await world.post('/contacts', contacts.contactOf(), own, key))).toEqual([409, 'CONTACT_ERASED']);
    expect(await contacts.vaultRow(id)).toMatchObject({ name: null, email: null, erased_rows: 1 });
  });

  it('with faults are told by field all at once, and no value is repeated', async () => {
    const faulty = {
      organisationId: 'Käthe Größmann',
      purposes: ['Käthe Größmann'],
      consent: { givenOn: 'Käthe Größmann', evidence: 'Käthe Größmann' },
      person: { name: ' ', email: 'Käthe Größmann', phone: 'Käthe Größmann', note: '', age: 'Käthe Größmann' },
    };
    const { status, body } = await world.post('/contacts', faulty, own);
    expect(status).toBe(400);
    expect(body.errors.map(({ field }: { field: string }) => field).sort()).toEqual(
      [
        'organisationId',
        'purposes',
        'consent.givenOn',
        'consent.evidence',
        ...['name', 'email', 'phone', 'note', 'age'].map((field) => `person.${field}`),
      ].sort(),
    );
    expect(JSON.stringify(body)).not.toMatch(/Käthe|Größmann/);
  });
});

describe('contacts of a merged organisation', () => {
  const listed = async (after: Answer, of: string, by: Caller) => {
    const { body } = await world.getAfter(after, `/contacts?organisationId=${of}`, by);
    return body.items.map(({ id }: { id: string }) => id);
  };

  it('count as those of the surviving one, for its representatives alone, until the merge is undone', async () => {
    const [goes, stays] = [await contacts.member('VR 1'), await contacts.member('VR 2')];
    const formerly: Caller = { ...representative, organisationId: goes };
    const survivors: Caller = { ...representative, subject: 'representative-3', organisationId: stays };
    const [kept, erasedThen] = [
      await contacts.recorded(kaethe, formerly, goes),
      await contacts.recorded(someone(), formerly, goes),
    ];
    const ofSurvivor = await contacts.recorded(someone(), survivors, stays);
    expect(codeOf(await contacts.disclosed(kept, survivors))).toEqual([403, 'CONTACT_NOT_YOURS']);

    const allKnown = await contacts.disclosed(ofSurvivor, survivors);

    const wish = { into: stays, factsFrom: allFrom('survivor'), reasonCode: 'duplicate' };
    const merged = await world.post(`/organisations/${goes}/merge`, wish, coordinator);
    expect(merged.status).toBe(204);
    await world.getAfter(merged, `/organisations/${goes}`, coordinator);
    for (const by of [survivors, coordinator, auditor]) {
      expect(await listed(allKnown, stays, by)).toEqual([kept, erasedThen, ofSurvivor]);
    }
    expect((await world.get(`/contacts/${kept}`, survivors)).body).toMatchObject({ organisationId: goes });
    expect((await contacts.disclosed(kept, survivors)).body.person).toEqual(kaethe);
    const erasure = await world.delete(`/contacts/${erasedThen}`, survivors);
    expect([erasure.status, erasure.body.organisationId]).toEqual([200, goes]);

    expect(codeOf(await world.get(`/contacts/${kept}`, formerly))).toEqual([404, 'CONTACT_UNKNOWN']);
    expect(await listed(allKnown, stays, formerly)).toEqual([]);
    expect(codeOf(await contacts.disclosed(kept, formerly))).toEqual([403, 'CONTACT_NOT_YOURS']);
    expect(codeOf(await world.delete(`/contacts/${kept}`, formerly))).toEqual([403, 'CONTACT_NOT_YOURS']);
    expect(await contacts.typesOf(kept)).toEqual(['ContactRecorded', 'PersonalDataRead']);
    const reads = await world.getAfter(erasure, `/personal-data-reads?organisationId=${stays}`, auditor);
    expect(reads.body.items).toMatchObject([
      { contactId: kept, organisationId: goes, subject: survivors.subject },
      { contactId: ofSurvivor, organisationId: stays },
    ]);

    const undone = await world.post(`/organisations/${goes}/merge-undo`, { reasonCode: 'mistaken' }, coordinator);
    expect(undone.status).toBe(204);
    await world.getAfter(undone, `/organisations/${goes}`, coordinator);
    expect(await listed(allKnown, stays, survivors)).toEqual([ofSurvivor]);
    expect(await listed(allKnown, goes, formerly)).toEqual([kept, erasedThen]);
    expect(codeOf(await contacts.disclosed(kept, survivors))).toEqual([403, 'CONTACT_NOT_YOURS']);
    expect((await contacts.disclosed(kept, formerly)).status).toBe(200);
    expect(codeOf(await contacts.disclosed(erasedThen, formerly))).toEqual([409, 'CONTACT_ERASED']);
  });
});

describe('contacts: reads of personal data are logged', () => {
  it('with who, when, of whom and for what, never with what was read; for auditors, page by page', async () => {
    const id = await contacts.recorded();
    await contacts.disclosed(id, own);
    const key = { 'idempotency-key': randomUUID() };
    for (let repeat = 0; repeat < 2; repeat += 1) {
      await world.post(`/contacts/${id}/disclosure`, { purpose: 'coordination' }, coordinator, key);
    }
    const last = await world.post(`/contacts/${id}/export`, undefined, coordinator);
    expect(await contacts.typesOf(id)).toEqual([
      'ContactRecorded',
      ...Array.from({ length: 4 }, () => 'PersonalDataRead'),
    ]);
    const reads = (query: string) =>
      world.getAfter(last, `/personal-data-reads?contactId=${id}&${query}`, auditor).then(({ body }) => body);
    const first = await reads('sort=readAt&limit=3');
    const rest = await reads(`sort=readAt&limit=3&cursor=${encodeURIComponent(first.nextCursor)}`);
    const at = { contactId: id, organisationId, readAt: expect.any(String) };
    expect([...first.items, ...rest.items]).toEqual([
      { ...at, purpose: 'coordination', subject: 'representative-1' },
      { ...at, purpose: 'coordination', subject: 'coordinator-1' },
      { ...at, purpose: 'coordination', subject: 'coordinator-1' },
      { ...at, purpose: 'data-subject-request', subject: 'coordinator-1' },
    ]);
    expect((await reads('subject=coordinator-1&purpose=coordination')).items).toHaveLength(2);
    for (const by of [coordinator, own]) {
      expect(codeOf(await world.get('/personal-data-reads', by))).toEqual([403, 'FORBIDDEN']);
    }
  });

  it('before anything is given out: what is refused is neither read nor logged', async () => {
    const id = await contacts.recorded();
    await contacts.disclosed(id, foreign);
    await contacts.disclosed(id, auditor);
    await contacts.disclosed(id, own, 'payments');
    expect(await contacts.typesOf(id)).toEqual(['ContactRecorded']);
  });
});

describe('the vault beside the read models', () => {
  it('is not touched when these are rebuilt', async () => {
    const id = await contacts.recorded();
    const { headers } = await contacts.disclosed(id, own);
    const before = await contacts.vaultRow(id);
    const entities = [ContactRow, PersonalDataReadRow];
    const database = await new DataSource({ type: 'postgres', url: world.database.url, entities }).initialize();
    const log = world.store.log([contactEvents, organisationEvents]);
    const { signal } = new AbortController();
    for (const projection of [contactList, personalDataReads]) {
      expect(await rebuildReadModel({ database, projection, log, clock: systemClock, signal })).toBeGreaterThan(1);
    }
    await database.destroy();
    expect(await contacts.vaultRow(id)).toEqual(before);
    expect(before).toMatchObject({ name: kaethe.name, erased_rows: null });
    const position = { 'min-position': headers.get('alliance-position') ?? '' };
    expect((await world.get(`/contacts/${id}`, auditor, position)).body).toMatchObject({ stage: 'held' });
  });
});
