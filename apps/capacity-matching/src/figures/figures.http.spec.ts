import { randomUUID } from 'node:crypto';
import { auditor } from '@alliance/service-world';
import { allocationEvents } from '../allocation/allocation.events';
import { accepted, proposed, secured } from '../allocation/allocation.given';
import { coordinator, MatchingWorld, representativeOf } from '../capacity-matching.given';
import { needEvents } from '../need/need.events';
import { needFacts } from '../need/need.given';
import { offerEvents } from '../offer/offer.events';
import { offerFacts } from '../offer/offer.given';

const [supporting, helping] = [randomUUID(), randomUUID()];
const { offerId, needId } = proposed.data;
const ids = { supportingOrganisationId: supporting, helpingOrganisationId: helping };
let world: MatchingWorld;
let position: string;

beforeAll(async () => {
  world = await MatchingWorld.start();
  await Promise.all([world.admit(supporting), world.admit(helping)]);
  const expiresAt = '2099-01-01T00:00:00.000Z';
  const weeks = [{ from: '2026-W15', to: '2026-W15', minutes: 200 }];
  const proposal = { ...proposed, data: { ...proposed.data, ...ids, weeks, expiresAt } };
  const [delivered, waiting, declined] = [randomUUID(), randomUUID(), randomUUID()];
  const held = (allocationId: string) => ({
    type: 'CapacityHeld',
    data: { allocationId, needId, weeks, expiresAt },
  });
  await world.plant(offerEvents, offerId, [
    { type: 'OfferPublished', data: { organisationId: supporting, facts: offerFacts, publishedBy: 'planted' } },
    ...[held(delivered), { type: 'HoldConfirmed', data: { allocationId: delivered } }, held(waiting)],
  ]);
  const need = { organisationId: helping, facts: { ...needFacts, until: '2099-01-01' }, openedBy: 'planted' };
  await world.plant(needEvents, needId, [{ type: 'NeedOpened', data: need }]);
  const says = (side: string, minutes: number) => ({
    type: 'HoursReported',
    data: { side, week: '2026-W15', minutes, reportedBy: side },
  });
  await world.plant(allocationEvents, delivered, [
    ...[proposal, secured, accepted('helping'), accepted('supporting'), { type: 'AllocationStarted', data: {} }],
    ...[says('helping', 150), says('supporting', 150), { type: 'AllocationDelivered', data: { minutes: 150 } }],
  ]);
  await world.plant(allocationEvents, waiting, [proposal, secured, accepted('helping')]);
  position = await world.plant(allocationEvents, declined, [
    ...[proposal, secured],
    { type: 'AllocationDeclined', data: { side: 'helping', reasonCode: 'no-time', declinedBy: 'helping' } },
  ]);
  for (const list of ['offers', 'needs']) await world.get(`/${list}`, auditor, { 'min-position': position });
});
afterAll(() => world.stop());

const ask = (path: string, caller = coordinator) => world.get(path, caller, { 'min-position': position });

describe('The figures of the matching', () => {
  it('tell delivered ÷ offered by week, field and region', async () => {
    const kpi = await ask('/figures/kpi?fromWeek=2026-W14&toWeek=2026-W16', representativeOf(helping));
    expect(kpi.body).toEqual({
      ...{ offered: 1200, confirmed: 200, delivered: 150, deliveredShare: 0.125 },
      weeks: [
        { week: '2026-W15', offered: 600, confirmed: 200, delivered: 150 },
        { week: '2026-W16', offered: 600, confirmed: 0, delivered: 0 },
      ],
    });
    const none = { offered: 0, confirmed: 0, delivered: 0, weeks: [] };
    for (const filter of ['field=orientation', 'region=11000000']) {
      expect((await ask(`/figures/kpi?fromWeek=2026-W14&toWeek=2026-W16&${filter}`)).body).toEqual(none);
    }
    const munich = await ask('/figures/kpi?fromWeek=2026-W15&toWeek=2026-W15&region=09162000&field=accommodation');
    expect(munich.body).toMatchObject({ offered: 600, delivered: 150 });
    const wrong = await ask('/figures/kpi?fromWeek=2026-W16&toWeek=2026-W15');
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ field: 'fromWeek' }] } });
    expect((await ask('/figures/kpi?toWeek=2025-W53')).status).toBe(400);
  });

  it('tell what became of proposals, and how long it took', async () => {
    expect((await ask('/figures/funnel', auditor)).body).toEqual({
      ...{ proposed: 3, secured: 3, acceptedByOneSide: 2, started: 1 },
      byStage: { proposed: 1, started: 0, delivered: 1, declined: 1, expired: 0, released: 0, failed: 0 },
      ...{ medianHoursToStart: 0, medianHoursFromStartToDelivery: 0 },
    });
    expect((await ask('/figures/funnel?from=2020-01-01&until=2020-12-31')).body).toMatchObject({
      ...{ proposed: 0, medianHoursToStart: null },
    });
    expect((await ask('/figures/funnel?from=2026-01-02&until=2026-01-01')).body.errors[0].field).toBe('from');
    expect((await ask('/figures/funnel', representativeOf(helping))).status).toBe(403);
  });

  it('tell an organisation what it has under way on both sides, and nobody else but coordinators and auditors', async () => {
    const none = { proposed: 0, started: 0, delivered: 0, declined: 0, expired: 0, released: 0, failed: 0 };
    const some = { ...none, proposed: 1, delivered: 1, declined: 1 };
    const side = `/organisations/${supporting}/side`;
    for (const caller of [representativeOf(supporting), coordinator, auditor]) {
      expect((await ask(side, caller)).body).toEqual({
        ...{ offers: { open: 1, paused: 0, withdrawn: 0 }, needs: { open: 0, closed: 0 } },
        ...{ supporting: some, helping: none, waitingForIt: 1, disputed: 0 },
      });
    }
    expect((await ask(`/organisations/${helping}/side`)).body).toMatchObject({
      ...{ needs: { open: 1, closed: 0 }, helping: some, supporting: none, waitingForIt: 0 },
    });
    expect((await ask(side, representativeOf(helping))).body.code).toBe('NOT_YOUR_ORGANISATION');
  });
});
