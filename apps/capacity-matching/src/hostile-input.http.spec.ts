import { randomUUID } from 'node:crypto';
import { type Caller, spoilBodies, spoilQueries } from '@alliance/service-world';
import { allocationEvents } from './allocation/allocation.events';
import { proposed, secured } from './allocation/allocation.given';
import { MatchingWorld, teachWords } from './capacity-matching.given';
import { needEvents } from './need/need.events';
import { needFacts } from './need/need.given';
import { offerEvents } from './offer/offer.events';
import { offerFacts } from './offer/offer.given';

const [own, allocationId] = [randomUUID(), randomUUID()];
const { offerId, needId } = proposed.data;
let world: MatchingWorld;
beforeAll(async () => {
  world = await MatchingWorld.start();
  await Promise.all([teachWords(world), world.admit(own)]);
  const by = { organisationId: own, publishedBy: 'planted' };
  await world.plant(offerEvents, offerId, [{ type: 'OfferPublished', data: { ...by, facts: offerFacts } }]);
  const need = { organisationId: own, facts: { ...needFacts, until: '2099-01-01' }, openedBy: 'planted' };
  await world.plant(needEvents, needId, [{ type: 'NeedOpened', data: need }]);
  const data = { ...proposed.data, helpingOrganisationId: own, expiresAt: '2099-01-01T00:00:00.000Z' };
  await world.plant(allocationEvents, allocationId, [{ ...proposed, data }, secured]);
});
afterAll(() => world.stop());

const callers: readonly Caller[] = [
  { subject: 'representative-9', role: 'representative', organisationId: own },
  { subject: 'coordinator-9', role: 'coordinator' },
  { subject: 'auditor-9', role: 'auditor' },
];
const placed = (path: string) =>
  path
    .replace('/capacity-matching', '')
    .replace('{key}', 'counselling')
    .replace('{id}', path.includes('/needs') ? needId : path.includes('/offers') ? offerId : allocationId);

describe('bad input to capacity-matching', () => {
  it('in a body is never a 5xx, whichever field of whichever command is spoiled', async () => {
    const { sent, failed } = await spoilBodies(world, { callers, placed });
    expect(failed).toEqual([]);
    expect(sent).toBeGreaterThan(1_000);
  }, 120_000);

  it('in a query is never a 5xx, whichever parameter is spoiled', async () => {
    const { sent, failed } = await spoilQueries(world, { callers, placed });
    expect(failed).toEqual([]);
    expect(sent).toBeGreaterThan(300);
  }, 120_000);
});
