import { randomUUID } from 'node:crypto';
import { KnownOrganisation } from '@alliance/known-organisations';
import { connectDatabase } from '@alliance/read-models';
import { needEvents } from '../need/need.events';
import { AllocationWorld } from './allocation-world.given';
import { findHoarders } from './hoarding.read-model';

let world: AllocationWorld;
beforeAll(async () => {
  world = await AllocationWorld.start({ HOARDING_OPEN_AT_MOST: '2', HOARDING_FINISHED_BELOW_PERCENT: '50' });
});
afterAll(() => world.stop());

describe('hard rules hold for proposals by hand too', () => {
  it('exclusions of either side, and proof of qualifications, are refused with their codes', async () => {
    const [supporter, helper] = [await world.organisation(), await world.organisation()];
    const open = {
      offerId: await world.offer(supporter.organisationId),
      needId: await world.need(helper.organisationId),
    };
    const excluding = (organisationId: string) => ({ excludedOrganisationIds: [organisationId] });
    const offerId = await world.offer(supporter.organisationId, excluding(helper.organisationId));
    const needId = await world.need(helper.organisationId, excluding(supporter.organisationId));
    for (const match of [
      { ...open, offerId },
      { ...open, needId },
    ]) {
      expect(await world.propose(match)).toMatchObject({
        status: 422,
        body: { code: 'HARD_RULES_NOT_MET', data: { faults: [{ rule: 'NOT_EXCLUDED' }] } },
      });
    }
    const guarded = await world.need(helper.organisationId, { requiredQualifications: ['work-with-children'] });
    expect((await world.propose({ ...open, needId: guarded })).body.data.faults).toMatchObject([
      { rule: 'QUALIFICATIONS_PROVED', change: expect.stringContaining('work-with-children') },
    ]);
    const own = await world.need(supporter.organisationId, { mustSkills: [{ key: 'law', level: 2 }] });
    expect(
      (await world.propose({ ...open, needId: own })).body.data.faults.map(({ rule }: { rule: string }) => rule),
    ).toEqual(['OTHER_ORGANISATION', 'SKILLS_THERE']);
  });

  it('a need gets no more than it lacks, of no more supporters than can be looked after', async () => {
    const { needId, ...match } = await world.match({}, { minutesPerWeek: 400, mostSupporters: 1 });
    const week = world.week(1);
    const first = await world.propose({ ...match, needId }, [{ from: week, to: week, minutes: 300 }]);
    await world.matching.getAfter(first, '/allocations', match.helper);
    const more = [{ from: week, to: world.week(2), minutes: 150 }];
    expect(await world.propose({ ...match, needId }, more)).toMatchObject({
      status: 409,
      body: { code: 'MORE_THAN_NEEDED', data: { weeks: [{ week, wanted: 150, lacking: 100 }] } },
    });
    const another = await world.offer((await world.organisation()).organisationId);
    expect(await world.propose({ needId, offerId: another }, [{ from: week, to: week, minutes: 100 }])).toMatchObject({
      status: 409,
      body: { code: 'MOST_SUPPORTERS_REACHED', data: { mostSupporters: 1 } },
    });
  });

  it('what does not exist or is closed gets nothing, and malformed weeks are named', async () => {
    const match = await world.match();
    expect((await world.propose({ ...match, offerId: randomUUID() })).body).toMatchObject({ code: 'OFFER_UNKNOWN' });
    expect((await world.propose({ ...match, needId: randomUUID() })).body).toMatchObject({ code: 'NEED_UNKNOWN' });
    const closed = randomUUID();
    const opened = (await world.matching.events(needEvents, match.needId)).map(({ type, data }) => ({ type, data }));
    await world.matching.plant(needEvents, closed, [
      ...(opened as { type: string; data: object }[]),
      { type: 'NeedClosed', data: { reasonCode: 'fulfilled' } },
    ]);
    expect(await world.propose({ ...match, needId: closed })).toMatchObject({
      status: 409,
      body: { code: 'NEED_CLOSED' },
    });

    const week = world.week(1);
    const faulty: readonly (readonly [readonly object[], string])[] = [
      [[{ from: '2025-W53', to: week, minutes: 60 }], 'weeks[0].from'],
      [[{ from: world.week(2), to: week, minutes: 60 }], 'weeks[0].to'],
      [[{ from: week, to: '9999-W01', minutes: 60 }], 'weeks[0].to'],
      [[{ from: week, to: week, minutes: 0 }], 'weeks[0].minutes'],
      [[1, 2].map(() => ({ from: week, to: week, minutes: 60 })), 'weeks[1].from'],
      [[], 'weeks'],
    ];
    for (const [weeks, field] of faulty) {
      const { status, body } = await world.propose(match, weeks);
      expect([status, body.errors.map((fault: { field: string }) => fault.field)]).toEqual([400, [field]]);
    }
  });
});

describe('anti-hoarding as settings', () => {
  it('limits the open allocations of an organisation that finishes few of them, and says by which numbers', async () => {
    const [supporter, helper] = [await world.organisation(), await world.organisation()];
    const offerId = await world.offer(supporter.organisationId);
    const next = async () => {
      const answer = await world.propose({ offerId, needId: await world.need(helper.organisationId) }, [
        { from: world.week(1), to: world.week(1), minutes: 60 },
      ]);
      if (answer.status === 201) await world.matching.getAfter(answer, '/allocations', helper);
      return answer;
    };
    // Of whom nothing has ended nobody can say that it finishes little.
    const open = [await next(), await next(), await next()].map(({ body }) => body.allocationId as string);
    const declined = await world.decline(open[0] ?? '', supporter);
    await world.matching.getAfter(declined, '/allocations', helper);
    expect(await next()).toMatchObject({
      status: 409,
      body: {
        code: 'HOARDING_LIMIT',
        data: { organisationId: supporter.organisationId, open: 2, ended: 1, delivered: 0, openAtMost: 2 },
      },
    });
    // A merge takes nothing off it.
    const survivor = await world.organisation();
    await world.merge(supporter, survivor);
    const fresh = {
      offerId: await world.offer(survivor.organisationId),
      needId: await world.need(helper.organisationId),
    };
    expect((await world.propose(fresh)).body).toMatchObject({
      code: 'HOARDING_LIMIT',
      data: { organisationId: survivor.organisationId, open: 2 },
    });
    const database = await connectDatabase({ url: world.matching.database.url, entities: [KnownOrganisation] });
    const all = await findHoarders(database.manager, { openAtMost: 2, finishedBelowPercent: 50 });
    await database.destroy();
    const hoarding = [supporter, survivor, helper].filter(({ organisationId }) => all.has(organisationId));
    expect(hoarding).toEqual([supporter, survivor, helper]);
    const another = await world.decline(open[1] ?? '', helper);
    await world.matching.getAfter(another, '/allocations', helper);
    expect((await next()).status).toBe(201);
  });
});
