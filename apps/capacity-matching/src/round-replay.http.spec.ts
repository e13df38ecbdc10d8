import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { addDays, addWeeks, berlinDayOf, mondayOf, weekOf } from '@alliance/calendar';
import type { RecordedEvent } from '@alliance/event-sourcing';
import { auditor } from '@alliance/service-world';
import { accepted, proposed, secured } from './allocation/allocation.given';
import { allocationEvents } from './allocation/allocation.events';
import { coordinator, MatchingWorld, representativeOf } from './capacity-matching.given';
import { matchingRoundEvents } from './matching-round/matching-round.events';
import { needEvents, type NeedFacts } from './need/need.events';
import { needFacts } from './need/need.given';
import { offerEvents, type OfferFacts } from './offer/offer.events';
import { offerFacts } from './offer/offer.given';
import { logUntilNow, type ReadLog, replayRound, roundReplayCatalogues } from './round-replay';
import { shortageEvents } from './shortage/shortage.events';

const today = berlinDayOf(new Date().toISOString());
/** On whichever day of the week this runs: whole weeks that are to come. */
const monday = mondayOf(weekOf(addDays(today, 6)));
const window = { from: monday, until: addDays(monday, 40) };
const [helping, supporting] = [randomUUID(), randomUUID()];
let world: MatchingWorld;
let last: string;

beforeAll(async () => {
  world = await MatchingWorld.start();
  await Promise.all([helping, supporting].map((id) => world.admit(id)));
  await plantOffer({ minutesPerWeek: 300 });
  await plantOffer({ minutesPerWeek: 200, isRemotePossible: true });
  await plantOffer({ skills: [{ key: 'counselling', level: 1 }] });
  await plantNeed({ severity: 3, minutesPerWeek: 600 });
  await plantNeed({ severity: 1, minutesPerWeek: 600 });
  await plantNeed({ fieldKeys: ['health'] });
  const shortageId = randomUUID();
  const declared = { fieldKey: 'accommodation', regionKey: '09000000', declaredOn: today };
  last = await world.plant(shortageEvents, shortageId, [{ type: 'ShortageHeard', data: { shortageId, ...declared } }]);
});
afterAll(() => world.stop());

async function plantOffer(changed: Partial<OfferFacts>): Promise<string> {
  const id = randomUUID();
  const facts = { ...offerFacts, ...window, ...changed };
  const data = { organisationId: supporting, facts, publishedBy: 'planted' };
  last = await world.plant(offerEvents, id, [{ type: 'OfferPublished', data }]);
  return id;
}

async function plantNeed(changed: Partial<NeedFacts>, organisationId = helping): Promise<string> {
  const id = randomUUID();
  const facts = { ...needFacts, ...window, neededBy: addDays(today, 7), ...changed };
  const data = { organisationId, facts, openedBy: 'planted' };
  last = await world.plant(needEvents, id, [{ type: 'NeedOpened', data }]);
  return id;
}

/** Requests a round over all that is planted, and waits until it has come to an end. */
async function run(body: object = {}): Promise<string> {
  for (const path of ['/needs', '/offers', '/shortages']) await world.get(path, coordinator, { 'min-position': last });
  const answer = await world.post('/rounds', body, coordinator);
  expect(answer.status).toBe(201);
  const { roundId } = answer.body as { readonly roundId: string };
  for (;;) {
    const { body: round } = await world.getAfter(answer, `/rounds/${roundId}`, coordinator);
    if (round.status !== 'running') return roundId;
    await sleep(50);
  }
}

/** All that is in the log now; `change` spoils it. */
function logOf(change: (event: RecordedEvent) => RecordedEvent = (event) => event): ReadLog {
  return async function* () {
    const log = logUntilNow(world.store.log(roundReplayCatalogues), new AbortController().signal);
    for await (const events of log()) yield events.map(change);
  };
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('A round is an event with position, settings, digest of the inputs, objective, bound, gap, time, and its proposals', () => {
  it('proposes, explains each term, and says of each unserved need why and what would have to change', async () => {
    const roundId = await run();
    const { body: round } = await world.get(`/rounds/${roundId}`, auditor);
    expect(round).toMatchObject({ status: 'solved', offers: 3, needs: 3, settings: { today } });
    expect(round.solution.weeks[0]).toMatchObject({ isOptimal: true, gap: 0 });
    const proposals = await world.get(`/rounds/${roundId}/proposals`, coordinator);
    expect(proposals.body.items).toHaveLength(round.solution.proposals);
    expect(proposals.body.items[0]).toMatchObject({
      ...{ helpingOrganisationId: helping, supportingOrganisationId: supporting },
      terms: { shortage: 100, strain: 50, load: 40 },
    });
    const unserved = await world.get(`/rounds/${roundId}/unserved`, coordinator);
    expect(unserved.body.items.map((one: { reason: string }) => one.reason).sort()).toEqual([
      'ALL_TAKEN',
      'NO_OFFER_IN_FIELD',
      'TAKEN_BY_MORE_SEVERE',
    ]);
    const severe = await world.get(`/rounds/${roundId}/unserved?reason=TAKEN_BY_MORE_SEVERE`, coordinator);
    expect(severe.body.items[0].nearestMisses).toContainEqual(
      expect.objectContaining({ lacks: 'SKILLS_THERE', change: 'counselling at level 2 instead of 1' }),
    );
    const reasonsOf = async (filter: string) => {
      const found = await world.get(`/rounds/${roundId}/unserved?${filter}`, coordinator);
      return found.body.items.map((one: { reason: string }) => one.reason) as string[];
    };
    expect(await reasonsOf('field=health&region=09000000')).toEqual(['NO_OFFER_IN_FIELD']);
    expect(await reasonsOf('field=accommodation&severity=3')).toEqual(['ALL_TAKEN']);
    for (const filter of ['region=11000000', 'rule=REGION_REACHED']) expect(await reasonsOf(filter)).toEqual([]);
    const events = await world.events(matchingRoundEvents, roundId);
    expect(events.map(({ type }) => type)).toEqual(['RoundRequested', 'RoundProposed', 'RoundUnserved', 'RoundSolved']);
  });

  it('proposes nothing to organisations that are not, or no longer, admitted, and records which', async () => {
    const outside = randomUUID();
    const needId = await plantNeed({ severity: 3 }, outside);
    const roundId = await run();
    const proposals = await world.get(`/rounds/${roundId}/proposals?needId=${needId}`, coordinator);
    expect(proposals.body.items).toEqual([]);
    const [requested] = await world.events(matchingRoundEvents, roundId);
    expect(requested?.data).toMatchObject({ pausedOrganisationIds: [outside] });
    const closed = await world.post(`/needs/${needId}/closing`, { reasonCode: 'withdrawn' }, coordinator);
    last = closed.headers.get('alliance-position') ?? last;
  });

  it('is requested by coordinators only, for weeks and weights within bounds', async () => {
    expect((await world.post('/rounds', {}, representativeOf(helping))).status).toBe(403);
    expect((await world.post('/rounds', { weeks: 27 }, coordinator)).status).toBe(400);
    expect((await world.post('/rounds', { weights: { fit: -1 } }, coordinator)).status).toBe(400);
    expect((await world.get(`/rounds/${randomUUID()}`, coordinator)).body.code).toBe('ROUND_UNKNOWN');
    const roundId = await run({ weeks: 2, weights: { fit: 0 } });
    const { body } = await world.get(`/rounds/${roundId}`, coordinator);
    expect(body.settings.weights).toMatchObject({ fit: 0, date: 20 });
    expect((await world.post(`/rounds/${roundId}/stopping`, {}, coordinator)).body.code).toBe('ROUND_ENDED');
  });
});

describe('replay of a round from the log', () => {
  it('gives byte-equal proposals and the digest of what the round saw, whatever came after it', async () => {
    const offerId = await plantOffer({ minutesPerWeek: 100 });
    const needId = await plantNeed({ severity: 2, minutesPerWeek: 500 });
    const week = addWeeks(weekOf(today), 1);
    const weeks = [{ from: week, to: week, minutes: 60 }];
    const allocated = { ...proposed.data, offerId, needId, weeks };
    last = await world.plant(allocationEvents, randomUUID(), [
      { ...proposed, data: allocated },
      secured,
      accepted('helping'),
    ]);
    const roundId = await run();
    await plantOffer({ minutesPerWeek: 1000 });
    const replay = await replayRound(logOf(), roundId);
    expect(replay?.isOptimal).toBe(true);
    expect(sha256(replay?.inputs ?? '')).toBe(replay?.inputsDigest);
    expect(replay?.recorded).toContain(needId);
    expect(replay?.recorded).toContain('"terms"');
    expect(replay?.replayed).toBe(replay?.recorded);
  });

  it('proposes no pair again that a side has declined, and says that there is no other, which the replay tells too', async () => {
    const fieldKeys = ['basic-supplies'];
    const [offerId, needId] = [await plantOffer({ fieldKeys }), await plantNeed({ fieldKeys })];
    const sides = { helpingOrganisationId: helping, supportingOrganisationId: supporting };
    last = await world.plant(allocationEvents, randomUUID(), [
      { ...proposed, data: { ...proposed.data, ...sides, offerId, needId } },
      { type: 'AllocationDeclined', data: { side: 'supporting', reasonCode: 'no-time', declinedBy: 'supporter' } },
    ]);
    const roundId = await run();
    expect((await world.get(`/rounds/${roundId}/proposals?needId=${needId}`, coordinator)).body.items).toEqual([]);
    const unserved = await world.get(`/rounds/${roundId}/unserved?needId=${needId}`, coordinator);
    expect(unserved.body.items).toMatchObject([{ reason: 'NO_OTHER_OFFER' }]);
    const replay = await replayRound(logOf(), roundId);
    expect(sha256(replay?.inputs ?? '')).toBe(replay?.inputsDigest);
    expect(replay?.replayed).toBe(replay?.recorded);
  });

  it('differs where an event of the log is not what it was', async () => {
    const roundId = await run();
    const spoiled = logOf((event) => {
      if (event.type !== 'NeedOpened') return event;
      const data = event.data as { readonly facts: NeedFacts };
      return { ...event, data: { ...data, facts: { ...data.facts, minutesPerWeek: data.facts.minutesPerWeek + 1 } } };
    });
    const replay = await replayRound(spoiled, roundId);
    expect(replay?.replayed).not.toBe(replay?.recorded);
    expect(sha256(replay?.inputs ?? '')).not.toBe(replay?.inputsDigest);
  });

  it('is of rounds with a result only', async () => {
    expect(await replayRound(logOf(), randomUUID())).toBeUndefined();
  });
});
