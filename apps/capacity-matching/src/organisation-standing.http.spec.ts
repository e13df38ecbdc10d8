import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { addDays, addWeeks, berlinDayOf, mondayOf, weekOf } from '@alliance/calendar';
import {
  type Contract,
  type ContractData,
  organisationLeftV1,
  organisationMergedV1,
  organisationMergeUndoneV1,
  organisationReinstatedV1,
  organisationSuspendedV1,
} from '@alliance/contracts';
import type { EventCatalogue } from '@alliance/event-sourcing';
import { handleCommand } from '@alliance/event-store';
import { plantedEvents } from '@alliance/service-world';
import { type AllocationEvent, allocationEvents } from './allocation/allocation.events';
import { MatchingWorld } from './capacity-matching.given';
import { need } from './need/need.decider';
import { needEvents } from './need/need.events';
import { needFacts } from './need/need.given';
import { offerEvents } from './offer/offer.events';
import { offerFacts } from './offer/offer.given';

let world: MatchingWorld;
beforeAll(async () => {
  world = await MatchingWorld.start();
});
afterAll(() => world.stop());

const today = berlinDayOf(new Date().toISOString());
const thisWeek = weekOf(today);
const window = { from: mondayOf(addWeeks(thisWeek, -1)), until: addDays(mondayOf(thisWeek), 20) };
const untilInTwoWeeks = { to: addWeeks(thisWeek, 2), minutes: 300 };
/** What has started did so last week; of a week that is over nothing can be held any more. */
const weeksOf = {
  proposed: [{ from: thisWeek, ...untilInTwoWeeks }],
  started: [{ from: addWeeks(thisWeek, -1), ...untilInTwoWeeks }],
};

/** An offer, a need, and an allocation between the two, which the offer holds minutes for. */
class Pair {
  private constructor(
    readonly supporterId: string,
    readonly helperId: string,
    readonly offerId: string,
    readonly needId: string,
    readonly allocationId: string,
  ) {}

  static async plant(upTo: 'proposed' | 'started', knownSupporterId?: string): Promise<Pair> {
    const weeks = weeksOf[upTo];
    const supporterId = knownSupporterId ?? randomUUID();
    const pair = new Pair(supporterId, randomUUID(), randomUUID(), randomUUID(), randomUUID());
    const { helperId, offerId, needId, allocationId } = pair;
    if (knownSupporterId === undefined) await world.admit(supporterId);
    await world.admit(helperId);
    const offered = { organisationId: supporterId, facts: { ...offerFacts, ...window }, publishedBy: 'planted' };
    await world.plant(offerEvents, offerId, [{ type: 'OfferPublished', data: offered }]);
    const opened = { ...needFacts, ...window, neededBy: today };
    await world.plant(needEvents, needId, [
      { type: 'NeedOpened', data: { organisationId: helperId, facts: opened, openedBy: 'planted' } },
    ]);
    const between = { offerId, needId, supportingOrganisationId: supporterId, helpingOrganisationId: helperId };
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const events: AllocationEvent[] = [{ type: 'AllocationProposed', data: { ...between, weeks, expiresAt } }];
    if (upTo === 'started') {
      events.push(
        { type: 'CapacitySecured', data: {} },
        { type: 'AllocationAccepted', data: { side: 'helping', acceptedBy: 'helper' } },
        { type: 'AllocationAccepted', data: { side: 'supporting', acceptedBy: 'supporter' } },
      );
      // As the process between the two leaves it: the offer's stream is told of the minutes by whoever follows the log.
      const held = { allocationId, needId, weeks, expiresAt };
      await append(offerEvents, offerId, [
        { type: 'CapacityHeld', data: held },
        { type: 'HoldConfirmed', data: { allocationId } },
      ]);
      events.push({ type: 'AllocationStarted', data: {} });
    }
    await world.plant(allocationEvents, allocationId, events);
    await until(async () => (await pair.offer()).includes('CapacityHeld'));
    if (upTo === 'proposed') await until(async () => (await pair.allocation()).includes('CapacitySecured'));
    return pair;
  }

  offer = () => typesOf(offerEvents, this.offerId);
  need = () => typesOf(needEvents, this.needId);
  allocation = () => typesOf(allocationEvents, this.allocationId);
  released = async () => (await dataOf(allocationEvents, this.allocationId, 'AllocationReleased'))[0];
}

async function append(catalogue: EventCatalogue, id: string, events: readonly { type: string; data: object }[]) {
  const { length } = await world.events(catalogue, id);
  const written = plantedEvents(catalogue, events, new Date().toISOString());
  await world.store.append(catalogue.category.streamName(id), catalogue, written, BigInt(length - 1));
}
const typesOf = async (catalogue: EventCatalogue, id: string) =>
  (await world.events(catalogue, id)).map(({ type }) => type);
const dataOf = async (catalogue: EventCatalogue, id: string, type: string) =>
  (await world.events(catalogue, id)).filter((event) => event.type === type).map(({ data }) => data);
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20);
}

/** What the registry publishes of the organisation, as its nth news. */
function told<C extends Contract>(contract: C, data: ContractData<C> & { organisationId: string }, revision: number) {
  return world.receive({ contract, data }, data.organisationId, BigInt(revision));
}
const at = (minute: number) => `2026-04-01T10:${String(minute).padStart(2, '0')}:00.000Z`;
const suspend = (organisationId: string, minute = 1) =>
  told(organisationSuspendedV1, { organisationId, reasonCode: 'report-overdue', suspendedAt: at(minute) }, minute);
const reinstate = (organisationId: string, minute = 2) =>
  told(organisationReinstatedV1, { organisationId, reinstatedAt: at(minute) }, minute);
const leave = (organisationId: string, minute = 1) =>
  told(organisationLeftV1, { organisationId, leftAt: at(minute) }, minute);

describe('suspension in the registry releases holds, through the bus only', () => {
  it('pauses the offers of the organisation, gives back what has not started, and resumes when it is reinstated', async () => {
    const pair = await Pair.plant('proposed');
    await suspend(pair.supporterId);
    await until(async () => (await pair.offer()).includes('HoldReleased'));
    expect(await pair.released()).toEqual({ reasonCode: 'organisation-suspended' });
    expect(await dataOf(offerEvents, pair.offerId, 'OfferPaused')).toEqual([{ reasonCode: 'organisation-suspended' }]);
    expect(await dataOf(offerEvents, pair.offerId, 'HoldReleased')).toEqual([
      { allocationId: pair.allocationId, reasonCode: 'organisation-suspended' },
    ]);
    const paused = (await world.events(offerEvents, pair.offerId)).find(({ type }) => type === 'OfferPaused');
    expect(paused?.metadata.actor).toEqual({ subject: 'capacity-matching.organisation-standing', roles: [] });

    await reinstate(pair.supporterId);
    await reinstate(pair.supporterId);
    await until(async () => (await pair.offer()).includes('OfferResumed'));
    await suspend(pair.supporterId, 3);
    await until(async () => (await pair.offer()).at(-1) === 'OfferPaused');
    expect((await pair.offer()).filter((type) => /Paused|Resumed/.test(type))).toEqual([
      'OfferPaused',
      'OfferResumed',
      'OfferPaused',
    ]);
    expect(await pair.need()).toEqual(['NeedOpened']);
  });

  it('of the helping side gives the minutes back to an offer that goes on', async () => {
    const pair = await Pair.plant('proposed');
    await suspend(pair.helperId);
    await until(async () => (await pair.offer()).includes('HoldReleased'));
    expect(await pair.offer()).toEqual(['OfferPublished', 'CapacityHeld', 'HoldReleased']);
    expect((await pair.allocation()).at(-1)).toBe('AllocationReleased');
  });

  it('lets go on what has started', async () => {
    const pair = await Pair.plant('started');
    await suspend(pair.supporterId);
    await until(async () => (await pair.offer()).includes('OfferPaused'));
    expect((await pair.allocation()).at(-1)).toBe('AllocationStarted');
    expect(await pair.offer()).not.toContain('HoldReleased');
  });

  it('reaches offers also where the feed came too early for them', async () => {
    const supporterId = randomUUID();
    await world.admit(supporterId);
    await suspend(supporterId);
    const pair = await Pair.plant('started', supporterId);
    await until(async () => (await pair.offer()).includes('OfferPaused'));
    expect(await dataOf(offerEvents, pair.offerId, 'OfferPaused')).toEqual([{ reasonCode: 'organisation-suspended' }]);
  }, 20_000);
});

describe('leaving the alliance', () => {
  it('withdraws the offers of the organisation, and ends from this week on what has started', async () => {
    const pair = await Pair.plant('started');
    await leave(pair.supporterId);
    await until(async () => (await pair.offer()).includes('HoldReleased'));
    expect(await pair.released()).toEqual({ reasonCode: 'organisation-left', fromWeek: thisWeek });
    expect(await dataOf(offerEvents, pair.offerId, 'HoldReleased')).toEqual([
      { allocationId: pair.allocationId, reasonCode: 'organisation-left', fromWeek: thisWeek },
    ]);
    expect(await dataOf(offerEvents, pair.offerId, 'OfferWithdrawn')).toEqual([{ reasonCode: 'organisation-left' }]);
    expect(await pair.need()).toEqual(['NeedOpened']);
  });

  it('closes its needs, and gives back what was held for them', async () => {
    const pair = await Pair.plant('proposed');
    await leave(pair.helperId);
    await until(async () => (await pair.offer()).includes('HoldReleased'));
    await until(async () => (await pair.need()).includes('NeedClosed'));
    expect(await dataOf(needEvents, pair.needId, 'NeedClosed')).toEqual([{ reasonCode: 'organisation-left' }]);
    expect(await pair.released()).toEqual({ reasonCode: 'organisation-left' });
    expect(await pair.offer()).not.toContain('OfferWithdrawn');
  });
});

describe('a merge in the registry', () => {
  it('lets offers count as those of the surviving organisation, until it is undone', async () => {
    const pair = await Pair.plant('started');
    const survivorId = randomUUID();
    await world.admit(survivorId);
    const { supporterId: organisationId } = pair;
    await told(organisationMergedV1, { organisationId, intoOrganisationId: survivorId, mergedAt: at(1) }, 1);
    await suspend(survivorId, 2);
    await until(async () => (await pair.offer()).at(-1) === 'OfferPaused');
    const undone = { organisationId, fromOrganisationId: survivorId, undoneAt: at(3) };
    await told(organisationMergeUndoneV1, undone, 3);
    await until(async () => (await pair.offer()).at(-1) === 'OfferResumed');
    expect((await pair.offer()).filter((type) => type === 'OfferPaused')).toHaveLength(1);
  });

  it('of the two sides releases what they have not begun', async () => {
    const pair = await Pair.plant('proposed');
    const merged = { organisationId: pair.helperId, intoOrganisationId: pair.supporterId, mergedAt: at(1) };
    await told(organisationMergedV1, merged, 1);
    await until(async () => (await pair.offer()).includes('HoldReleased'));
    expect(await pair.released()).toEqual({ reasonCode: 'organisations-merged' });
  });
});

describe('a need that is closed', () => {
  const close = (needId: string) =>
    handleCommand(world.store, need, needId, {
      type: 'CloseNeed',
      data: { reasonCode: 'fulfilled-elsewhere' },
      context: {
        ...{ commandId: randomUUID(), correlationId: 'spec', causationId: 'spec', at: new Date().toISOString() },
        actor: { subject: 'representative-1', roles: [] },
      },
    });

  it('releases its allocations that have not started, and their holds', async () => {
    const pair = await Pair.plant('proposed');
    await close(pair.needId);
    await until(async () => (await pair.offer()).includes('HoldReleased'));
    expect(await pair.released()).toEqual({ reasonCode: 'need-closed' });
    expect((await pair.allocation()).filter((type) => type === 'AllocationReleased')).toHaveLength(1);
  });

  it('lets go on what has started', async () => {
    const [started, proposed] = [await Pair.plant('started'), await Pair.plant('proposed')];
    await close(started.needId);
    await close(proposed.needId);
    await until(async () => (await proposed.offer()).includes('HoldReleased'));
    expect((await started.allocation()).at(-1)).toBe('AllocationStarted');
  });
});
