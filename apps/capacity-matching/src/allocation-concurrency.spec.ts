import { setTimeout as sleep } from 'node:timers/promises';
import { AllocationWorld } from './allocation/allocation-world.given';
import { offerEvents } from './offer/offer.events';

let world: AllocationWorld;
beforeAll(async () => {
  world = await AllocationWorld.start();
});
afterAll(() => world.stop());

describe('never oversold', () => {
  it('of 64 proposals at the same time, beside the reactor, on an offer for ten, ten are secured', async () => {
    const [supporter, helper] = [await world.organisation(), await world.organisation()];
    // What is left over suffices for no eleventh.
    const offerId = await world.offer(supporter.organisationId, { minutesPerWeek: 659 });
    const week = world.week(1);
    const needIds = await Promise.all(Array.from({ length: 64 }, () => world.need(helper.organisationId)));
    const answers = await Promise.all(
      needIds.map((needId) => world.propose({ offerId, needId }, [{ from: week, to: week, minutes: 60 }])),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    const ids: string[] = answers.map(({ body }) => body.allocationId);
    const answered = async () => {
      const told = (await world.matching.events(offerEvents, offerId)).map(({ type }) => type);
      return ['CapacityHeld', 'HoldDeclined'].map((type) => told.filter((one) => one === type).length);
    };
    const ends = () => Promise.all(ids.map(async (id) => (await world.types(id)).at(-1)));
    // The offer answers each once; allocations are read only then, so that waiting does not take from the work.
    while ((await answered()).reduce((all, one) => all + one) < 64) await sleep(250);
    while ((await ends()).includes('AllocationProposed')) await sleep(250);
    const ended = await ends();
    expect(ended.filter((type) => type === 'CapacitySecured')).toHaveLength(10);
    expect(ended.filter((type) => type === 'AllocationFailed')).toHaveLength(54);
    expect(await answered()).toEqual([10, 54]);
  }, 90_000);
});
