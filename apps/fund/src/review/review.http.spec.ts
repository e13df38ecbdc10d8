import { randomUUID } from 'node:crypto';
import { auditor, type Caller } from '@alliance/service-world';
import { callEvents, type Member } from '../call/call.events';
import { approver, coordinator, FundWorld, officer } from '../fund.given';
import { type GrantEvent, grantEvents } from '../grant/grant.events';
import { aGrant, euros, ids, type Step, theApplication, theCall, who } from '../grant/grant.given';
import { contribution, opened } from '../pot/pot.given';
import { potEvents } from '../pot/pot.events';

let world: FundWorld;
const [parent, sibling] = [randomUUID(), randomUUID()];
beforeAll(async () => {
  world = await FundWorld.start();
  await world.admit(parent);
  await world.admit(ids.donor);
  await world.admit(ids.applicant, { parentOrganisationId: parent });
  await world.admit(sibling, { parentOrganisationId: parent });
});
afterAll(() => world.stop());

const reviewer = (subject: string, organisationId?: string): Caller => ({
  subject,
  role: 'reviewer',
  ...(organisationId !== undefined && { organisationId }),
});
const [first, second, third] = ['reviewer-1', 'reviewer-2', 'reviewer-3'].map((subject) => reviewer(subject)) as [
  Caller,
  Caller,
  Caller,
];
const everyone: readonly Member[] = [first, second, third].map(({ subject }) => ({ subject }));

/** A grant of a call with that panel; nobody has declared anything, unless the history says so. */
interface History {
  readonly upTo?: Step;
  readonly panel?: readonly Member[];
  readonly then?: readonly GrantEvent[];
}
async function grant({ upTo = 'submitted', panel = everyone, then = [] }: History = {}): Promise<string> {
  const [id, callId, potId] = [randomUUID(), randomUUID(), randomUUID()];
  await world.plant(potEvents, potId, [opened, contribution(randomUUID(), 20_000)]);
  await world.plant(callEvents, callId, [
    { type: 'CallPublished', data: { potId, call: theCall, panel: [...panel], publishedBy: who.officer } },
  ]);
  const history = JSON.stringify([...aGrant({ upTo }), ...then])
    .replaceAll(ids.call, callId)
    .replaceAll(ids.pot, potId);
  await world.plant(grantEvents, id, JSON.parse(history) as GrantEvent[]);
  return id;
}
const checked: GrantEvent = {
  type: 'FormalCheckPassed',
  data: { version: 1, eligibility: theEligibility(), checkedBy: who.checker },
};
function theEligibility() {
  const event = aGrant({ upTo: 'submitted' }).at(-1);
  if (event?.type !== 'ApplicationSubmitted') throw new Error('The history has changed.');
  return event.data.eligibility;
}

const declare = (id: string, by: Caller, body: object = { kind: 'none' }) =>
  world.post(`/grants/${id}/conflict-declarations`, body, by);
const scores = (points: number) => theCall.criteria.map(({ key }) => ({ key, points }));
const review = (points = 8, more: object = {}) => ({
  scores: scores(points),
  rationale: 'Knüpft an Bestehendes an.',
  recommendation: 'fund',
  ...more,
});

describe('conflict of interest before content', () => {
  it('shows an undeclared reviewer number, title and applicant only, over every query of a grant', async () => {
    const id = await grant({ upTo: 'report-accepted' });
    const { body: api } = await world.get('/openapi.json', undefined);
    const paths = Object.entries(api.paths as Record<string, Record<string, unknown>>).filter(
      ([path, methods]) => path.startsWith('/fund/grants/{id}') && 'get' in methods,
    );
    expect(paths.length).toBeGreaterThan(8);
    const undeclared = reviewer('reviewer-9');
    const answered: string[] = [];
    for (const [path] of paths) {
      const url = path
        .replace('/fund', '')
        .replace('{id}', id)
        .replace('{trancheId}', ids.firstTranche)
        .replace('{reportId}', ids.report);
      expect(url).not.toMatch(/[{}]/);
      const { status, body } = await world.get(url, undeclared);
      expect([200, 403]).toContain(status);
      if (status !== 200) continue;
      answered.push(path);
      const said = JSON.stringify(body);
      const content = [theApplication.summary, 'staff', 'Beide Gutachten', '1000000', '1200000', 'orientation'];
      for (const word of content) expect(said).not.toContain(word);
    }
    expect(answered.sort()).toEqual(['/fund/grants/{id}', '/fund/grants/{id}/conflict-declarations']);
    const { body: outline } = await world.get(`/grants/${id}`, undeclared);
    expect(Object.keys(outline).sort()).toEqual(['applicantOrganisationId', 'grantId', 'reference', 'stage', 'title']);
  });

  it('tells nobody by the answer to a command what they may not read', async () => {
    const recommended = await grant({ upTo: 'recommended' });
    const undeclared: Caller = { subject: 'approver-9', role: 'approver' };
    const old = await world.post(`/grants/${recommended}/decision-approvals`, { seenVersion: 99 }, undeclared);
    expect(old.body).toMatchObject({ status: 403, code: 'FOUR_EYES_UNDECLARED' });
    const checkedTranche = await grant({ upTo: 'checked' });
    const path = `/grants/${checkedTranche}/tranches/${ids.firstTranche}`;
    const ofPayment = await world.post(`${path}/approvals`, { seenVersion: 99 }, undeclared);
    expect(ofPayment.body).toMatchObject({ status: 403, code: 'FOUR_EYES_UNDECLARED' });
    const partial: Caller = { subject: 'officer-8', role: 'fund-officer', organisationId: sibling };
    const check = await world.post(`${path}/check`, { seenVersion: 99 }, partial);
    expect(check.body).toMatchObject({ status: 403, code: 'TRANCHE_CHECK_CONFLICTED' });
    for (const { body } of [old, ofPayment, check]) expect(JSON.stringify(body)).not.toMatch(/amount|terms|dueOn/);
  });

  it('tells nobody in a list of grants in which their employer has an interest', async () => {
    const id = await grant({ upTo: 'checked' });
    const impartial: Caller = { subject: 'officer-7', role: 'fund-officer' };
    const partial: Caller = { ...impartial, organisationId: sibling };
    const payments = async (by: Caller) => (await world.get(`/payments?grantId=${id}`, by)).body.items;
    const exported = async (by: Caller) => (await world.get('/exports/grants.csv', by)).body.toString();
    while ((await payments(impartial)).length === 0);
    expect(await payments(impartial)).toMatchObject([{ grantId: id }]);
    expect(await exported(impartial)).toContain(id);
    expect(await payments(partial)).toEqual([]);
    expect(await exported(partial)).not.toContain(id);
  });

  it('opens the content by declaring to have none, and closes it for good by a later word', async () => {
    const id = await grant();
    const application = async () => (await world.get(`/grants/${id}`, first)).body.application;
    expect(await application()).toBeUndefined();
    expect((await declare(id, first)).status).toBe(204);
    expect(await application()).toMatchObject({ title: theApplication.title });
    expect((await declare(id, first, { kind: 'personal' })).status).toBe(204);
    expect(await application()).toBeUndefined();
    expect((await declare(id, first)).body).toMatchObject({ status: 403, code: 'CONFLICT_STANDS' });
  });

  it.each<[string, () => Caller, readonly Member[]]>([
    ['the applicant', () => reviewer('reviewer-1', ids.applicant), everyone],
    ['a member of the same parent', () => reviewer('reviewer-1', sibling), everyone],
    ['the parent', () => reviewer('reviewer-1', parent), everyone],
    ['a donor of the pot', () => reviewer('reviewer-1', ids.donor), everyone],
    ['a member of the same parent, by the panel', () => first, [{ subject: 'reviewer-1', organisationId: sibling }]],
  ])('follows from the registry: nobody employed by %s has a part in it', async (_, employee, panel) => {
    const id = await grant({ upTo: 'submitted', panel, then: [checked] });
    const answer = await declare(id, employee());
    expect(answer.body).toMatchObject({ status: 403, code: 'CONFLICT_STANDS', data: { kind: 'institutional' } });
    expect((await world.get(`/grants/${id}`, employee())).body.application).toBeUndefined();
    const { body: eligible } = await world.get(`/grants/${id}/eligible-reviewers`, officer);
    const isOnPanel = panel.some(({ organisationId }) => organisationId !== undefined);
    if (isOnPanel) expect(eligible.excluded).toEqual([{ subject: 'reviewer-1', because: ['INSTITUTIONAL'] }]);
  });

  it('is declared for oneself, and by coordinators for others', async () => {
    const id = await grant();
    const ofAnother = { kind: 'adviser', subject: second.subject };
    expect((await declare(id, first, ofAnother)).body).toMatchObject({ status: 403, code: 'CONFLICT_OF_ANOTHER' });
    expect((await declare(id, coordinator, { kind: 'none', subject: 'reviewer-2' })).status).toBe(400);
    expect((await declare(id, coordinator, ofAnother)).status).toBe(204);
    expect((await declare(id, first, { kind: 'friendship' })).body.errors).toMatchObject([{ field: 'kind' }]);
    const all = { items: [{ subject: 'reviewer-2', kind: 'adviser' }] };
    for (const insider of [officer, auditor]) {
      expect((await world.get(`/grants/${id}/conflict-declarations`, insider)).body).toEqual(all);
    }
    expect((await world.get(`/grants/${id}/conflict-declarations`, first)).body).toEqual({ items: [] });
    expect((await world.get(`/grants/${id}/conflict-declarations`, second)).body).toEqual(all);
    expect((await declare(randomUUID(), first)).status).toBe(404);
    expect((await declare(id, { subject: 'x', role: 'representative', organisationId: ids.applicant })).status).toBe(
      403,
    );
  });

  it('proposes pairs of reviewers, the least asked first, or proves that there is none', async () => {
    const id = await grant({ then: [checked] });
    const path = `/grants/${id}/eligible-reviewers`;
    const before = (await world.get(path, officer)).body;
    expect(before).toMatchObject({ wanted: 2, excluded: [], provenNone: false });
    expect(before.pairs).toHaveLength(3);
    for (const one of [second, third]) await declare(id, one, { kind: 'collaborator' });
    expect((await world.get(path, officer)).body).toEqual({
      wanted: 2,
      pairs: [],
      excluded: [second, third].map(({ subject }) => ({ subject, because: ['DECLARED'] })),
      provenNone: true,
    });
    expect((await world.get(path, first)).status).toBe(403);
    await declare(id, officer, { kind: 'personal' });
    expect((await world.get(path, officer)).body.code).toBe('GRANT_CONTENT_CLOSED');
  });
});

describe('reviews', () => {
  it('are asked of two of the panel, given by them alone, and seen by each after their own', async () => {
    const id = await grant({ then: [checked] });
    const assign = (subjects: readonly string[], by = officer) =>
      world.post(`/grants/${id}/reviewers`, { subjects }, by);
    expect((await assign(['reviewer-1'])).status).toBe(400);
    expect((await assign(['reviewer-1', 'somebody'])).body).toMatchObject({
      status: 422,
      code: 'REVIEWER_NOT_ON_PANEL',
    });
    const assigned = await assign(['reviewer-1', 'reviewer-2']);
    expect(assigned.status).toBe(204);
    const { body: tasks } = await world.getAfter(assigned, '/reviews?open=true', first);
    expect(tasks.items.find(({ grantId }: { grantId: string }) => grantId === id)).toEqual({
      grantId: id,
      reference: id.slice(0, 8).toUpperCase(),
      title: theApplication.title,
      applicantOrganisationId: ids.applicant,
      assignedAt: expect.any(String),
    });

    const give = (by: Caller, body: object = review()) => world.post(`/grants/${id}/reviews`, body, by);
    expect((await give(first)).body).toMatchObject({ status: 403, code: 'REVIEW_UNDECLARED' });
    for (const one of [first, second, third]) await declare(id, one);
    expect((await give(third)).body).toMatchObject({ status: 403, code: 'REVIEW_NOT_ASSIGNED' });
    expect((await give(first, review(7.5))).body.errors).toMatchObject([
      { field: 'scores[0].points' },
      { field: 'scores[1].points' },
    ]);
    expect((await give(first, review(8, { scores: scores(8).slice(1) }))).body).toMatchObject({
      code: 'REVIEW_SCORES_INCOMPLETE',
      data: { missing: ['need'] },
    });
    expect((await give(first, review(8, { amount: euros(12_001) }))).body.code).toBe('REVIEW_AMOUNT_OVER_REQUESTED');
    const given = await give(first);
    expect(given.status).toBe(204);
    const seenBy = async (one: Caller) => (await world.get(`/grants/${id}/reviews`, one)).body;
    expect((await seenBy(second)).items).toEqual([]);
    expect((await seenBy(first)).items).toMatchObject([{ reviewedBy: 'reviewer-1', weighted: 8_000, counts: true }]);
    expect(await seenBy(officer)).toMatchObject({ suffice: false, because: ['REVIEWS_TOO_FEW'] });
    // Neither who has yet to review, nor who might be asked next, learns what others think.
    for (const one of [second, third]) {
      expect(await seenBy(one)).toEqual({ assigned: ['reviewer-1', 'reviewer-2'], items: [] });
    }
    expect((await world.getAfter(given, '/reviews?open=true', first)).body.items).not.toContainEqual(
      expect.objectContaining({ grantId: id }),
    );
    await give(second, review(2, { recommendation: 'reject' }));
    expect(await seenBy(second)).toMatchObject({ suffice: false, needsThird: true });
    expect((await seenBy(second)).items).toHaveLength(2);
    expect((await world.get(`/grants/${id}/eligible-reviewers`, officer)).body).toMatchObject({
      wanted: 1,
      pairs: [{ subjects: ['reviewer-3'] }],
    });
    expect((await world.get(`/grants/${id}/reviews`, approver)).status).toBe(403);
  });

  it('of who turns out to be conflicted no longer count, and are shown to them no more', async () => {
    const id = await grant({ upTo: 'reviewed' });
    const before = (await world.get(`/grants/${id}/reviews`, officer)).body;
    expect(before).toMatchObject({ suffice: true, items: [{ counts: true }, { counts: true }] });
    expect((await declare(id, first, { kind: 'collaborator' })).status).toBe(204);
    const after = (await world.get(`/grants/${id}/reviews`, officer)).body;
    expect(after).toMatchObject({ suffice: false, because: ['REVIEWS_TOO_FEW'] });
    expect(after.items.map(({ counts }: { counts: boolean }) => counts)).toEqual([false, true]);
    expect((await world.get(`/grants/${id}/reviews`, first)).status).toBe(403);
    const again = await world.post(`/grants/${id}/reviews`, review(9), first);
    expect(again.body).toMatchObject({ status: 403, code: 'REVIEW_CONFLICTED' });
  });
});
