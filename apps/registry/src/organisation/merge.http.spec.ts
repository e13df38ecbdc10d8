import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { paymentRequestedV1, paymentSettledV1, publication } from '@alliance/contracts';
import { handleCommand } from '@alliance/event-store';
import { registrationKey } from '../identifier';
import { auditor } from '@alliance/service-world';
import { coordinator, otherCoordinator, RegistryWorld, representative } from '../registry.given';
import { allFrom } from './merge.given';
import { organisation, type OrganisationCommand } from './organisation.decider';
import { organisationEvents } from './organisation.events';
import { checks, context, tafel } from './organisation.given';
import { registrationEvents } from './registration.events';

let world: RegistryWorld;
beforeAll(async () => {
  world = await RegistryWorld.start();
});
afterAll(() => world.stop());

let numbers = 0;
const identifier = () => ({ scheme: 'vereinsregister' as const, court: 'Bonn', number: `VR ${(numbers += 1)}` });

async function applicant(facts: object = {}): Promise<string> {
  const { body } = await world.post(
    '/organisations',
    { ...tafel, identifiers: [identifier()], ...facts },
    representative,
  );
  return body.organisationId;
}
async function verified(facts: object = {}): Promise<string> {
  const id = await applicant(facts);
  expect((await world.post(`/organisations/${id}/verification`, { checks }, coordinator)).status).toBe(204);
  return id;
}
async function member(facts: object = {}): Promise<string> {
  const id = await verified(facts);
  expect((await world.post(`/organisations/${id}/admission`, undefined, coordinator)).status).toBe(204);
  // The entry may still show the admission under way.
  while ((await show(id)).body.stage !== 'admitted') await sleep(20);
  return id;
}
const wish = (into: string, factsFrom: object = allFrom('survivor')) => ({ into, factsFrom, reasonCode: 'duplicate' });
const merge = (id: string, into: string, factsFrom?: object, headers = {}) =>
  world.post(`/organisations/${id}/merge`, wish(into, factsFrom), coordinator, headers);
const undo = (id: string, headers = {}) =>
  world.post(`/organisations/${id}/merge-undo`, { reasonCode: 'mistaken' }, otherCoordinator, headers);
const typesOf = async (id: string) => (await world.events(organisationEvents, id)).map(({ type }) => type);
const show = (id: string) => world.get(`/organisations/${id}`, coordinator);
const holdersOf = async (one: ReturnType<typeof identifier>) =>
  (await world.events(registrationEvents, registrationKey(one))).map(({ type, data }) => [
    type,
    (data as { organisationId: string }).organisationId,
  ]);
/** Without what moves on by itself: an admission assures the facts a moment later. */
const recorded = ({ revision: _, assuredAt: _at, assuredBy: _by, ...entry }: Record<string, unknown>) => entry;

describe('merge and undo', () => {
  it('names the surviving record field by field, and undo restores both', async () => {
    const [one, other] = [identifier(), identifier()];
    const goes = await member({ name: 'Tafel Bonn', identifiers: [one], fieldKeys: ['accommodation'] });
    const stays = await member({ name: 'Bonner Tafel e.V.', identifiers: [other], website: 'https://tafel.example' });
    const before = (await show(stays)).body;
    const factsFrom = allFrom('survivor', {
      name: 'absorbed',
      identifiers: 'both',
      fieldKeys: 'both',
      website: 'absorbed',
    });
    const merged = await merge(goes, stays, factsFrom);
    expect(merged.status).toBe(204);

    const survivor = await world.getAfter(merged, `/organisations/${stays}`, coordinator);
    expect(survivor.body).toMatchObject({ name: 'Tafel Bonn', fieldKeys: ['basic-supplies', 'accommodation'] });
    expect(survivor.body.identifiers).toHaveLength(2);
    expect(survivor.body.website).toBeUndefined();
    expect((await show(goes)).body).toMatchObject({ stage: 'merged', mergedInto: stays, name: 'Tafel Bonn' });

    const undone = await undo(goes);
    expect(undone.status).toBe(204);
    const restored = await world.getAfter(undone, `/organisations/${stays}`, coordinator);
    expect(recorded(restored.body)).toEqual(recorded(before));
    expect((await show(goes)).body).toMatchObject({ stage: 'admitted', name: 'Tafel Bonn', identifiers: [one] });
    expect((await show(goes)).body.mergedInto).toBeUndefined();
    expect((await holdersOf(one)).at(-1)).toEqual(['RegistrationClaimed', goes]);
    expect((await holdersOf(other)).at(-1)).toEqual(['RegistrationClaimed', stays]);
  });

  it('tells everyone by event where the references go, and that they come back', async () => {
    const [goes, stays] = [await member(), await member()];
    expect((await merge(goes, stays, allFrom('absorbed'))).status).toBe(204);
    expect((await undo(goes)).status).toBe(204);
    const data = async (type: string) => (await world.published(type, 1)).map((event) => event.data);
    expect(await data('registry.OrganisationMerged.v1')).toContainEqual(
      expect.objectContaining({ organisationId: goes, intoOrganisationId: stays }),
    );
    expect(await data('registry.OrganisationMergeUndone.v1')).toContainEqual(
      expect.objectContaining({ organisationId: goes, fromOrganisationId: stays }),
    );
    expect(await data('registry.OrganisationRevised.v1')).toContainEqual(
      expect.objectContaining({ organisationId: stays }),
    );
  });

  it('is refused while a payment is pending, and so is the undo; both go when it is settled', async () => {
    const [goes, stays] = [await member(), await member()];
    const pay = async (organisationId: string) => {
      const paymentId = randomUUID();
      const requestedAt = '2026-03-01T10:00:00.000Z';
      const requested = { paymentId, grantId: randomUUID(), organisationId, requestedAt };
      await world.receive(publication(paymentRequestedV1, requested), `fund.payment-${paymentId}`, 0n);
      return async () => {
        const settled = { paymentId, outcome: 'paid' as const, settledAt: requestedAt };
        await world.receive(publication(paymentSettledV1, settled), `fund.payment-${paymentId}`, 1n);
      };
    };
    const preview = async () =>
      (await world.get(`/organisations/${goes}/merge-preview?into=${stays}`, coordinator)).body.blockers.map(
        ({ code }: { code: string }) => code,
      );
    const settle = await pay(stays);
    while ((await preview()).length === 0) await sleep(20);
    expect(await preview()).toEqual(['ORGANISATION_PAYMENT_PENDING']);
    const refused = await merge(goes, stays);
    expect([refused.status, refused.body.code]).toEqual([409, 'ORGANISATION_PAYMENT_PENDING']);
    expect(await typesOf(goes)).not.toContain('MergeDecided');
    await settle();
    while ((await preview()).length > 0) await sleep(20);
    expect((await merge(goes, stays)).status).toBe(204);

    // Also one that was requested of the merged organisation, before the fund had heard.
    const settleLate = await pay(goes);
    while ((await undo(goes)).body?.code !== 'ORGANISATION_PAYMENT_PENDING') {
      await sleep(20);
      await merge(goes, stays);
    }
    await settleLate();
    while ((await undo(goes)).status !== 204) await sleep(20);
    expect((await typesOf(goes)).at(-1)).toBe('MergeUndone');
  });

  it('shows both records side by side, in what they differ and what forbids it, before anyone decides', async () => {
    const [goes, stays] = [await member({ name: 'A' }), await member({ name: 'B' })];
    await world.post(`/organisations/${goes}/suspension`, { reasonCode: 'report-overdue' }, coordinator);
    await world.post(`/organisations/${stays}/departure`, {}, coordinator);
    const { status, body } = await world.get(`/organisations/${goes}/merge-preview?into=${stays}`, coordinator);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      absorbed: { id: goes, stage: 'suspended', facts: { name: 'A' } },
      survivor: { id: stays, stage: 'left', facts: { name: 'B' } },
      differences: ['name', 'identifiers'],
      blockers: [{ code: 'ORGANISATION_WRONG_STAGE' }, { code: 'ORGANISATION_SURVIVOR_NOT_MEMBER' }],
    });
    const refused = await merge(goes, stays);
    expect([refused.status, refused.body.code]).toEqual([409, 'ORGANISATION_WRONG_STAGE']);
  });

  it('gives an organisation back when the other one cannot take it', async () => {
    const [goes, stays] = [await member(), await applicant()];
    const blocked = await merge(goes, stays);
    expect([blocked.status, blocked.body.code]).toEqual([409, 'ORGANISATION_SURVIVOR_NOT_MEMBER']);
    expect((await typesOf(goes)).slice(-2)).toEqual(['MergeDecided', 'MergeBlocked']);
    expect((await merge(goes, await member())).status).toBe(204);
  });

  it('takes an applicant into a member, with the identifiers it brings, and gives them back', async () => {
    const brought = identifier();
    const [goes, stays] = [await verified({ identifiers: [brought] }), await member()];
    expect((await merge(goes, stays, allFrom('survivor', { identifiers: 'both' }))).status).toBe(204);
    expect(await holdersOf(brought)).toEqual([['RegistrationClaimed', goes]]);
    const another = await verified({ identifiers: [brought] });
    const taken = await world.post(`/organisations/${another}/admission`, undefined, coordinator);
    expect(taken.body).toMatchObject({ code: 'ORGANISATION_IDENTIFIER_TAKEN', data: { heldBy: goes } });
    expect((await undo(goes)).status).toBe(204);
    expect((await holdersOf(brought)).at(-1)).toEqual(['RegistrationReleased', goes]);
    expect((await world.post(`/organisations/${another}/admission`, undefined, coordinator)).status).toBe(204);
    const third = await merge(goes, stays, allFrom('survivor', { identifiers: 'both' }));
    expect([third.status, third.body.code]).toEqual([409, 'ORGANISATION_IDENTIFIER_TAKEN']);
  });

  it('frees the registrations of the merged too when the surviving organisation leaves', async () => {
    const [one, other] = [identifier(), identifier()];
    const [goes, stays] = [await member({ identifiers: [one] }), await member({ identifiers: [other] })];
    await merge(goes, stays);
    await world.post(`/organisations/${stays}/departure`, {}, coordinator);
    for (const each of [one, other]) expect((await holdersOf(each)).at(-1)?.[0]).toBe('RegistrationReleased');
    expect((await undo(goes)).body).toMatchObject({
      code: 'ORGANISATION_SURVIVOR_NOT_MEMBER',
      data: { stage: 'left' },
    });
  });

  it('finds what was merged under the surviving organisation, over any number of merges', async () => {
    const one = identifier();
    const [a, b, c] = [
      await member({ name: 'Quittenhilfe', identifiers: [one] }),
      await member({ name: 'Birnenhilfe' }),
      await member({ name: 'Apfelhilfe' }),
    ];
    await merge(a, b);
    const last = await merge(b, c);
    const ids = async (query: string, caller = coordinator) =>
      (await world.getAfter(last, `/organisations?${query}`, caller)).body.items.map(({ id }: { id: string }) => id);
    expect(await ids('q=Quittenhilfe')).toEqual([c]);
    expect(await ids('q=Quittenhilfe&sort=name')).toEqual([c]);
    expect(await ids(`identifier=vereinsregister:Bonn:${encodeURIComponent(one.number)}`)).toEqual([c]);
    expect(await ids(`mergedInto=${b}`)).toEqual([a]);
    expect(new Set(await ids('stage=merged&q=Quittenhilfe'))).toEqual(new Set([a, b]));
    const stranger = { ...representative, subject: 'representative-9' };
    expect((await world.get(`/organisations/${a}`, stranger)).body).toMatchObject({ stage: 'merged', mergedInto: b });
    const early = await undo(a);
    expect(early.body).toMatchObject({ code: 'ORGANISATION_SURVIVOR_NOT_MEMBER', data: { mergedInto: c } });
  });

  it('happens once of several at the same time, and of two into each other one stays', async () => {
    const [a, b, c] = [await member(), await member(), await member()];
    const answers = await Promise.all([merge(a, b), merge(a, c)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
    const [d, e] = [await member(), await member()];
    await Promise.all([merge(d, e), merge(e, d)]);
    const stages = await Promise.all([d, e].map(async (id) => (await typesOf(id)).at(-1)));
    expect(stages.filter((type) => type === 'OrganisationMerged').length).toBeLessThanOrEqual(1);
    expect(stages).not.toContain('MergeDecided');
  });

  it('is finished by itself when the request dies after the decision', async () => {
    const [goes, stays] = [await member(), await member()];
    const send = (id: string, type: 'MergeIntoOrganisation' | 'UndoMerge', data: object) => {
      const command = {
        type,
        data: { pendingPayments: [], ...data },
        context: context('coordinator-1', { commandId: randomUUID() }),
      };
      return handleCommand(world.store, organisation, id, command as unknown as OrganisationCommand);
    };
    await send(goes, 'MergeIntoOrganisation', wish(stays));
    while ((await typesOf(goes)).at(-1) !== 'OrganisationMerged') await sleep(20);
    await send(stays, 'UndoMerge', { organisationId: goes, reasonCode: 'mistaken' });
    while ((await typesOf(goes)).at(-1) !== 'MergeUndone') await sleep(20);
  });

  it('gives a repeated request its answer again, and does it once', async () => {
    const [goes, stays] = [await member(), await member()];
    const key = { 'idempotency-key': randomUUID() };
    const merges = await Promise.all([1, 2, 3].map(() => merge(goes, stays, undefined, key)));
    expect(merges.map(({ status }) => status)).toEqual([204, 204, 204]);
    const undos = [await undo(goes, key), await undo(goes, key)];
    expect(undos.map(({ status }) => status)).toEqual([204, 204]);
    expect((await typesOf(goes)).slice(-3)).toEqual(['MergeDecided', 'OrganisationMerged', 'MergeUndone']);
    expect((await undo(goes)).body.code).toBe('ORGANISATION_NOT_MERGED');
  });

  it('is for coordinators, and names every fault of a malformed request', async () => {
    const [goes, stays] = [await member(), await member()];
    for (const caller of [representative, auditor]) {
      expect((await world.post(`/organisations/${goes}/merge`, wish(stays), caller)).status).toBe(403);
      expect((await world.post(`/organisations/${goes}/merge-undo`, { reasonCode: 'x' }, caller)).status).toBe(403);
    }
    const fields = async (body: object) =>
      (await world.post(`/organisations/${goes}/merge`, body, coordinator)).body.errors
        .map(({ field }: { field: string }) => field)
        .sort();
    expect(await fields({ into: 'nobody' })).toEqual(['factsFrom', 'into', 'reasonCode']);
    const { website: _, ...incomplete } = allFrom('survivor');
    expect(await fields(wish(stays, { ...incomplete, name: 'both', more: 'survivor' }))).toEqual([
      'factsFrom.more',
      'factsFrom.name',
      'factsFrom.website',
    ]);
    expect(await fields(wish(randomUUID()))).toEqual(['into']);
    const itself = await merge(goes, goes);
    expect([itself.status, itself.body.code]).toEqual([422, 'ORGANISATION_MERGED_INTO_ITSELF']);
    expect((await merge(randomUUID(), stays)).status).toBe(404);
    expect((await undo(stays)).body.code).toBe('ORGANISATION_NOT_MERGED');
  });
});
