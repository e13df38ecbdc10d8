import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { addDays, berlinDayOf, mondayOf } from '@alliance/calendar';
import { type Answer, auditor } from '@alliance/service-world';
import { allocationEvents } from './allocation/allocation.events';
import { coordinator, MatchingWorld } from './capacity-matching.given';
import { matchingRoundEvents } from './matching-round/matching-round.events';
import { firstWholeWeek } from './matching-round/round-inputs';
import { needEvents } from './need/need.events';
import { needFacts } from './need/need.given';
import { offerEvents } from './offer/offer.events';
import { offerFacts } from './offer/offer.given';
import { logUntilNow, replayRound, roundReplayCatalogues } from './round-replay';

const today = berlinDayOf(new Date().toISOString());
const firstWeek = firstWholeWeek(today);
const window = { from: mondayOf(firstWeek), until: addDays(mondayOf(firstWeek), 27) };
const [OFFERS, NEEDS] = [3, 40];
/** Of which the needs together want more than the offers have. */
const [OFFERED, NEEDED] = [600, 300];
const [helping, supporting] = [randomUUID(), randomUUID()];
const offerIds = Array.from({ length: OFFERS }, () => randomUUID());
let world: MatchingWorld;

beforeAll(async () => {
  world = await MatchingWorld.start();
  await Promise.all([helping, supporting].map((id) => world.admit(id)));
  const offers = offerIds.map((id) => {
    const facts = { ...offerFacts, ...window, minutesPerWeek: OFFERED };
    const data = { organisationId: supporting, facts, publishedBy: 'planted' };
    return world.plant(offerEvents, id, [{ type: 'OfferPublished', data }]);
  });
  const needs = Array.from({ length: NEEDS }, () => {
    const facts = { ...needFacts, ...window, neededBy: addDays(today, 7), minutesPerWeek: NEEDED };
    const data = { organisationId: helping, facts, openedBy: 'planted' };
    return world.plant(needEvents, randomUUID(), [{ type: 'NeedOpened', data }]);
  });
  for (const position of await Promise.all([...offers, ...needs])) {
    for (const path of ['/needs', '/offers']) await world.get(path, coordinator, { 'min-position': position });
  }
});
afterAll(() => world.stop());

const request = (body: object = {}, headers: Readonly<Record<string, string>> = {}) =>
  world.post('/rounds', { weeks: 4, ...body }, coordinator, headers);

async function ended(answer: Answer): Promise<Answer['body']> {
  for (;;) {
    const { body } = await world.getAfter(answer, `/rounds/${answer.body.roundId}`, auditor);
    if (body.status !== 'running') return body;
    await sleep(20);
  }
}
const typesOf = async ({ body }: Answer) =>
  (await world.events(matchingRoundEvents, body.roundId)).map(({ type }) => type);
/** Of each week of each offer: what is held, and what is free. */
async function weeksOfOffers(): Promise<readonly (readonly number[])[]> {
  const answers = offerIds.map((id) => world.get(`/offers/${id}?fromWeek=${firstWeek}&weeks=4`, coordinator));
  const weeks = (await Promise.all(answers)).flatMap(({ body }) => body.weeks as { held: number; free: number }[]);
  return weeks.map(({ held, free }) => [held, free]);
}
async function comes(check: () => Promise<void>): Promise<void> {
  for (const deadline = Date.now() + 15_000; ;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}
const replayOf = ({ body }: Answer) =>
  replayRound(logUntilNow(world.store.log(roundReplayCatalogues), new AbortController().signal), body.roundId);

describe('A matching round that is stopped while it runs', () => {
  it('has no result: nothing comes after its stop, and nothing is proposed', async () => {
    const stopped: Answer[] = [];
    // The thread that solves them has yet to begin: some are stopped in time, however fast it is.
    for (let time = 0; time < 5; time += 1) {
      const answer = await request();
      const stop = await world.post(`/rounds/${answer.body.roundId}/stopping`, {}, coordinator);
      if (stop.status === 204) stopped.push(answer);
      else expect(stop.body.code).toBe('ROUND_ENDED');
    }
    expect(stopped.length).toBeGreaterThan(0);
    // It has waited for its turn behind them: whatever they had to say is said by then.
    expect(await ended(await request({ weeks: 1 }))).toMatchObject({ status: 'solved' });
    for (const answer of stopped) {
      expect(await ended(answer)).toMatchObject({ status: 'stopped', stoppedFor: 'by-coordinator' });
      expect((await world.post(`/rounds/${answer.body.roundId}/stopping`, {}, coordinator)).status).toBe(204);
      expect(await typesOf(answer)).toEqual(['RoundRequested', 'RoundStopped']);
      const { body } = await world.get(`/rounds/${answer.body.roundId}/proposals`, coordinator);
      expect(body.items).toEqual([]);
      expect(await replayOf(answer)).toBeUndefined();
      expect((await world.get(`/allocations?roundId=${answer.body.roundId}`, coordinator)).body.items).toEqual([]);
    }
  });
});

describe('The request of a matching round', () => {
  it('that comes while another runs is a round of its own; what both propose is given once', async () => {
    const both = await Promise.all([request(), request()]);
    for (const answer of both) {
      expect(await ended(answer)).toMatchObject({ status: 'solved' });
      const replay = await replayOf(answer);
      expect(replay?.replayed).toBe(replay?.recorded);
    }
    // Whatever was proposed is secured or has failed, of these rounds and of those before.
    const proposed = async () => {
      const { body } = await world.get('/allocations?limit=200', coordinator);
      const ids: string[] = body.items.map((one: { allocationId: string }) => one.allocationId);
      const types = await Promise.all(ids.map((id) => world.events(allocationEvents, id)));
      return types.map((events) => events.at(-1)?.type);
    };
    await comes(async () => expect(await weeksOfOffers()).toEqual(Array(4 * OFFERS).fill([OFFERED, 0])));
    await comes(async () => expect(await proposed()).not.toContain('AllocationProposed'));
    expect(await weeksOfOffers()).toEqual(Array(4 * OFFERS).fill([OFFERED, 0]));
    expect((await proposed()).filter((type) => type === 'CapacitySecured').length).toBeGreaterThan(0);
  });

  it('that comes again under its Idempotency-Key is the same round, whatever has happened since', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all([request({}, key), request({}, key), request({}, key)]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.roundId)).size).toBe(1);
    const [first] = answers;
    expect(await ended(first)).toMatchObject({ status: 'solved' });
    const again = await request({}, key);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(await request({ weeks: 2 }, key)).toMatchObject({ status: 422 });
    const types = await typesOf(first);
    expect(new Set(types).size).toBe(types.length);
    const { body } = await world.getAfter(again, '/rounds?limit=100', coordinator);
    expect(body.items.filter(({ id }: { id: string }) => id === first.body.roundId)).toHaveLength(1);
  });
});
