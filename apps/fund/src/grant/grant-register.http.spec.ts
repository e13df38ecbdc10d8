import { randomUUID } from 'node:crypto';
import { auditor, type Caller } from '@alliance/service-world';
import { approver, coordinator, officer } from '../fund.given';
import { type GrantEvent, grantEvents } from './grant.events';
import { aGrant, euros, ids, theApplication, who } from './grant.given';
import { type Applicant, GrantWorld } from './grant-world.given';

let world: GrantWorld;
let applicant: Applicant;
let other: Applicant;
beforeAll(async () => {
  world = await GrantWorld.start();
  [applicant, other] = [await world.applicant(), await world.applicant('representative-2')];
});
afterAll(() => world.stop());

const reviewer: Caller = { subject: who.reviewers[0], role: 'reviewer' };
const outline = ['applicantOrganisationId', 'grantId', 'reference', 'stage', 'title'];

/** The grant of 10,000 EUR, as this organisation would have applied for it; with where it stands in the log. */
async function planted(callId: string, { organisationId }: Applicant, events = aGrant({ upTo: 'paid' })) {
  const grantId = randomUUID();
  const own = events.map((event): GrantEvent =>
    event.type === 'GrantDrafted'
      ? { ...event, data: { ...event.data, callId, potId: randomUUID(), applicantOrganisationId: organisationId } }
      : event,
  );
  const position = await world.fund.plant(grantEvents, grantId, own);
  return { grantId, position };
}

describe('grant (application to closing): the register', () => {
  it('shows whole grants to who works on them, outlines to who judges, and to applicants their own', async () => {
    const callId = await world.openCall();
    const mine = await planted(callId, applicant);
    const { grantId, position } = await planted(callId, other);
    const listed = async (caller: Caller) => {
      const { body } = await world.fund.get(`/grants?call=${callId}&sort=draftedAt`, caller, {
        'min-position': position,
      });
      return body.items;
    };
    for (const caller of [officer, coordinator, auditor]) {
      const items = await listed(caller);
      expect(items).toHaveLength(2);
      expect(items[1]).toEqual({
        grantId,
        reference: grantId.slice(0, 8).toUpperCase(),
        title: theApplication.title,
        applicantOrganisationId: other.organisationId,
        stage: 'paying',
        stageSince: expect.any(String),
        callId,
        potId: expect.any(String),
        amounts: {
          requested: euros(12_000),
          recommended: euros(10_000),
          awarded: euros(10_000),
          disbursed: euros(6_000),
          remaining: euros(4_000),
          spent: euros(0),
          returned: euros(0),
        },
        fieldKeys: ['orientation'],
        regionKeys: ['09162000'],
        projectFrom: '2026-04-01',
        projectTo: '2026-12-31',
      });
    }
    for (const caller of [reviewer, approver]) {
      const items = await listed(caller);
      expect(items.map((item: object) => Object.keys(item).sort())).toEqual(
        [0, 1].map(() => [...outline, 'stageSince'].sort()),
      );
    }
    const own = await listed(applicant.speaker);
    expect(own).toMatchObject([{ grantId: mine.grantId, amounts: { disbursed: euros(6_000) } }]);
    expect(own[0].amounts).not.toHaveProperty('recommended');
    expect(await listed({ subject: 'r', role: 'representative' })).toEqual([]);
  });

  it('shows no more than the outline to an officer with a conflict of interest, by word or by employer', async () => {
    const callId = await world.openCall();
    const declared: GrantEvent = {
      type: 'ConflictDeclared',
      data: { subject: 'officer-7', kind: 'personal', declaredBy: 'officer-7' },
    };
    const { position } = await planted(callId, applicant, [...aGrant({ upTo: 'paid' }), declared]);
    const keysFor = async (caller: Caller) => {
      const { body } = await world.fund.get(`/grants?call=${callId}`, caller, { 'min-position': position });
      return Object.keys(body.items[0]).sort();
    };
    const narrow = [...outline, 'stageSince'].sort();
    expect(await keysFor({ subject: 'officer-7', role: 'fund-officer' })).toEqual(narrow);
    expect(await keysFor({ ...officer, organisationId: applicant.organisationId })).toEqual(narrow);
    expect((await keysFor({ ...officer, organisationId: other.organisationId })).length).toBeGreaterThan(narrow.length);
  });

  it('is filtered and sorted, in pages; who judges does not find grants by their content', async () => {
    const callId = await world.openCall();
    await planted(callId, applicant, aGrant({ upTo: 'drafted' }));
    const { position } = await planted(callId, other);
    const find = async (query: string, caller = officer) => {
      const { status, body } = await world.fund.get(`/grants?call=${callId}&${query}`, caller, {
        'min-position': position,
      });
      return [
        status,
        body.errors?.map(({ field }: { field: string }) => field) ??
          body.items.map((item: { stage: string }) => item.stage),
      ];
    };
    expect(await find('sort=-awarded')).toEqual([200, ['paying', 'draft']]);
    expect(await find('sort=stage')).toEqual([200, ['draft', 'paying']]);
    expect(await find('stage=paying')).toEqual([200, ['paying']]);
    expect(await find(`applicant=${applicant.organisationId}`)).toEqual([200, ['draft']]);
    expect(await find('field=orientation&within=09000000&sort=stage')).toEqual([200, ['draft', 'paying']]);
    expect(await find('within=08000000')).toEqual([200, []]);
    expect(await find(`pot=${ids.pot}`)).toEqual([200, []]);
    expect(await find('stage=paid&applicant=x&sort=spent')).toEqual([
      400,
      expect.arrayContaining(['stage', 'applicant']),
    ]);
    expect(await find('sort=-awarded', reviewer)).toEqual([400, ['sort']]);
    expect(await find('field=orientation&within=09000000', approver)).toEqual([400, ['field', 'within']]);
    const { body: first } = await world.fund.get(`/grants?call=${callId}&limit=1`, officer);
    const { body: rest } = await world.fund.get(`/grants?call=${callId}&limit=1&cursor=${first.nextCursor}`, officer);
    expect([first.items.length, rest.items.length, rest.nextCursor]).toEqual([1, 1, undefined]);
    expect(first.items[0].grantId).not.toBe(rest.items[0].grantId);
  });

  it('is not for those who have no part in the fund', async () => {
    expect((await world.fund.get('/grants', { subject: 'c', role: 'chair' })).status).toBe(403);
    expect((await world.fund.get('/grants', undefined)).status).toBe(401);
  });
});

describe('conflict of interest before content: one grant', () => {
  it('shows an undeclared reviewer number, title and applicant only, and all of it once they are cleared', async () => {
    const callId = await world.openCall();
    const { grantId } = await planted(callId, applicant, aGrant({ upTo: 'in-review' }));
    const undeclared: Caller = { subject: 'reviewer-9', role: 'reviewer' };
    const { body } = await world.fund.get(`/grants/${grantId}`, undeclared);
    expect(body).toEqual({
      grantId,
      reference: grantId.slice(0, 8).toUpperCase(),
      title: theApplication.title,
      applicantOrganisationId: applicant.organisationId,
      stage: 'in-review',
    });
    const closed = await world.fund.get(`/grants/${grantId}/eligibility`, undeclared);
    expect([closed.status, closed.body.code]).toEqual([403, 'GRANT_CONTENT_CLOSED']);
    expect((await world.fund.get(`/grants/${grantId}/double-funding`, undeclared)).status).toBe(403);
    const cleared = await world.fund.get(`/grants/${grantId}`, reviewer);
    expect(cleared.body).toMatchObject({ application: theApplication, version: 1, callId });
    const own = await world.fund.get(`/grants/${grantId}`, applicant.speaker);
    expect(own.body.application).toEqual(theApplication);
    expect(own.body.amounts).not.toHaveProperty('recommended');
    expect((await world.fund.get(`/grants/${grantId}`, other.speaker)).status).toBe(404);
  });
});
