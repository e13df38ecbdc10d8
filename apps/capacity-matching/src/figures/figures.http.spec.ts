import { randomUUID } from 'node:crypto';
import { auditor } from '@alliance/service-world';
import { AllocationWorld, type Match } from '../allocation/allocation-world.given';
import { coordinator, teachWords } from '../capacity-matching.given';
import { offerFacts } from '../offer/offer.given';

const HOUR_MS = 3_600_000;
let world: AllocationWorld;
beforeAll(async () => {
  world = await AllocationWorld.start();
  await teachWords(world.matching);
});
afterAll(() => world.stop());

/** An offer and a need of a field of action that nothing else is of. */
async function matchAlone(): Promise<Match & { readonly field: string }> {
  const field = `field-${randomUUID()}`;
  return { field, ...(await world.match({ fieldKeys: [field] }, { fieldKeys: [field] })) };
}

describe('KPI delivered ÷ offered', () => {
  it('counts what was promised when a week ended: what an offer says later changes no week that is over', async () => {
    const { supporter, helper } = await matchAlone();
    const kpi = `/figures/kpi?fromWeek=${world.week(0)}&toWeek=${world.week(4)}&region=11000000`;
    const facts = { ...offerFacts, regionKeys: ['11000000'], from: world.today(), until: day(70), minutesPerWeek: 700 };
    const published = await world.matching.post('/offers', { ...facts, from: day(-7) }, supporter);
    const { offerId } = published.body as { readonly offerId: string };
    const needId = await world.need(helper.organisationId ?? '', { regionKey: '11000000' });
    const asked = async (after = published) => (await world.matching.getAfter(after, kpi, auditor)).body;
    const offered = async (after = published) =>
      ((await asked(after)).weeks as { offered: number }[]).map((week) => week.offered);
    expect(await offered()).toEqual([700, 700, 700, 700, 700]);

    const allocation = await world.propose({ offerId, needId }, [
      { from: world.week(1), to: world.week(3), minutes: 200 },
    ]);
    const { allocationId } = allocation.body as { readonly allocationId: string };
    for (const by of [helper, supporter]) await world.accept(allocationId, by);
    const [first, second, third] = [world.week(1), world.week(2), world.week(3)];

    world.passWeeks(1);
    const revised = await world.matching.put(`/offers/${offerId}`, { ...facts, minutesPerWeek: 900 }, supporter);
    expect(await offered(revised)).toEqual([700, 900, 900, 900, 900]);
    world.passWeeks(1);
    const paused = await world.matching.post(`/offers/${offerId}/pause`, {}, supporter);
    expect(await offered(paused)).toEqual([700, 900, 200, 200]);
    for (const by of [helper, supporter]) await world.hours(allocationId, by, first, 180);
    world.passWeeks(1);
    const resumed = await world.matching.post(`/offers/${offerId}/resumption`, {}, supporter);
    expect(await offered(resumed)).toEqual([700, 900, 200, 900, 900]);
    const withdrawn = await world.matching.post(
      `/offers/${offerId}/withdrawal`,
      { reasonCode: 'no-longer' },
      supporter,
    );
    expect(await offered(withdrawn)).toEqual([700, 900, 200, 200]);

    for (const by of [helper, supporter]) await world.hours(allocationId, by, second, 200);
    await world.hours(allocationId, helper, third, 150);
    const done = await world.hours(allocationId, supporter, third, 150);
    const all = await asked(done);
    expect(all).toEqual({
      ...{ offered: 2000, confirmed: 600, delivered: 530, deliveredShare: 0.265 },
      weeks: [
        { week: expect.any(String), offered: 700, confirmed: 0, delivered: 0 },
        { week: first, offered: 900, confirmed: 200, delivered: 180 },
        { week: second, offered: 200, confirmed: 200, delivered: 200 },
        { week: third, offered: 200, confirmed: 200, delivered: 150 },
      ],
    });
  });

  it('counts hours of a week as delivered as long as the week is allocated, everywhere the same', async () => {
    const match = await matchAlone();
    const allocationId = await world.started(match);
    world.passWeeks(1);
    const [week, next] = [world.week(0), world.week(1)];
    for (const by of [match.helper, match.supporter]) await world.hours(allocationId, by, week, 120);
    const deliveredAfter = async (after: Awaited<ReturnType<typeof world.release>>) => {
      const kpi = await world.matching.getAfter(after, `/figures/kpi?toWeek=${next}&field=${match.field}`, coordinator);
      const need = await world.matching.getAfter(after, `/needs/${match.needId}`, coordinator);
      const allocation = await world.matching.getAfter(after, `/allocations/${allocationId}`, coordinator);
      return [kpi.body.delivered, need.body.served.deliveredMinutes, allocation.body.deliveredMinutes];
    };
    const reported = await world.hours(allocationId, match.helper, week, 121);
    expect(await deliveredAfter(reported)).toEqual([0, 0, 0]);
    const agreed = await world.hours(allocationId, match.supporter, week, 121);
    expect(await deliveredAfter(agreed)).toEqual([121, 121, 121]);
    const released = await world.release(allocationId, match.helper, { reasonCode: 'closed', fromWeek: week });
    expect(await deliveredAfter(released)).toEqual([0, 0, 0]);
  });

  it('takes an offer into every region that it reaches, and once where no region is named', async () => {
    const field = `field-${randomUUID()}`;
    const { organisationId } = await world.organisation();
    const places = { munich: ['09162000'], bavaria: ['09000000'], berlin: ['11000000'], anywhere: [] };
    const minutes = { munich: 100, bavaria: 200, berlin: 400, anywhere: 800 };
    for (const place of ['munich', 'bavaria', 'berlin', 'anywhere'] as const) {
      const remote = { isRemotePossible: place === 'anywhere' };
      await world.offer(organisationId, {
        ...{ fieldKeys: [field], regionKeys: places[place], minutesPerWeek: minutes[place], ...remote },
      });
    }
    const scoped = `fromWeek=${world.week(1)}&toWeek=${world.week(1)}&field=${field}`;
    const offered = async (query: string) =>
      (await world.matching.get(`/figures/kpi?${scoped}${query}`, coordinator)).body.offered as number;
    await world.until(async () => (await offered('')) === 1500);
    expect(await offered('&region=09162000')).toBe(1100);
    expect(await offered('&region=09000000')).toBe(1100);
    expect(await offered('&region=09184148')).toBe(1000);
    expect(await offered('&region=09162000&reach=in-person')).toBe(300);
    expect(await offered('&region=11000000&reach=in-person')).toBe(400);
    expect(await offered('&reach=in-person')).toBe(700);
    expect(await offered('&region=09162000&reach=remote')).toBe(800);
    const listed = await world.matching.get(`/offers?field=${field}&region=09184148&sort=minutesPerWeek`, coordinator);
    expect(listed.body.items.map((one: { facts: { minutesPerWeek: number } }) => one.facts.minutesPerWeek)).toEqual([
      200, 800,
    ]);
  });

  it('names what is wrong with a query', async () => {
    const ask = (query: string) => world.matching.get(`/figures/${query}`, coordinator);
    const backwards = await ask('kpi?fromWeek=2026-W16&toWeek=2026-W15');
    expect(backwards).toMatchObject({ status: 400, body: { errors: [{ field: 'fromWeek' }] } });
    for (const [query, field] of [
      ['kpi?toWeek=2025-W53', 'toWeek'],
      ['kpi?reach=far', 'reach'],
      ['kpi?region=09162', 'region'],
      ['kpi?reason=x', 'reason'],
      ['funnel?from=2026-01-02&until=2026-01-01', 'from'],
      ['funnel?proposedBy=nobody', 'proposedBy'],
      ['needs?level=planet', 'level'],
      ['needs?sort=name', 'sort'],
    ] as const) {
      expect(await ask(query)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    }
  });
});

describe('the funnel with times', () => {
  it('tells how many took each step, how long it took, and why others did not', async () => {
    const match = await matchAlone();
    const started = await world.proposed(match);
    world.clock.moveAhead(2 * HOUR_MS);
    await world.accept(started, match.helper);
    world.clock.moveAhead(4 * HOUR_MS);
    await world.accept(started, match.supporter);
    const propose = async () => (await world.propose(match, [one(3)])).body.allocationId as string;
    const declined = await propose();
    world.clock.moveAhead(HOUR_MS);
    await world.decline(declined, match.helper, 'no-room');
    const waiting = await world.propose(match, [one(4)]);
    await world.accept(waiting.body.allocationId as string, match.supporter);
    const last = await world.decline(waiting.body.allocationId as string, match.helper, 'no-room');

    const ask = async (query: string) =>
      (await world.matching.getAfter(last, `/figures/funnel?until=${day(1)}&${query}`, auditor)).body;
    const funnel = await ask(`field=${match.field}&region=09000000`);
    expect(funnel).toMatchObject({
      ...{ proposed: 3, secured: 3, acceptedByHelping: 1, acceptedBySupporting: 2, started: 1, delivered: 0 },
      byStage: { proposed: 0, started: 1, delivered: 0, declined: 2, expired: 0, released: 0, failed: 0 },
      reasons: [{ stage: 'declined', reasonCode: 'no-room', allocations: 2 }],
      minutes: { proposed: 800, started: 600, delivered: 0 },
      times: { startedToDelivered: { allocations: 0, medianHours: null, p90Hours: null } },
    });
    const hoursOf = (step: string) =>
      funnel.times[step] as { allocations: number; medianHours: number; p90Hours: number };
    expect(hoursOf('proposedToStarted').medianHours).toBeCloseTo(6, 1);
    expect(hoursOf('securedToAcceptedByHelping').medianHours).toBeCloseTo(2, 1);
    expect(hoursOf('securedToAcceptedBySupporting')).toMatchObject({ allocations: 2 });
    expect(hoursOf('securedToAcceptedBySupporting').medianHours).toBeCloseTo(3, 1);
    expect(hoursOf('securedToAcceptedBySupporting').p90Hours).toBeCloseTo(5.4, 1);
    expect(hoursOf('proposedToDeclined').medianHours).toBeCloseTo(0.5, 1);

    expect(await ask(`field=${match.field}&proposedBy=round`)).toMatchObject({ proposed: 0 });
    expect(await ask(`field=${match.field}&region=11000000`)).toMatchObject({ proposed: 0 });
    expect(await ask(`field=${match.field}&from=${day(1)}`)).toMatchObject({
      ...{ proposed: 0, times: { proposedToStarted: { medianHours: null } } },
    });
    expect((await world.matching.get('/figures/funnel', match.helper)).status).toBe(403);
  });
});

describe('open needs by field and region with how well they are served', () => {
  it('are told by Land, district or municipality, the least served first, page by page', async () => {
    const match = await matchAlone();
    const other = `field-${randomUUID()}`;
    const both = { fieldKeys: [match.field, other] };
    await world.need(match.helper.organisationId ?? '', {
      ...both,
      regionKey: '09184148',
      minutesPerWeek: 100,
      severity: 3,
    });
    await world.need(match.helper.organisationId ?? '', { ...both, regionKey: '11000000', minutesPerWeek: 50 });
    const allocationId = await world.proposed(match);
    await world.accept(allocationId, match.helper);
    const last = await world.accept(allocationId, match.supporter);
    const ask = async (query: string) =>
      (await world.matching.getAfter(last, `/figures/needs?field=${match.field}&${query}`, match.helper)).body;

    const byLand = await ask('');
    expect(byLand.items).toEqual([
      served('11000000', 1, 600, 0),
      { ...served('09000000', 2, 4800, 600), servedShare: 0.125 },
    ]);
    expect((await ask('level=district&sort=regionKey')).items).toMatchObject([
      { regionKey: '09162000', openNeeds: 1, startedMinutes: 600 },
      { regionKey: '09184000', openNeeds: 1, startedMinutes: 0 },
      { regionKey: '11000000' },
    ]);
    expect((await ask('level=municipality&region=09184000')).items).toMatchObject([{ regionKey: '09184148' }]);
    expect((await ask('severity=3')).items).toMatchObject([{ regionKey: '09000000', wantedMinutes: 1200 }]);
    const first = await ask('limit=1');
    const second = await ask(`limit=1&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items]).toEqual(byLand.items);
    expect(second.nextCursor).toBeUndefined();

    function served(regionKey: string, openNeeds: number, wantedMinutes: number, startedMinutes: number) {
      const minutes = { wantedMinutes, proposedMinutes: 0, startedMinutes, deliveredMinutes: 0 };
      return { fieldKey: match.field, regionKey, openNeeds, ...minutes, servedShare: startedMinutes / wantedMinutes };
    }
  });
});

describe('my organisation’s side', () => {
  it('tells what waits for its acceptance and until when, and what hours it has yet to report', async () => {
    const match = await matchAlone();
    const { supporter, helper } = match;
    const waiting = await world.propose(match);
    const { allocationId } = waiting.body as { readonly allocationId: string };
    const side = async (after: typeof waiting, of: typeof supporter, caller = of) =>
      (await world.matching.getAfter(after, `/organisations/${of.organisationId}/side`, caller)).body;
    const expected = { waitingForIt: 1, firstExpiryAt: expect.any(String), hoursDue: 0, disputed: 0 };
    for (const caller of [supporter, coordinator, auditor]) {
      expect(await side(waiting, supporter, caller)).toMatchObject({
        ...{ ...expected, offers: { open: 1, paused: 0, withdrawn: 0 }, needs: { open: 0, closed: 0 } },
        ...{ supporting: { proposed: 1, started: 0 }, helping: { proposed: 0 } },
      });
    }
    expect((await side(waiting, supporter, helper)).code).toBe('NOT_YOUR_ORGANISATION');
    const listed = await world.matching.getAfter(waiting, '/allocations?waitingForMe=true&sort=expiresAt', supporter);
    expect(listed.body.items).toMatchObject([
      { allocationId, expiresAt: (await side(waiting, supporter)).firstExpiryAt },
    ]);

    await world.accept(allocationId, helper);
    const started = await world.accept(allocationId, supporter);
    const idle = await side(started, supporter);
    expect(idle).toMatchObject({ waitingForIt: 0, hoursDue: 0, supporting: { proposed: 0, started: 1 } });
    expect(idle).not.toHaveProperty('firstExpiryAt');
    world.passWeeks(2);
    const reported = await world.hours(allocationId, helper, world.week(-1), 300);
    expect(await side(reported, helper)).toMatchObject({ hoursDue: 0, helping: { started: 1 } });
    expect(await side(reported, supporter)).toMatchObject({ hoursDue: 1 });
    const due = await world.matching.getAfter(reported, '/allocations?hoursDueFromMe=true', supporter);
    expect(due.body.items).toMatchObject([{ allocationId }]);
    expect((await world.matching.get('/allocations?hoursDueFromMe=true', helper)).body.items).toEqual([]);
    const nobody = await world.matching.get('/allocations?hoursDueFromMe=true', coordinator);
    expect(nobody).toMatchObject({ status: 400, body: { errors: [{ field: 'hoursDueFromMe' }] } });
  });

  it('is that of the organisation after merges, whichever of its ids is named', async () => {
    const [one, other] = [await world.organisation(), await world.organisation()];
    await world.offer(one.organisationId);
    await world.offer(other.organisationId);
    await world.merge(one, other);
    for (const id of [one.organisationId, other.organisationId]) {
      await world.until(async () => {
        const { body } = await world.matching.get(`/organisations/${id}/side`, coordinator);
        return body.offers.open === 2;
      });
      expect((await world.matching.get(`/offers?organisationId=${id}`, coordinator)).body.items).toHaveLength(2);
    }
  });
});

function one(later: number) {
  const week = world.week(later);
  return { from: week, to: week, minutes: 100 };
}

function day(later: number): string {
  return new Date(world.clock.now().getTime() + later * 24 * HOUR_MS).toISOString().slice(0, 10);
}
