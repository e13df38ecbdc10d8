import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '@alliance/event-sourcing';
import { Killed, ReactorWorld } from '@alliance/service-world';
import { type AllocationEvent, allocationEvents } from './allocation/allocation.events';
import { accepted, proposed, secured, started } from './allocation/allocation.given';
import type { SettleWithOffer } from './allocation.policy';
import { allocationReactor, settleAllocationNow } from './allocation.reactor';
import { capacityMatching } from './capacity-matching.module';
import { offer } from './offer/offer.decider';
import { type OfferEvent, offerEvents } from './offer/offer.events';
import { offerFacts } from './offer/offer.given';
import { takenByWeek } from './offer/offer-ledger';

/** Before the weeks that the allocations of this specification want, and before they expire. */
const AT = '2026-04-02T09:00:00.000Z';
const clock: Clock = { now: () => new Date(AT), sleep: systemClock.sleep, random: systemClock.random };

let world: ReactorWorld<SettleWithOffer>;
beforeAll(async () => {
  world = await ReactorWorld.start(capacityMatching, allocationReactor, clock);
});
afterAll(() => world.stop());

interface Case {
  readonly allocationId: string;
  readonly offerId: string;
}
const idsOf = ({ allocationId, offerId }: Case) => [allocationId, offerId];
type Told = (one: Case) => readonly OfferEvent[];

const held: Told = ({ allocationId }) => {
  const { needId, weeks, expiresAt } = proposed.data;
  return [{ type: 'CapacityHeld', data: { allocationId, needId, weeks, expiresAt } }];
};
const confirmed: Told = (one) => [...held(one), { type: 'HoldConfirmed', data: { allocationId: one.allocationId } }];
const nothing: Told = () => [];

/** An offer of so many minutes a week, of which the allocation wants 300, with what both streams tell by then. */
async function planted(minutesPerWeek: number, history: readonly AllocationEvent[], told: Told): Promise<Case> {
  const one = { allocationId: randomUUID(), offerId: randomUUID() };
  const published = { organisationId: randomUUID(), facts: { ...offerFacts, minutesPerWeek }, publishedBy: 'planted' };
  await world.append(offerEvents, one.offerId, [{ type: 'OfferPublished', data: published }, ...told(one)]);
  const events = history.map((event) =>
    event.type === 'AllocationProposed' ? { ...event, data: { ...event.data, offerId: one.offerId } } : event,
  );
  await world.append(allocationEvents, one.allocationId, events);
  return one;
}

/** What the two have told, but for how they began. */
const toldBy = async ({ allocationId, offerId }: Case, planned: number) => ({
  allocation: (await world.typesOf(allocationEvents, allocationId)).slice(planned),
  offer: (await world.typesOf(offerEvents, offerId)).slice(1),
});
async function minutesTaken({ offerId }: Case): Promise<readonly number[]> {
  const { state } = await world.commands.load(offer, offerId);
  if (state.stage === 'none') throw new Error('There is no such offer.');
  return [...takenByWeek(state.holds).values()];
}

async function requestDiesAfter(answers: number, one: Case): Promise<void> {
  const commandId = randomUUID();
  const actor = { subject: 'coordinator-1', roles: ['coordinator'] };
  const cause = { commandId, correlationId: commandId, causationId: commandId, actor, at: AT };
  const dying = world.commandsUntil(answers, idsOf(one));
  await expect(
    settleAllocationNow(dying, one.allocationId, { ...cause, commandDigest: 'a'.repeat(64) }),
  ).rejects.toThrow(Killed);
}

const steps = [0, 1, 2];
const kills = steps.flatMap((answers) => [['reactor', answers] as const, ['request', answers] as const]);
const diesAfter = (process: 'reactor' | 'request', answers: number, one: Case) =>
  process === 'reactor' ? world.diesAfter(answers, idsOf(one)) : requestDiesAfter(answers, one);

describe('an offer is never oversold: an allocation that dies before whichever step', () => {
  it.each(kills)('is secured once where the offer has the minutes (%s, after %i steps)', async (process, answers) => {
    const one = await planted(300, [proposed], nothing);
    await diesAfter(process, answers, one);
    await world.runsUntil(async () => {
      expect(await toldBy(one, 1)).toEqual({ allocation: ['CapacitySecured'], offer: ['CapacityHeld'] });
    });
    expect(await minutesTaken(one)).toEqual([300, 300]);
  });

  it.each(kills)('fails once where it has not (%s, after %i steps)', async (process, answers) => {
    const one = await planted(299, [proposed], nothing);
    await diesAfter(process, answers, one);
    await world.runsUntil(async () => {
      expect(await toldBy(one, 1)).toEqual({ allocation: ['AllocationFailed'], offer: ['HoldDeclined'] });
    });
    expect(await minutesTaken(one)).toEqual([]);
  });

  it.each(kills)('starts once when both sides have accepted (%s, after %i steps)', async (process, answers) => {
    const one = await planted(300, [proposed, secured, accepted('helping'), accepted('supporting')], held);
    await diesAfter(process, answers, one);
    await world.runsUntil(async () => {
      expect(await toldBy(one, 4)).toEqual({
        allocation: ['AllocationStarted'],
        offer: ['CapacityHeld', 'HoldConfirmed'],
      });
    });
    expect(await minutesTaken(one)).toEqual([300, 300]);
  });

  const ends: readonly AllocationEvent[] = [
    { type: 'AllocationDeclined', data: { side: 'helping', reasonCode: 'no-time', declinedBy: 'helper' } },
    { type: 'AllocationExpired', data: { waitedFor: ['helping'] } },
    { type: 'AllocationReleased', data: { reasonCode: 'need-closed' } },
  ];
  const overBetween = ends.flatMap((end) => [0, 1].map((then) => [end.type, then, end] as const));

  it.each(overBetween)(
    'holds nothing after %s between two steps, also when it dies again after %i steps',
    async (_, answers, end) => {
      const one = await planted(300, [proposed], nothing);
      await requestDiesAfter(1, one);
      expect(await minutesTaken(one)).toEqual([300, 300]);
      await world.append(allocationEvents, one.allocationId, [end], 0n);
      await world.diesAfter(answers, idsOf(one));
      await world.runsUntil(async () => {
        expect(await toldBy(one, 1)).toEqual({ allocation: [end.type], offer: ['CapacityHeld', 'HoldReleased'] });
      });
      expect(await minutesTaken(one)).toEqual([]);
    },
  );

  it.each(steps.slice(0, 2))('gives back once what is given up from a week on (after %i steps)', async (answers) => {
    const release: AllocationEvent = {
      type: 'AllocationReleased',
      data: { reasonCode: 'no-longer', fromWeek: '2026-W16' },
    };
    const one = await planted(300, [...started, release], confirmed);
    await world.diesAfter(answers, idsOf(one));
    await world.runsUntil(async () => {
      expect(await toldBy(one, 6)).toEqual({
        allocation: [],
        offer: ['CapacityHeld', 'HoldConfirmed', 'HoldReleased'],
      });
    });
    expect(await minutesTaken(one)).toEqual([300]);
  });
});
