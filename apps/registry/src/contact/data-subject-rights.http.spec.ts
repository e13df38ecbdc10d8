import { randomUUID } from 'node:crypto';
import { auditor, type Caller } from '@alliance/service-world';
import { coordinator, type RegistryWorld } from '../registry.given';
import { consent } from './contact.given';
import { codeOf, ContactWorld, holding, someone } from './contact-world.given';

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

describe('contacts: exported and erased per person, and DELETE answers with what was erased where', () => {
  it('answers with what was erased where, and so does a repeat', async () => {
    const id = await contacts.recorded();
    for (const by of [own, coordinator]) {
      const { status, body } = await world.delete(`/contacts/${id}?reason=purpose-ended`, by);
      expect({ status, body }).toEqual({
        status: 200,
        body: {
          contactId: id,
          organisationId,
          reason: 'purpose-ended',
          erased: [{ table: 'personal_data', rows: 1 }],
        },
      });
    }
    expect(await contacts.typesOf(id)).toEqual(['ContactRecorded', 'ErasureDecided', 'ContactErased']);
    expect(await contacts.vaultRow(id)).toMatchObject({
      name: null,
      email: null,
      phone: null,
      note: null,
      revision: null,
    });
  });

  it('shows an erased contact as erased, and gives out nothing of it any more', async () => {
    const id = await contacts.recorded();
    const erasure = await world.delete(`/contacts/${id}`, own);
    const { body } = await world.getAfter(erasure, `/contacts/${id}`, auditor);
    expect(body).toMatchObject({
      stage: 'erased',
      erasureReason: 'requested',
      erased: [{ table: 'personal_data', rows: 1 }],
      revision: '2',
    });
    expect(codeOf(await contacts.disclosed(id, coordinator))).toEqual([409, 'CONTACT_ERASED']);
    expect(codeOf(await world.post(`/contacts/${id}/export`, undefined, coordinator))).toEqual([409, 'CONTACT_ERASED']);
    expect(codeOf(await world.post(`/contacts/${id}/revision`, holding(), own))).toEqual([409, 'CONTACT_ERASED']);
  });

  it('is for the own organisation only, and unknown is unknown', async () => {
    const id = await contacts.recorded();
    expect(codeOf(await world.delete(`/contacts/${id}`, foreign))).toEqual([403, 'CONTACT_NOT_YOURS']);
    expect(codeOf(await world.delete(`/contacts/${randomUUID()}`, own))).toEqual([404, 'CONTACT_UNKNOWN']);
    expect(codeOf(await world.delete(`/contacts/${id}?reason=because`, own))).toEqual([400, 'INVALID_REQUEST']);
    expect(await contacts.typesOf(id)).toEqual(['ContactRecorded']);
  });

  it('follows from the withdrawal of the consent', async () => {
    const id = await contacts.recorded();
    const { status, body } = await world.post(`/contacts/${id}/consent-withdrawal`, undefined, own);
    expect([status, body.reason, body.erased]).toEqual([
      200,
      'consent-withdrawn',
      [{ table: 'personal_data', rows: 1 }],
    ]);
    expect(await contacts.typesOf(id)).toEqual(['ContactRecorded', 'ConsentWithdrawn', 'ContactErased']);
  });

  it('finds one person in several organisations by the e-mail address; exports and erases all', async () => {
    const person = someone();
    const first = await contacts.recorded(person);
    const second = await contacts.recorded(
      { ...person, email: person.email.toUpperCase() },
      coordinator,
      otherOrganisationId,
    );
    const other = await contacts.recorded(someone());
    const { email } = person;

    const exported = await world.post('/persons/export', { email }, coordinator);
    expect(exported.status).toBe(200);
    const byId = new Map(exported.body.contacts.map((one: { contactId: string }) => [one.contactId, one]));
    expect([...byId.keys()].sort()).toEqual([first, second].sort());
    expect(byId.get(first)).toEqual({
      contactId: first,
      organisationId,
      person,
      history: [
        {
          at: expect.any(String),
          type: 'ContactRecorded',
          by: 'representative-1',
          data: { contactId: first, organisationId, purposes: ['coordination'], consent, reviewOn: expect.any(String) },
        },
        {
          at: expect.any(String),
          type: 'PersonalDataRead',
          by: 'coordinator-1',
          data: { organisationId, purpose: 'data-subject-request' },
        },
      ],
    });

    const erasure = await world.post('/persons/erasure', { email }, coordinator);
    expect(erasure.status).toBe(200);
    expect(erasure.body.contacts.map(({ contactId }: { contactId: string }) => contactId).sort()).toEqual(
      [first, second].sort(),
    );
    for (const { erased } of erasure.body.contacts) expect(erased).toEqual([{ table: 'personal_data', rows: 1 }]);
    expect((await world.post('/persons/export', { email }, coordinator)).body).toEqual({ contacts: [] });
    expect((await contacts.disclosed(other, own)).status).toBe(200);
  });

  it('by person is for coordinators, and takes nothing but an address', async () => {
    for (const path of ['/persons/export', '/persons/erasure']) {
      expect(codeOf(await world.post(path, { email: 'a@example.org' }, own))).toEqual([403, 'FORBIDDEN']);
      const { status, body } = await world.post(path, { email: 'Käthe Größmann' }, coordinator);
      expect([status, JSON.stringify(body).includes('Größmann')]).toEqual([400, false]);
    }
  });
});
