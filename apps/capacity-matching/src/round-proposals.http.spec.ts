import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { deriveId } from '@alliance/event-store';
import { connectDatabase } from '@alliance/read-models';
import { CommandHandler, Metrics } from '@alliance/service-host';
import type { DataSource } from 'typeorm';
import { AllocationWorld, type Match } from './allocation/allocation-world.given';
import { Allocation } from './allocation/allocation-register.read-model';
import { coordinator } from './capacity-matching.given';
import { type MatchingRoundEvent, matchingRoundEvents } from './matching-round/matching-round.events';
import type { NeedEvent } from './need/need.events';
import type { OfferEvent } from './offer/offer.events';
import { proposalsAfter } from './round-proposals.policy';
import { roundProposalsReactor } from './round-proposals.reactor';

let world: AllocationWorld;
let database: DataSource;
beforeAll(async () => {
  world = await AllocationWorld.start();
  database = await connectDatabase({ url: world.matching.database.url, entities: [Allocation] });
});
afterAll(async () => {
  await database.destroy();
  await world.stop();
});

const points = { fit: 50, date: 50, strain: 50, waiting: 50, load: 50, distance: 50, shortage: 0 };
const requested = (): MatchingRoundEvent => ({
  type: 'RoundRequested',
  data: {
    settings: {
      ...{ today: world.today(), firstWeek: world.week(1), lastWeek: world.week(2), weights: points },
      ...{ waitingFullDays: 30, loadFullPeople: 100, holdHours: 24 },
    },
    ...{ timeLimitMs: 1000, position: '1/1', inputsDigest: '0'.repeat(64), offers: 2, needs: 2 },
    ...{ pausedOrganisationIds: [], requestedBy: 'coordinator-1' },
  },
});
const piece = (number: number, { offerId, needId, helper, supporter }: Match): MatchingRoundEvent => ({
  type: 'RoundProposed',
  data: {
    piece: number,
    proposals: [
      {
        ...{ offerId, needId, weeks: [{ from: world.week(1), to: world.week(2), minutes: 300 }] },
        helpingOrganisationId: helper.organisationId ?? '',
        supportingOrganisationId: supporter.organisationId ?? '',
        ...{ score: 500, terms: points },
      },
    ],
  },
});
const closed: NeedEvent = { type: 'NeedClosed', data: { reasonCode: 'fulfilled' } };
const withdrawn: OfferEvent = { type: 'OfferWithdrawn', data: { reasonCode: 'no-longer' } };
const solved = (): MatchingRoundEvent => ({
  type: 'RoundSolved',
  data: {
    method: 1,
    weeks: [
      {
        ...{ from: world.week(1), to: world.week(2), servedMinutes: [0, 600, 0] },
        ...{ objective: 300_000, bound: 300_000, isOptimal: true },
      },
    ],
    ...{ certificateDigest: '0'.repeat(64), milliseconds: 1, pairs: 2, proposals: 2, unserved: 0 },
  },
});

describe('what a round proposes', () => {
  it('becomes one allocation a proposal, held by its offer for as long as the round says, however often it is told', async () => {
    const [roundId, matches] = [randomUUID(), [await world.match(), await world.match()]];
    const ids = matches.map(({ offerId, needId }) => deriveId(roundId, `${offerId} ${needId}`));
    await world.matching.plant(matchingRoundEvents, roundId, [
      requested(),
      ...matches.map((match, at) => piece(at, match)),
      solved(),
    ]);
    const isSecured = async (id: string) => (await world.types(id)).includes('CapacitySecured');
    for (const id of ids) await world.until(() => isSecured(id));

    const [wish] = (await world.matching.events(matchingRoundEvents, roundId)).flatMap(proposalsAfter);
    if (wish === undefined) throw new Error('Nothing follows from the round.');
    const commands = new CommandHandler(world.matching.store, new Metrics('capacity-matching'));
    const own = { progress: { waitForPosition: async () => 'reached' as const }, settings: {} };
    const again = async () => {
      const commandId = randomUUID();
      const cause = {
        commandId,
        correlationId: commandId,
        causationId: commandId,
        at: world.clock.now().toISOString(),
      };
      const context = { ...cause, actor: { subject: 'spec', roles: [] } };
      await roundProposalsReactor.execute(wish, context, commands, database, own);
    };
    await Promise.all([again(), again(), again()]);
    for (const id of ids) expect(await world.types(id)).toEqual(['AllocationProposed', 'CapacitySecured']);
    for (const { offerId } of matches)
      expect(await world.offerTypes(offerId)).toEqual(['OfferPublished', 'CapacityHeld']);

    await world.until(async () => {
      const { body } = await world.matching.get(`/allocations?roundId=${roundId}`, coordinator);
      return body.items.length === 2;
    });
    const { body } = await world.matching.get(`/allocations?roundId=${roundId}`, coordinator);
    const [first] = body.items;
    expect(Date.parse(first.expiresAt) - Date.parse(first.proposedAt)).toBe(24 * 3_600_000);
  });

  const changed: readonly (readonly [string, string, () => Parameters<AllocationWorld['match']>])[] = [
    ['the need was closed', 'NEED_CLOSED', () => [{}, {}, { ofNeed: [closed] }]],
    ['the offer was withdrawn', 'OFFER_WITHDRAWN', () => [{}, {}, { ofOffer: [withdrawn] }]],
    [
      'the need asks for more by now',
      'HARD_RULES_NOT_MET',
      () => [{}, { mustSkills: [{ key: 'translation', level: 5 }] }],
    ],
    ['the offer is of other regions by now', 'HARD_RULES_NOT_MET', () => [{ regionKeys: ['11000000'] }]],
    ['the need asks for less by now', 'MORE_THAN_NEEDED', () => [{}, { minutesPerWeek: 299 }]],
  ];

  it.each(changed)('is left out where %s, which the round tells', async (_, reasonCode, given) => {
    const [roundId, stale, fresh] = [randomUUID(), await world.match(...given()), await world.match()];
    await world.matching.plant(matchingRoundEvents, roundId, [requested(), piece(0, stale), piece(1, fresh), solved()]);
    await world.until(
      async () => (await world.types(deriveId(roundId, `${fresh.offerId} ${fresh.needId}`))).length === 2,
    );
    expect(await world.types(deriveId(roundId, `${stale.offerId} ${stale.needId}`))).toEqual([]);
    const path = `/rounds/${roundId}/proposals?isLeftOut=true`;
    await world.until(async () => (await world.matching.get(path, coordinator)).body.items?.length === 1);
    const [leftOut] = (await world.matching.get(path, coordinator)).body.items;
    expect(leftOut).toMatchObject({ needId: stale.needId, offerId: stale.offerId, leftOutFor: reasonCode });
    const kept = await world.matching.get(`/rounds/${roundId}/proposals?isLeftOut=false`, coordinator);
    expect(kept.body.items.map(({ needId }: Match) => needId)).toEqual([fresh.needId]);
  });

  it('is left out where a proposal by hand has come before it', async () => {
    const [roundId, match] = [randomUUID(), await world.match()];
    const other = await world.offer((await world.organisation()).organisationId);
    await world.proposed({ ...match, offerId: other });
    await world.until(async () => {
      return (await world.matching.get(`/allocations?needId=${match.needId}`, coordinator)).body.items.length === 1;
    });
    await world.matching.plant(matchingRoundEvents, roundId, [requested(), piece(0, match), solved()]);
    const path = `/rounds/${roundId}/proposals?isLeftOut=true`;
    await world.until(async () => (await world.matching.get(path, coordinator)).body.items?.length === 1);
    const { body } = await world.matching.get(path, coordinator);
    expect(body.items).toMatchObject([{ leftOutFor: 'MORE_THAN_NEEDED' }]);
    expect(await world.types(deriveId(roundId, `${match.offerId} ${match.needId}`))).toEqual([]);
  });

  it('is left out where another round has proposed as much right before it', async () => {
    const [first, second, match] = [randomUUID(), randomUUID(), await world.match()];
    const other = { ...match, offerId: await world.offer((await world.organisation()).organisationId) };
    const begun = async () => {
      const pairs = [match, other].map(({ offerId, needId }) => `${offerId} ${needId}`);
      const ids = [first, second].flatMap((roundId) => pairs.map((pair) => deriveId(roundId, pair)));
      return (await Promise.all(ids.map((id) => world.types(id)))).filter((types) => types.length > 0).length;
    };
    const leftOut = async () => {
      const ofRounds = [first, second].map((id) =>
        world.matching.get(`/rounds/${id}/proposals?isLeftOut=true`, coordinator),
      );
      return (await Promise.all(ofRounds)).flatMap(({ body }) => body.items ?? []);
    };
    await database.transaction(async (tx) => {
      // The register of allocations can be read, but falls behind.
      await tx.query('LOCK TABLE allocation IN EXCLUSIVE MODE');
      await world.matching.plant(matchingRoundEvents, first, [requested(), piece(0, match), solved()]);
      await world.matching.plant(matchingRoundEvents, second, [requested(), piece(0, other), solved()]);
      await world.until(async () => (await begun()) > 0);
      await sleep(500);
    });
    await world.until(async () => (await leftOut()).length > 0);
    expect(await leftOut()).toMatchObject([{ leftOutFor: 'MORE_THAN_NEEDED' }]);
    expect(await begun()).toBe(1);
  });

  it('is nothing as long as the round is not solved', async () => {
    const [roundId, match] = [randomUUID(), await world.match()];
    const events = [requested(), piece(0, match)];
    await world.matching.plant(matchingRoundEvents, roundId, events);
    const recorded = await world.matching.events(matchingRoundEvents, roundId);
    expect(recorded.flatMap(proposalsAfter)).toEqual([]);
  });
});
