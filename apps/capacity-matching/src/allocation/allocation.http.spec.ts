import { randomUUID } from 'node:crypto';
import { organisationSuspendedV1 } from '@alliance/contracts';
import { auditor } from '@alliance/service-world';
import { coordinator, representativeOf } from '../capacity-matching.given';
import { AllocationWorld } from './allocation-world.given';

let world: AllocationWorld;
beforeAll(async () => {
  world = await AllocationWorld.start();
});
afterAll(() => world.stop());

const read = async (id: string, caller = auditor) => (await world.matching.get(`/allocations/${id}`, caller)).body;

describe('allocation lifecycle with both sides’ confirmation', () => {
  it('goes from the proposal, by the word of both sides, to the hours that both confirm; disputes are visible', async () => {
    const match = await world.match();
    const proposed = await world.propose(match);
    expect(proposed).toMatchObject({ status: 201, body: { stage: 'proposed', isSecured: true } });
    const { allocationId } = proposed.body;
    expect(proposed.headers.get('location')).toBe(`/capacity-matching/allocations/${allocationId}`);
    const weeks = [{ from: world.week(1), to: world.week(2), minutes: 300 }];
    expect((await world.matching.getAfter(proposed, `/allocations/${allocationId}`, match.helper)).body).toMatchObject({
      ...{ allocationId, offerId: match.offerId, needId: match.needId, weeks, minutes: 600, deliveredMinutes: 0 },
      supportingOrganisationId: match.supporter.organisationId,
      helpingOrganisationId: match.helper.organisationId,
      ...{ stage: 'proposed', isDisputed: false, reports: [], securedAt: expect.any(String) },
    });

    expect(await world.accept(allocationId, match.helper)).toMatchObject({ status: 200, body: { stage: 'proposed' } });
    const second = await world.accept(allocationId, match.supporter);
    expect(second).toMatchObject({ status: 200, body: { stage: 'started' } });
    expect(await world.offerTypes(match.offerId)).toEqual(['OfferPublished', 'CapacityHeld', 'HoldConfirmed']);

    const [first, last] = [world.week(1), world.week(2)];
    expect(await world.hours(allocationId, match.helper, first, 300)).toMatchObject({
      status: 422,
      body: { code: 'WEEK_TO_COME' },
    });
    world.passWeeks(2);
    expect((await world.hours(allocationId, match.helper, first, 240)).status).toBe(204);
    const disputed = await world.hours(allocationId, match.supporter, first, 300);
    expect((await world.matching.getAfter(disputed, `/allocations/${allocationId}`, auditor)).body).toMatchObject({
      isDisputed: true,
      deliveredMinutes: 0,
      reports: [{ week: first, helping: 240, supporting: 300, isDisputed: true }],
    });
    const listed = await world.matching.get('/allocations?disputed=true', coordinator);
    expect(listed.body.items).toMatchObject([{ allocationId }]);

    await world.hours(allocationId, match.supporter, first, 240);
    await world.hours(allocationId, match.helper, last, 0);
    const done = await world.hours(allocationId, match.supporter, last, 0);
    const delivered = (await world.matching.getAfter(done, `/allocations/${allocationId}`, match.supporter)).body;
    expect(delivered).toMatchObject({ stage: 'delivered', isDisputed: false, minutes: 600, deliveredMinutes: 240 });
    expect(delivered.history.map(({ event, side }: { event: string; side?: string }) => [event, side])).toEqual([
      ['AllocationProposed', undefined],
      ['CapacitySecured', undefined],
      ['AllocationAccepted', 'helping'],
      ['AllocationAccepted', 'supporting'],
      ['AllocationStarted', undefined],
      ['HoursReported', 'helping'],
      ['HoursReported', 'supporting'],
      ['DeliveryDisputed', undefined],
      ['HoursReported', 'supporting'],
      ['HoursReported', 'helping'],
      ['HoursReported', 'supporting'],
      ['AllocationDelivered', undefined],
    ]);
    expect(JSON.stringify(delivered)).not.toMatch(/representative-of|coordinator-1/);
  });

  it('is accepted by two persons of two organisations only', async () => {
    const match = await world.match();
    const allocationId = await world.proposed(match);
    const one = { subject: 'one-person' };
    expect((await world.accept(allocationId, { ...match.helper, ...one })).status).toBe(200);
    expect(await world.accept(allocationId, { ...match.supporter, ...one })).toMatchObject({
      status: 403,
      body: { code: 'ALLOCATION_OTHER_SIDE_ACCEPTED_BY_SAME_PERSON' },
    });
    expect(await world.types(allocationId)).not.toContain('AllocationStarted');
  });

  it('ends where a side declines, with its reason, and the minutes are free again', async () => {
    const match = await world.match({ minutesPerWeek: 300 });
    const allocationId = await world.proposed(match);
    const other = await world.need(match.helper.organisationId ?? '');
    expect(await world.propose({ ...match, needId: other })).toMatchObject({
      status: 201,
      body: { stage: 'failed', reasonCode: 'capacity-taken' },
    });
    expect((await world.decline(allocationId, match.supporter)).status).toBe(204);
    await world.until(async () => (await world.offerTypes(match.offerId)).includes('HoldReleased'));
    await world.until(async () => (await read(allocationId)).stage === 'declined');
    expect(await read(allocationId)).toMatchObject({ reasonCode: 'no-time', endedAt: expect.any(String) });
    expect((await world.propose({ ...match, needId: other })).body).toMatchObject({ isSecured: true });
    expect(await world.accept(allocationId, match.helper)).toMatchObject({
      status: 409,
      body: { code: 'ALLOCATION_NOT_PROPOSED' },
    });
  });

  it('is given up from a week on; what was worked before stays', async () => {
    const match = await world.match();
    const allocationId = await world.started(match);
    const [first, last] = [world.week(1), world.week(2)];
    world.passWeeks(2);
    for (const by of [match.helper, match.supporter]) await world.hours(allocationId, by, first, 300);
    expect(await world.release(allocationId, match.helper, { reasonCode: 'no-longer', fromWeek: first })).toMatchObject(
      { status: 422, body: { code: 'WEEK_PAST' } },
    );
    const released = await world.release(allocationId, match.helper, { reasonCode: 'no-longer' });
    expect((await world.matching.getAfter(released, `/allocations/${allocationId}`, coordinator)).body).toMatchObject({
      ...{ stage: 'delivered', minutes: 300, deliveredMinutes: 300, weeks: [{ from: first, to: first, minutes: 300 }] },
    });
    await world.until(async () => (await world.offerTypes(match.offerId)).includes('HoldReleased'));

    const waiting = await world.proposed(await world.match());
    expect((await world.release(waiting, coordinator, { reasonCode: 'mistake', fromWeek: last })).status).toBe(204);
    expect((await world.types(waiting)).at(-1)).toBe('AllocationReleased');
  });

  it('takes nothing twice: a repeated request gets its answer again, and a side accepts once', async () => {
    const match = await world.match({}, { minutesPerWeek: 300 });
    const key = { 'idempotency-key': randomUUID() };
    const first = await world.propose(match, undefined, key);
    const { allocationId } = first.body;
    await world.matching.getAfter(first, `/allocations/${allocationId}`, auditor);
    expect((await world.propose(match)).body).toMatchObject({ code: 'MORE_THAN_NEEDED' });
    expect(await world.propose(match, undefined, key)).toMatchObject({ status: 201, body: first.body });
    for (let time = 0; time < 2; time += 1) expect((await world.accept(allocationId, match.helper)).status).toBe(200);
    expect(await world.types(allocationId)).toEqual(['AllocationProposed', 'CapacitySecured', 'AllocationAccepted']);
  });
});

describe('who may do what with allocations', () => {
  it('is their own side for representatives, everything to read for auditors, nothing for operators', async () => {
    const match = await world.match();
    const allocationId = await world.proposed(match);
    await world.until(async () => (await read(allocationId)).stage === 'proposed');
    const stranger = await world.organisation();
    for (const answer of [
      await world.matching.get(`/allocations/${allocationId}`, stranger),
      await world.accept(allocationId, stranger),
      await world.decline(allocationId, stranger),
      await world.hours(allocationId, stranger, world.week(1), 1),
      await world.release(allocationId, stranger, { reasonCode: 'no-longer' }),
    ]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'ALLOCATION_UNKNOWN' } });
    }
    expect((await world.matching.get('/allocations', stranger)).body.items).toEqual([]);
    expect((await world.matching.get('/allocations?waitingForMe=true', match.helper)).body.items).toMatchObject([
      { allocationId },
    ]);
    await world.accept(allocationId, match.helper);
    const operator = { subject: 'operator-1', role: 'operator' as const };
    expect((await world.matching.get('/allocations', operator)).status).toBe(403);
    expect((await world.accept(allocationId, coordinator)).status).toBe(403);
    expect((await world.matching.post('/allocations', {}, match.helper)).status).toBe(403);
    expect((await world.matching.post('/allocations', {}, auditor)).status).toBe(403);
    await world.until(
      async () => (await world.matching.get('/allocations?waitingForMe=true', match.helper)).body.items.length === 0,
    );
    expect((await world.matching.get('/allocations?waitingForMe=true', match.supporter)).body.items).toHaveLength(1);
  });

  it('is nothing new with organisations that the registry has suspended', async () => {
    const match = await world.match();
    const allocationId = await world.proposed(match);
    const organisationId = match.helper.organisationId ?? '';
    const data = { organisationId, reasonCode: 'report-overdue', suspendedAt: '2026-04-01T10:00:00.000Z' };
    await world.matching.receive({ contract: organisationSuspendedV1, data }, organisationId, 1n);
    await world.until(async () => {
      const { body } = await world.matching.get(`/known-organisations/${organisationId}`, auditor);
      return body.status === 'suspended';
    });
    expect(await world.propose(match)).toMatchObject({
      status: 409,
      body: { code: 'SIDE_NOT_ADMITTED', data: { organisationId, standing: 'suspended' } },
    });
    expect(await world.accept(allocationId, match.supporter)).toMatchObject({
      status: 409,
      body: { code: 'SIDE_NOT_ADMITTED' },
    });
    expect(await world.accept(allocationId, match.helper)).toMatchObject({
      status: 403,
      body: { code: 'ORGANISATION_NOT_ADMITTED' },
    });
    expect(await world.types(allocationId)).not.toContain('AllocationAccepted');
  });

  it('is nobody’s to confirm where both sides have become one organisation', async () => {
    const match = await world.match();
    const allocationId = await world.proposed(match);
    await world.merge(match.helper, match.supporter);
    for (const by of [match.helper, match.supporter]) {
      expect(await world.accept(allocationId, by)).toMatchObject({
        status: 409,
        body: { code: 'ALLOCATION_SIDES_MERGED' },
      });
    }
  });
});

describe('allocations are listed', () => {
  it('page by page, by stage, offer, need, organisation and side, week; in the order that is asked for', async () => {
    const match = await world.match();
    const week = world.week(3);
    const first = await world.proposed(match);
    const second = await world.propose(match, [{ from: week, to: week, minutes: 100 }]);
    const list = async (query: string, caller = auditor) => {
      const { body } = await world.matching.getAfter(second, `/allocations?${query}`, caller);
      return body.items.map(({ allocationId }: { allocationId: string }) => allocationId);
    };
    const both = [second.body.allocationId, first];
    const [supporterId, helperId] = [match.supporter.organisationId, match.helper.organisationId];
    expect(await list(`offerId=${match.offerId}`)).toEqual(both);
    expect(await list(`needId=${match.needId}&sort=proposedAt`)).toEqual([...both].reverse());
    expect(await list(`needId=${match.needId}&sort=-minutes`)).toEqual([...both].reverse());
    expect(await list(`organisationId=${supporterId}&side=supporting`)).toEqual(both);
    expect(await list(`organisationId=${supporterId}&side=helping`)).toEqual([]);
    expect(await list(`organisationId=${helperId}&week=${week}`, match.supporter)).toEqual([second.body.allocationId]);
    expect(await list(`organisationId=${randomUUID()}`, match.supporter)).toEqual([]);
    expect(await list(`offerId=${match.offerId}&stage=started`)).toEqual([]);
    expect(await list(`offerId=${match.offerId}&roundId=${randomUUID()}`)).toEqual([]);
    const page = await world.matching.get(`/allocations?offerId=${match.offerId}&limit=1`, coordinator);
    expect(await list(`offerId=${match.offerId}&limit=1&cursor=${page.body.nextCursor}`)).toEqual([first]);
  });

  it('and not by what makes no sense', async () => {
    for (const query of ['week=2025-W53', 'stage=gone', 'disputed=perhaps', 'side=helping', 'sort=id', 'offerId=1']) {
      expect((await world.matching.get(`/allocations?${query}`, coordinator)).status).toBe(400);
    }
    expect((await world.matching.get('/allocations?waitingForMe=true', coordinator)).status).toBe(400);
    const unknown = `/allocations/${randomUUID()}`;
    expect((await world.matching.get(unknown, representativeOf(randomUUID()))).status).toBe(404);
  });
});
