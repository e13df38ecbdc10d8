import { setTimeout as sleep } from 'node:timers/promises';
import { MovableClock } from '@alliance/event-sourcing';
import { allFrom } from '../organisation/merge.given';
import { auditor, type Caller } from '@alliance/service-world';
import { coordinator, representative, type RegistryWorld } from '../registry.given';
import { contactEvents } from './contact.events';
import { codeOf, ContactWorld, someone } from './contact-world.given';

const HOUR_MS = 3_600_000;
const DAYS = 100;

let clock: MovableClock;
let contacts: ContactWorld;
let world: RegistryWorld;
beforeEach(async () => {
  clock = new MovableClock();
  contacts = await ContactWorld.start({ CONTACT_RETENTION_DAYS: String(DAYS) }, clock);
  ({ world } = contacts);
});
afterEach(() => contacts.stop());

const waitDays = (days: number) => clock.moveAhead(days * 24 * HOUR_MS);
const speaksFor = (organisationId: string): Caller => ({ ...representative, organisationId });
const contactOf = (organisationId: string) => contacts.recorded(someone(), speaksFor(organisationId), organisationId);
const leave = async (organisationId: string) =>
  expect((await world.post(`/organisations/${organisationId}/departure`, {}, coordinator)).status).toBe(204);
/** Hours pass meanwhile: a tick may have come before the read models knew enough. */
async function erased(id: string): Promise<void> {
  while ((await contacts.typesOf(id)).at(-1) !== 'ContactErased') {
    clock.moveAhead(HOUR_MS);
    await sleep(50);
  }
}
const isHeld = async (id: string) => (await contacts.typesOf(id)).every((type) => type === 'ContactRecorded');

describe('contacts of an organisation that is gone are erased when the retention has passed', () => {
  it('for each since its own departure or refusal, and never of who is suspended or reinstated', async () => {
    const [early, late, back] = [
      await contacts.member('VR 1'),
      await contacts.member('VR 2'),
      await contacts.member('VR 3'),
    ];
    const refused = contacts.organisationId;
    const [ofEarly, ofLate, ofBack, ofRefused] = [
      await contactOf(early),
      await contactOf(late),
      await contactOf(back),
      await contactOf(refused),
    ];
    await world.post(`/organisations/${back}/suspension`, { reasonCode: 'report-overdue' }, coordinator);
    await leave(early);
    waitDays(50);
    await leave(late);
    const refusal = await world.post(`/organisations/${refused}/refusal`, { reasonCode: 'not-eligible' }, coordinator);
    expect(refusal.status).toBe(204);
    const ofEarlyLater = await contactOf(early);

    waitDays(DAYS - 50);
    await erased(ofEarly);
    for (const id of [ofLate, ofBack, ofRefused, ofEarlyLater]) expect(await isHeld(id)).toBe(true);
    expect((await world.post(`/organisations/${back}/reinstatement`, {}, coordinator)).status).toBe(204);

    waitDays(50);
    for (const id of [ofLate, ofRefused, ofEarlyLater]) await erased(id);
    expect(await isHeld(ofBack)).toBe(true);
    expect((await contacts.disclosed(ofBack, speaksFor(back))).status).toBe(200);
  });

  it('by the same way as a person asks for it, once, and the log tells by which rule but not who it was', async () => {
    const organisationId = await contacts.member('VR 1');
    const id = await contactOf(organisationId);
    await leave(organisationId);
    expect(await contacts.vaultRow(id)).toMatchObject({ name: 'Käthe Größmann' });
    waitDays(DAYS);
    await erased(id);
    const [, decision, erasure] = await world.events(contactEvents, id);
    expect(decision).toMatchObject({
      type: 'ErasureDecided',
      data: { reason: 'organisation-gone', retention: { countedFrom: expect.any(String), days: DAYS } },
    });
    expect(erasure?.data).toEqual({ reason: 'organisation-gone', erased: [{ table: 'personal_data', rows: 1 }] });
    expect(await contacts.vaultRow(id)).toMatchObject({ name: null, email: null, phone: null, note: null });
    expect(codeOf(await contacts.disclosed(id, coordinator))).toEqual([409, 'CONTACT_ERASED']);
    const again = await world.delete(`/contacts/${id}`, coordinator);
    expect([again.status, again.body.reason]).toEqual([200, 'organisation-gone']);
    const shown = await world.getAfter(again, `/contacts/${id}`, auditor);
    expect(shown.body).toMatchObject({ stage: 'erased', erasureReason: 'organisation-gone' });

    // The next one's turn shows that ticks have come since.
    const other = await contacts.member('VR 2');
    const ofOther = await contactOf(other);
    await leave(other);
    waitDays(DAYS);
    await erased(ofOther);
    expect(await contacts.typesOf(id)).toHaveLength(3);
  });

  it('of one that was merged, with the surviving one and not before', async () => {
    const [goes, stays, other] = [
      await contacts.member('VR 1'),
      await contacts.member('VR 2'),
      await contacts.member('VR 3'),
    ];
    const [ofMerged, ofOther] = [await contactOf(goes), await contactOf(other)];
    const wish = { into: stays, factsFrom: allFrom('survivor'), reasonCode: 'duplicate' };
    expect((await world.post(`/organisations/${goes}/merge`, wish, coordinator)).status).toBe(204);
    await leave(other);
    waitDays(DAYS);
    await erased(ofOther);
    expect(await isHeld(ofMerged)).toBe(true);
    await leave(stays);
    waitDays(DAYS);
    await erased(ofMerged);
  });
});
