import { randomUUID } from 'node:crypto';
import { callEvents } from '../call/call.events';
import { type Answer, auditor, type Caller } from '@alliance/service-world';
import { approver, officer } from '../fund.given';
import { potEvents } from '../pot/pot.events';
import { contribution, opened } from '../pot/pot.given';
import { GrantWorld } from './grant-world.given';
import { euros, ids, theCall, who } from './grant.given';

const checker: Caller = { subject: who.checker, role: 'fund-officer' };
const second: Caller = { subject: who.approvers[1], role: 'approver' };
const reviewers = who.reviewers.map((subject): Caller => ({ subject, role: 'reviewer' }));

let world: GrantWorld;
let callId: string;
beforeAll(async () => {
  world = await GrantWorld.start();
  await world.fund.admit(ids.donor);
  const potId = randomUUID();
  callId = randomUUID();
  await world.fund.plant(potEvents, potId, [opened, contribution(randomUUID(), 50_000)]);
  const [opensAt, closesAt] = [-1, 1].map((days) => new Date(Date.now() + days * 86_400_000).toISOString());
  const call = { ...theCall, opensAt: opensAt ?? '', closesAt: closesAt ?? '' };
  const panel = who.reviewers.map((subject) => ({ subject }));
  await world.fund.plant(callEvents, callId, [
    { type: 'CallPublished', data: { potId, call, panel, publishedBy: 'coordinator-1' } },
  ]);
});
afterAll(() => world.stop());

const said = ({ status, body }: Answer) => [status, body?.code];

describe('a structure that overlaps, recorded after the formal check', () => {
  it('blocks the award until the applicant has given a reason, and the next version is checked, reviewed and approved', async () => {
    const service = `advice-${randomUUID()}`;
    const applicant = await world.applicant();
    const { grantId } = await world.submitted(callId, applicant, { service });
    const post = (step: string, body: object, by: Caller) => world.fund.post(`/grants/${grantId}/${step}`, body, by);
    const done = async (answer: Promise<Answer>, status = 204) =>
      expect(said(await answer)).toEqual([status, undefined]);
    const checkAndReview = async (seenVersion: number) => {
      await done(post('formal-check', { seenVersion }, checker));
      await done(post('reviewers', { subjects: who.reviewers }, checker));
      const scores = theCall.criteria.map(({ key }) => ({ key, points: 8 }));
      const review = { scores, rationale: 'Trägt.', recommendation: 'fund' };
      for (const reviewer of reviewers) await done(post('reviews', review, reviewer));
    };
    const proposal = { outcome: 'approved', amount: euros(10_000), reason: 'Beide Gutachten empfehlen es.' };
    const approve = (seenVersion: number, by: Caller) => post('decision-approvals', { seenVersion }, by);
    for (const one of [officer, checker, approver, second, ...reviewers]) {
      await done(post('conflict-declarations', { kind: 'none' }, one));
    }

    await checkAndReview(1);
    await done(post('decision-proposals', proposal, officer), 200);
    await done(approve(1, approver), 200);
    await world.applicant('representative-2', service);
    const blocked = await approve(1, second);
    expect(said(blocked)).toEqual([409, 'GRANT_NOT_ELIGIBLE']);
    expect(blocked.body.data.blockers.map(({ code }: { code: string }) => code)).toContain('DOUBLE_STRUCTURE_REASON');

    const sentBack = await post('information-request', { items: ['overlap-reason'] }, checker);
    expect(sentBack.status).toBe(204);
    const grant = async (by = auditor) => (await world.fund.get(`/grants/${grantId}`, by)).body;
    expect(await grant()).toMatchObject({ stage: 'information-requested', amounts: { recommended: euros(0) } });
    expect(said(await approve(1, second))).toEqual([409, 'GRANT_WRONG_STAGE']);
    expect(said(await post('submission', {}, applicant.speaker))).toEqual([409, 'GRANT_NOT_ELIGIBLE']);
    await done(post('submission', { overlapReason: 'In einer anderen Sprache.' }, applicant.speaker));
    expect(await grant()).toMatchObject({ stage: 'submitted', version: 2 });
    expect((await world.fund.get(`/grants/${grantId}/reviews`, officer)).body).toMatchObject({ items: [] });

    const checked = await post('formal-check', { seenVersion: 2 }, checker);
    const { body: tasks } = await world.fund.getAfter(checked, '/reviews?open=true', reviewers[0] ?? officer);
    expect(tasks.items).toContainEqual(expect.objectContaining({ grantId }));
    expect(said(await post('decision-proposals', proposal, officer))).toEqual([409, 'GRANT_REVIEWS_INSUFFICIENT']);
    await checkAndReview(2);
    await done(post('decision-proposals', proposal, officer), 200);
    expect(said(await approve(1, approver))).toEqual([412, 'FOUR_EYES_VERSION_OUTDATED']);
    expect((await approve(2, approver)).body).toEqual({ stage: 'recommended' });
    expect((await approve(2, second)).body).toEqual({ stage: 'awarded' });
    const facts = (await world.fund.get(`/grants/${grantId}/state`, auditor)).body.facts;
    expect(facts).toMatchObject({ stage: { value: 'awarded' }, 'application version': { value: 2 } });
  });
});
