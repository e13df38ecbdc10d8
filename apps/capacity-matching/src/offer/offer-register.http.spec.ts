import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectDatabase } from '@alliance/read-models';
import { CommandHandler, Metrics } from '@alliance/service-host';
import { MatchingSettings } from '../capacity-matching.config';
import { coordinator, MatchingWorld } from '../capacity-matching.given';
import { offer, type OfferCommand } from './offer.decider';
import { offerEvents } from './offer.events';
import { offerFreshness } from './offer-freshness.reactor';
import { offerFacts } from './offer.given';
import { offersForRound } from './offer-register.read-model';

const DAY_MS = 86_400_000;
let world: MatchingWorld;
let commands: CommandHandler;

beforeAll(async () => {
  world = await MatchingWorld.start();
  commands = new CommandHandler(world.store, new Metrics('capacity-matching'));
});
afterAll(() => world.stop());

async function planted(): Promise<string> {
  const offerId = randomUUID();
  const data = { organisationId: randomUUID(), facts: offerFacts, publishedBy: 'planted' };
  await world.plant(offerEvents, offerId, [{ type: 'OfferPublished', data }]);
  return offerId;
}

type Step = Pick<Extract<OfferCommand, { type: 'HoldCapacity' | 'ConfirmHold' | 'ReleaseHold' }>, 'type' | 'data'>;

/** Asks as the process of an allocation does. */
async function ask(offerId: string, { type, data }: Step): Promise<void> {
  const commandId = randomUUID();
  const actor = { subject: 'capacity-matching.allocation', roles: [] };
  const at = '2026-04-01T08:00:00.000Z';
  const context = { commandId, correlationId: commandId, causationId: commandId, actor, at };
  await commands.handle(offer, offerId, { type, data, context } as OfferCommand);
}

const hold = (allocationId: string, minutes: number): Step => ({
  type: 'HoldCapacity',
  data: {
    ...{ allocationId, needId: randomUUID(), expiresAt: '2026-04-04T08:00:00.000Z' },
    weeks: [{ from: '2026-W15', to: '2026-W16', minutes }],
  },
});

/** The three weeks of the offer as the register shows them: held, confirmed and free, in minutes. */
async function shown(offerId: string): Promise<readonly (readonly number[])[]> {
  const { body } = await world.get(`/offers/${offerId}?fromWeek=2026-W15&weeks=3`, coordinator);
  const weeks = (body.weeks ?? []) as { held: number; confirmed: number; free: number }[];
  return weeks.map(({ held, confirmed, free }) => [held, confirmed, free]);
}
async function comesToShow(offerId: string, expected: readonly (readonly number[])[]): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline && JSON.stringify(await shown(offerId)) !== JSON.stringify(expected)) await sleep(20);
  expect(await shown(offerId)).toEqual(expected);
}

describe('The register of offers', () => {
  it('counts what is held, confirmed and given back in each week, for who looks and for a round', async () => {
    const offerId = await planted();
    const [kept, over] = [randomUUID(), randomUUID()];
    await ask(offerId, hold(kept, 200));
    await ask(offerId, hold(over, 300));
    await ask(offerId, { type: 'ConfirmHold', data: { allocationId: kept } });
    await comesToShow(offerId, [
      [300, 200, 100],
      [300, 200, 100],
      [0, 0, 600],
    ]);
    await ask(offerId, { type: 'ReleaseHold', data: { allocationId: over, reasonCode: 'declined' } });
    const givenUp = { allocationId: kept, reasonCode: 'given-up', fromWeek: '2026-W16' };
    await ask(offerId, { type: 'ReleaseHold', data: givenUp });
    await comesToShow(offerId, [
      [0, 200, 400],
      [0, 0, 600],
      [0, 0, 600],
    ]);
    const database = await connectDatabase({ url: world.database.url, entities: [] });
    const seen = (await offersForRound(database.manager)).find(({ id }) => id === offerId);
    await database.destroy();
    expect([...(seen?.free ?? [])]).toEqual([
      ['2026-W15', 400],
      ['2026-W16', 600],
      ['2026-W17', 600],
    ]);
  });
});

describe('The pause of what nobody assures', () => {
  it('is found by whoever looks next, happens once also where several do, and not to what was assured meanwhile', async () => {
    const [left, assured] = [await planted(), await planted()];
    const database = await connectDatabase({ url: world.database.url, entities: [] });
    const now = new Date(Date.now() + 91 * DAY_MS);
    const due = () =>
      offerFreshness.due(database.manager, { now, after: undefined, limit: 100 }, new MatchingSettings());
    const both = async () => (await due()).filter(({ target }) => [left, assured].includes(target));
    while ((await both()).length < 2) await sleep(20);
    // Both are found; then somebody assures one of them, before the clock comes to pause it.
    const found = await both();
    expect((await world.post(`/offers/${assured}/assurance`, {}, coordinator)).status).toBe(204);
    const execute = async () => {
      // As after a restart: nothing is remembered but the log and the register.
      const restarted = new CommandHandler(world.store, new Metrics('capacity-matching'));
      for (const one of found) {
        const commandId = randomUUID();
        const cause = { commandId, correlationId: commandId, causationId: commandId, at: now.toISOString() };
        await offerFreshness.execute(one, { ...cause, actor: { subject: 'clock', roles: [] } }, restarted);
      }
    };
    await Promise.all([execute(), execute(), execute()]);
    await execute();
    const told = async (id: string) => (await world.events(offerEvents, id)).map(({ type }) => type);
    expect(await told(left)).toEqual(['OfferPublished', 'OfferPaused']);
    expect(await told(assured)).toEqual(['OfferPublished', 'OfferAssured']);
    await database.destroy();
  });
});
