import { randomUUID } from 'node:crypto';
import { deriveId } from '@alliance/event-store';
import { CommandHandler, Metrics } from '@alliance/service-host';
import { AllocationWorld, type Match } from './allocation/allocation-world.given';
import { coordinator } from './capacity-matching.given';
import { type MatchingRoundEvent, matchingRoundEvents } from './matching-round/matching-round.events';
import { proposalsAfter } from './round-proposals.policy';
import { roundProposalsReactor } from './round-proposals.reactor';

let world: AllocationWorld;
beforeAll(async () => {
  world = await AllocationWorld.start();
});
afterAll(() => world.stop());

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
const solved = (): MatchingRoundEvent => ({
  type: 'RoundSolved',
  data: {
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
      await roundProposalsReactor.execute(wish, context, commands, undefined as never, own);
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

  it('is nothing as long as the round is not solved', async () => {
    const [roundId, match] = [randomUUID(), await world.match()];
    const events = [requested(), piece(0, match)];
    await world.matching.plant(matchingRoundEvents, roundId, events);
    const recorded = await world.matching.events(matchingRoundEvents, roundId);
    expect(recorded.flatMap(proposalsAfter)).toEqual([]);
  });
});
