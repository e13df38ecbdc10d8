import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { addDays, addWeeks, mondayOf, weekOf } from '@alliance/calendar';
import { MovableClock } from '@alliance/event-sourcing';
import { connectDatabase } from '@alliance/read-models';
import { auditor } from '@alliance/service-world';
import { allocationEvents } from '../allocation/allocation.events';
import { accepted, proposed, secured } from '../allocation/allocation.given';
import { coordinator, MatchingWorld, representativeOf, teachWords } from '../capacity-matching.given';
import { offerEvents } from '../offer/offer.events';
import { offerFacts } from '../offer/offer.given';
import { needEvents } from './need.events';
import { needFacts } from './need.given';
import { needsForRound, NeedRow, NeedSupply } from './need-register.read-model';

const DAY_MS = 86_400_000;
const helping = randomUUID();
const other = randomUUID();
const supporting = randomUUID();
const representative = representativeOf(helping);
const stranger = representativeOf(other);
const clock = new MovableClock();
let world: MatchingWorld;

const onDay = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
const facts = {
  ...{ ...needFacts, from: onDay(0), until: onDay(30), neededBy: onDay(7) },
  excludedOrganisationIds: [other],
};

beforeAll(async () => {
  world = await MatchingWorld.start({}, clock);
  await Promise.all([teachWords(world), world.admit(helping), world.admit(other)]);
});
afterAll(() => world.stop());

const open = (changed: object = {}, caller = representative) => world.post('/needs', { ...facts, ...changed }, caller);

describe('Needs of helping organisations', () => {
  it('are opened by organisations that the registry has admitted, and found by field, region and severity', async () => {
    const answer = await open();
    expect(answer.status).toBe(201);
    const found = await world.getAfter(answer, `/needs/${answer.body.needId}`, representative);
    expect(found.body).toMatchObject({ organisationId: helping, status: 'open', severity: 2, facts });
    const listed = await world.get('/needs?field=orientation&region=09&severity=2&status=open', stranger);
    const [first] = listed.body.items as { facts: object }[];
    expect(first?.facts).not.toHaveProperty('excludedOrganisationIds');
    for (const filter of ['field=basic-supplies', 'region=11', 'severity=3', 'status=closed', 'served=fully']) {
      expect((await world.get(`/needs?${filter}`, coordinator)).body.items).toEqual([]);
    }
    const [begins, ends] = [weekOf(facts.from), weekOf(facts.until)];
    for (const [filter, count] of [
      ['skill=counselling&language=uk&remote=false&prioritised=false', 1],
      [`fromWeek=${ends}`, 1],
      [`toWeek=${begins}`, 1],
      ['skill=translation', 0],
      ['language=de', 0],
      ['remote=true', 0],
      ['prioritised=true', 0],
      [`fromWeek=${addWeeks(ends, 1)}`, 0],
      [`toWeek=${addWeeks(begins, -1)}`, 0],
    ] as const) {
      expect((await world.get(`/needs?${filter}`, coordinator)).body.items).toHaveLength(count);
    }
    for (const [filter, field] of [
      ['remote=perhaps', 'remote'],
      ['fromWeek=2025-W53', 'fromWeek'],
      ['fromWeek=2026-W16&toWeek=2026-W15', 'fromWeek'],
    ] as const) {
      expect(await world.get(`/needs?${filter}`, coordinator)).toMatchObject({
        ...{ status: 400, body: { errors: [{ field }] } },
      });
    }
    expect((await open({}, representativeOf(randomUUID()))).body.code).toBe('ORGANISATION_NOT_ADMITTED');
    expect((await open({}, auditor)).status).toBe(403);
    expect((await world.get('/needs?region=München', coordinator)).status).toBe(400);
  });

  it('name every field that is wrong: windows, hours, unknown skills, regions of no validity, needs in the past', async () => {
    const fieldsOf = async (changed: object) =>
      ((await open(changed)).body.errors as { field: string }[]).map(({ field }) => field);
    expect(await fieldsOf({ until: onDay(-1) })).toEqual(['until']);
    expect(await fieldsOf({ from: onDay(-20), until: onDay(-1), neededBy: onDay(-5) })).toEqual(['until', 'neededBy']);
    expect(await fieldsOf({ minutesPerWeek: 1_008_001 })).toEqual(['minutesPerWeek']);
    expect(
      await fieldsOf({
        ...{ mustSkills: [{ key: 'juggling', level: 1 }], niceSkills: [{ key: 'translation', level: 2 }] },
        ...{ fieldKeys: ['nonsense'], regionKey: '16999999' },
      }),
    ).toEqual(['mustSkills[0].key', 'fieldKeys[0]', 'regionKey']);
    expect(await fieldsOf({ regionKey: '80331' })).toEqual(['regionKey']);
    expect(await fieldsOf({ severity: 4, strain: 'so-so' })).toEqual(['severity', 'strain']);
  });

  it('are revised by their own side, prioritised by coordinators, closed by both, for good', async () => {
    const { needId } = (await open()).body as { needId: string };
    const path = `/needs/${needId}`;
    expect((await world.put(path, facts, stranger)).body.code).toBe('NOT_YOUR_ORGANISATION');
    expect((await world.put(path, { ...facts, severity: 1 }, representative)).status).toBe(204);
    expect((await world.post(`${path}/priority`, { severity: 3, reasonCode: 'children' }, representative)).status).toBe(
      403,
    );
    const priority = await world.post(`${path}/priority`, { severity: 3, reasonCode: 'children' }, coordinator);
    expect((await world.getAfter(priority, path, stranger)).body).toMatchObject({ severity: 3, isPrioritised: true });
    const [mostSevere] = (await world.get('/needs', coordinator)).body.items as { id: string }[];
    expect(mostSevere?.id).toBe(needId);
    expect((await world.post(`${path}/closing`, { reasonCode: 'past' }, coordinator)).status).toBe(400);
    expect((await world.post(`${path}/closing`, { reasonCode: 'withdrawn' }, stranger)).status).toBe(403);
    const closed = await world.post(`${path}/closing`, { reasonCode: 'fulfilled-elsewhere' }, representative);
    expect((await world.getAfter(closed, path, coordinator)).body).toMatchObject({
      ...{ status: 'closed', closedFor: 'fulfilled-elsewhere' },
    });
    expect((await world.put(path, facts, representative)).body.code).toBe('NEED_CLOSED');
    expect((await world.put(`/needs/${randomUUID()}`, facts, representative)).body.code).toBe('NEED_UNKNOWN');
  });

  it('show how well they are served: proposed, started, delivered', async () => {
    const { needId } = (await open()).body as { needId: string };
    const [first, second] = [randomUUID(), randomUUID()];
    const [week, weekAfter] = [addWeeks(weekOf(onDay(0)), 1), addWeeks(weekOf(onDay(0)), 2)];
    const proposal = {
      ...{ ...proposed.data, needId, helpingOrganisationId: helping, supportingOrganisationId: supporting },
      ...{ weeks: [{ from: week, to: weekAfter, minutes: 300 }], expiresAt: '2099-01-01T00:00:00.000Z' },
    };
    const window = { from: mondayOf(week), until: addDays(mondayOf(weekAfter), 6) };
    const offered = { organisationId: supporting, facts: { ...offerFacts, ...window }, publishedBy: 'planted' };
    await world.plant(offerEvents, proposal.offerId, [{ type: 'OfferPublished', data: offered }]);
    const told = { ...proposed, data: proposal };
    const weeks = [{ from: week, to: week, minutes: 100 }];
    await world.plant(allocationEvents, first, [{ ...told, data: { ...proposal, weeks } }]);
    const position = await world.plant(allocationEvents, second, [
      ...[told, secured, accepted('helping'), accepted('supporting'), { type: 'AllocationStarted', data: {} }],
      { type: 'AllocationReleased', data: { reasonCode: 'given-up', fromWeek: weekAfter } },
      { type: 'AllocationDelivered', data: { minutes: 280 } },
    ]);
    const served = await world.get(`/needs/${needId}`, representative, { 'min-position': position });
    expect(served.body.served).toMatchObject({ proposedMinutes: 100, startedMinutes: 300, deliveredMinutes: 280 });
    expect(served.body.served.servedShare).toBeCloseTo(300 / served.body.served.wantedMinutes);
    const database = await connectDatabase({ url: world.database.url, entities: [NeedRow, NeedSupply] });
    const round = (await needsForRound(database.manager)).find(({ id }) => id === needId);
    await database.destroy();
    expect(round?.supplies.map(({ weeks: [run] }) => run?.minutes).sort()).toEqual([100, 300]);
  });

  it('are closed by the clock after their last day, once, and not when they were revised to last longer', async () => {
    const { needId } = (await open({ until: onDay(10) })).body as { needId: string };
    const revised = (await open({ until: onDay(10) })).body as { needId: string };
    await world.put(`/needs/${revised.needId}`, { ...facts, until: onDay(300) }, representative);
    clock.moveAhead(12 * DAY_MS);
    const closings = async (id: string) =>
      (await world.events(needEvents, id)).filter(({ type }) => type === 'NeedClosed');
    while ((await closings(needId)).length === 0) {
      clock.moveAhead(60_000);
      await sleep(20);
    }
    for (let ticks = 0; ticks < 5; ticks += 1) {
      clock.moveAhead(60_000);
      await sleep(20);
    }
    expect(await closings(needId)).toMatchObject([{ data: { reasonCode: 'past' } }]);
    expect(await closings(revised.needId)).toEqual([]);
  });
});
