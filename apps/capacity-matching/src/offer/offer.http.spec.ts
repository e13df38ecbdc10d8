import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { MovableClock } from '@alliance/event-sourcing';
import { auditor } from '@alliance/service-world';
import { coordinator, MatchingWorld, representativeOf, teachWords } from '../capacity-matching.given';
import { offerEvents } from './offer.events';
import { offerFacts } from './offer.given';

const DAY_MS = 86_400_000;
const supporting = randomUUID();
const other = randomUUID();
const helping = randomUUID();
const representative = representativeOf(supporting);
const stranger = representativeOf(other);
const clock = new MovableClock();
let world: MatchingWorld;

const onDay = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
/** Of some weeks to come. */
const facts = { ...offerFacts, from: onDay(0), until: onDay(80), excludedOrganisationIds: [helping] };

beforeAll(async () => {
  world = await MatchingWorld.start({ OFFER_STALE_DAYS: '10', OFFER_PAUSE_DAYS: '20' }, clock);
  await Promise.all([teachWords(world), world.admit(supporting), world.admit(other)]);
});
afterAll(() => world.stop());

const publish = (changed: object = {}, caller = representative) =>
  world.post('/offers', { ...facts, ...changed }, caller);
const published = async (changed: object = {}): Promise<string> => {
  const answer = await publish(changed);
  expect(answer.status).toBe(201);
  return answer.body.offerId as string;
};

describe('Offers of supporting organisations', () => {
  it('are published and found with what is free of each of their weeks', async () => {
    const answer = await publish();
    const found = await world.getAfter(answer, `/offers/${answer.body.offerId}?weeks=2`, representative);
    expect(found.body).toMatchObject({ organisationId: supporting, status: 'open', isStale: false, facts });
    expect(found.body.weeks.at(-1)).toMatchObject({ offered: 600, held: 0, confirmed: 0, free: 600 });
    const listed = await world.get(`/offers?field=accommodation&region=09162000&skill=counselling`, coordinator);
    expect(listed.body.items.map(({ id }: { id: string }) => id)).toContain(answer.body.offerId);
    for (const filter of [
      'field=orientation',
      'region=11000000',
      'skill=translation',
      'language=de',
      'status=paused',
      'reach=remote',
      'freeMinutes=601',
    ]) {
      expect((await world.get(`/offers?${filter}`, coordinator)).body.items).toEqual([]);
    }
    const free = await world.get('/offers?freeMinutes=600&reach=in-person&sort=-availableUntil', coordinator);
    expect(free.body.items.map(({ id }: { id: string }) => id)).toContain(answer.body.offerId);
    for (const [filter, field] of [
      ['freeMinutes=0', 'freeMinutes'],
      ['reach=far', 'reach'],
      ['sort=free', 'sort'],
    ] as const) {
      expect(await world.get(`/offers?${filter}`, coordinator)).toMatchObject({
        ...{ status: 400, body: { errors: [{ field }] } },
      });
    }
    const page = await world.get(`/offers?limit=1&sort=publishedAt&organisationId=${supporting}`, coordinator);
    expect(page.body.items).toHaveLength(1);
  });

  it('show whom they exclude to their own side, coordinators and auditors only', async () => {
    const answer = await publish();
    const id = answer.body.offerId as string;
    for (const caller of [representative, coordinator, auditor]) {
      const seen = await world.getAfter(answer, `/offers/${id}`, caller);
      expect(seen.body.facts.excludedOrganisationIds).toEqual([helping]);
    }
    expect((await world.get(`/offers/${id}`, stranger)).body.facts.excludedOrganisationIds).toBeUndefined();
  });

  it('are of organisations that the registry has admitted, and changed by their own representatives only', async () => {
    expect(await publish({}, representativeOf(randomUUID()))).toMatchObject({
      status: 403,
      body: { code: 'ORGANISATION_NOT_ADMITTED' },
    });
    const id = await published();
    for (const change of ['assurance', 'pause', 'resumption', 'withdrawal']) {
      const answer = await world.post(
        `/offers/${id}/${change}`,
        change === 'withdrawal' ? { reasonCode: 'x' } : {},
        stranger,
      );
      expect(answer).toMatchObject({ status: 403, body: { code: 'NOT_YOUR_ORGANISATION' } });
    }
    expect((await world.put(`/offers/${id}`, facts, stranger)).body.code).toBe('NOT_YOUR_ORGANISATION');
    expect((await publish({}, auditor)).status).toBe(403);
  });

  it('name every field that is wrong, and what would be right', async () => {
    const answer = await publish({
      ...{ until: onDay(-1), seats: 1, minutesPerWeek: 10_081, fieldKeys: ['accommodation', 'nonsense'] },
      ...{ skills: [{ key: 'juggling', level: 1 }], regionKeys: ['16999999'] },
    });
    expect(answer.status).toBe(400);
    const named = answer.body.errors as { field: string; expected: string }[];
    expect(named.map(({ field }) => field)).toEqual([
      ...['until', 'minutesPerWeek', 'skills[0].key', 'fieldKeys[1]', 'regionKeys[0]'],
    ]);
    const form = await publish({
      weekdays: ['someday'],
      minimumBlockMinutes: -1,
      leadTimeDays: 400,
      from: '2026-02-30',
    });
    expect((form.body.errors as { field: string }[]).map(({ field }) => field).sort()).toEqual([
      ...['from', 'leadTimeDays', 'minimumBlockMinutes', 'weekdays'],
    ]);
  });

  it('can be revised, paused, resumed and withdrawn; what a coordinator has paused stays so for others', async () => {
    const id = await published();
    expect((await world.put(`/offers/${id}`, { ...facts, minutesPerWeek: 300 }, representative)).status).toBe(204);
    expect((await world.post(`/offers/${id}/pause`, {}, coordinator)).status).toBe(204);
    const resumed = await world.post(`/offers/${id}/resumption`, {}, representative);
    const paused = (await world.getAfter(resumed, `/offers/${id}`, representative)).body;
    expect(paused).toMatchObject({ status: 'paused', pausedFor: ['by-coordinator'], leastFree: 0 });
    const open = await world.get('/offers?freeMinutes=1', coordinator);
    expect(open.body.items.map((one: { id: string }) => one.id)).not.toContain(id);
    const reopened = await world.post(`/offers/${id}/resumption`, {}, coordinator);
    expect((await world.getAfter(reopened, `/offers/${id}`, representative)).body).toMatchObject({ status: 'open' });
    const gone = await world.post(`/offers/${id}/withdrawal`, { reasonCode: 'no-longer' }, representative);
    expect((await world.getAfter(gone, `/offers/${id}`, representative)).body.status).toBe('withdrawn');
    expect((await world.put(`/offers/${id}`, facts, representative)).body.code).toBe('OFFER_WITHDRAWN');
    expect((await world.post(`/offers/${randomUUID()}/assurance`, {}, representative)).body.code).toBe('OFFER_UNKNOWN');
  });

  it('carry proof of a qualification once a coordinator has seen it', async () => {
    const id = await published();
    const proof = { key: 'certificate-of-conduct', evidence: 'file 12/2026', validUntil: onDay(200) };
    expect((await world.post(`/offers/${id}/qualifications`, proof, representative)).status).toBe(403);
    const proved = await world.post(`/offers/${id}/qualifications`, proof, coordinator);
    expect((await world.getAfter(proved, `/offers/${id}`, coordinator)).body.qualifications).toEqual([
      { key: 'certificate-of-conduct', validUntil: proof.validUntil },
    ]);
  });

  it('grow stale: they are shown so, then paused once, never deleted, and open again when somebody assures them', async () => {
    const answer = await publish();
    const id = answer.body.offerId as string;
    clock.moveAhead(11 * DAY_MS);
    const stale = await world.getAfter(answer, `/offers/${id}`, representative);
    expect(stale.body).toMatchObject({ isStale: true, status: 'open' });
    expect((await world.get('/offers?freshness=stale', coordinator)).body.items.length).toBeGreaterThan(0);
    clock.moveAhead(10 * DAY_MS);
    const paused = async () => (await world.events(offerEvents, id)).filter(({ type }) => type === 'OfferPaused');
    while ((await paused()).length === 0) {
      clock.moveAhead(60_000);
      await sleep(20);
    }
    for (let ticks = 0; ticks < 5; ticks += 1) {
      clock.moveAhead(60_000);
      await sleep(20);
    }
    expect(await paused()).toMatchObject([{ data: { reasonCode: 'stale' } }]);
    const assured = await world.post(`/offers/${id}/assurance`, {}, representative);
    const seen = await world.getAfter(assured, `/offers/${id}`, representative);
    expect(seen.body).toMatchObject({ status: 'open', isStale: false });
  });
});
