import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { organisationSuspendedV1 } from '@alliance/contracts';
import { auditor, type Caller } from '@alliance/service-world';
import { type CallEvent, callEvents } from '../call/call.events';
import { approver, coordinator, officer } from '../fund.given';
import { grantEvents } from './grant.events';
import { euros, theApplication, theCall } from './grant.given';
import { type Applicant, GrantWorld } from './grant-world.given';

let world: GrantWorld;
let callId: string;
let applicant: Applicant;
beforeAll(async () => {
  world = await GrantWorld.start();
  callId = await world.openCall();
  applicant = await world.applicant();
});
afterAll(() => world.stop());

const checker: Caller = { subject: 'officer-2', role: 'fund-officer' };
const codesIn = (body: { blockers: { code: string }[] }) => body.blockers.map(({ code }) => code);

describe('grant (application to closing): the application', () => {
  it('is drafted, written, submitted, sent back, submitted anew, checked, and withdrawn', async () => {
    const drafted = await world.fund.post('/grants', { callId }, applicant.speaker);
    expect([drafted.status, drafted.headers.get('location')]).toEqual([201, `/fund/grants/${drafted.body.grantId}`]);
    const { grantId, reference } = drafted.body;
    expect(reference).toBe(grantId.slice(0, 8).toUpperCase());
    const path = `/grants/${grantId}`;
    const post = (step: string, body: object, by: Caller) => world.fund.post(`${path}/${step}`, body, by);
    const stage = async () => (await world.fund.get(path, auditor)).body.stage;
    expect(await stage()).toBe('draft');

    const application = world.application(applicant);
    expect((await world.fund.put(`${path}/application`, application, applicant.speaker)).status).toBe(204);
    expect((await post('submission', {}, applicant.speaker)).status).toBe(204);
    expect((await post('information-request', { items: ['budget'], note: 'Bitte je Monat.' }, checker)).status).toBe(
      204,
    );
    const { body: asked } = await world.fund.get(path, applicant.speaker);
    const informationRequested = { items: ['budget'], note: 'Bitte je Monat.' };
    expect(asked).toMatchObject({ stage: 'information-requested', version: 1, informationRequested, application });
    expect((await post('submission', {}, applicant.speaker)).status).toBe(204);

    const outdated = await post('formal-check', { seenVersion: 1 }, checker);
    expect([outdated.status, outdated.body.code, outdated.body.data]).toEqual([
      412,
      'GRANT_VERSION_OUTDATED',
      { seenVersion: 1, presentVersion: 2 },
    ]);
    expect((await post('formal-check', { seenVersion: 2 }, checker)).status).toBe(204);
    expect(await stage()).toBe('in-review');
    expect((await world.fund.get(path, auditor)).body).toMatchObject({
      callId,
      amounts: { requested: euros(12_000), recommended: euros(0), awarded: euros(0) },
    });
    expect((await post('withdrawal', { reasonCode: 'other-funds' }, applicant.speaker)).status).toBe(204);
    expect(await stage()).toBe('withdrawn');
    const types = (await world.fund.events(grantEvents, grantId)).map(({ type }) => type);
    expect(types).toEqual([
      'GrantDrafted',
      'ApplicationRevised',
      'ApplicationSubmitted',
      'InformationRequested',
      'ApplicationSubmitted',
      'FormalCheckPassed',
      'GrantWithdrawn',
    ]);
  });

  it('is for representatives of the applicant to write, and for officers to check who had no part in it', async () => {
    const { grantId } = await world.submitted(callId, applicant);
    const other = await world.applicant('representative-2');
    const post = (step: string, body: object, by: Caller) => world.fund.post(`/grants/${grantId}/${step}`, body, by);
    const withdrawal = { reasonCode: 'other-funds' };
    const stranger = await post('withdrawal', withdrawal, other.speaker);
    expect([stranger.status, stranger.body.code]).toEqual([403, 'GRANT_NOT_YOURS']);
    const drafted = { callId, applicantOrganisationId: applicant.organisationId };
    expect((await world.fund.post('/grants', drafted, other.speaker)).body.code).toBe('GRANT_NOT_YOURS');
    for (const caller of [officer, coordinator, auditor, approver]) {
      expect((await world.fund.post('/grants', drafted, caller)).status).toBe(403);
      expect((await post('withdrawal', withdrawal, caller)).status).toBe(403);
    }
    for (const caller of [applicant.speaker, coordinator, auditor, approver]) {
      expect((await post('formal-check', { seenVersion: 1 }, caller)).status).toBe(403);
      expect((await post('information-request', { items: ['budget'] }, caller)).status).toBe(403);
    }
    const asOfficer: Caller = { subject: applicant.speaker.subject, role: 'fund-officer' };
    const own = await post('formal-check', { seenVersion: 1 }, asOfficer);
    expect([own.status, own.body.code]).toEqual([403, 'GRANT_CHECKED_BY_REQUESTER']);
    const employed: Caller = { ...checker, organisationId: applicant.organisationId };
    const partial = await post('formal-check', { seenVersion: 1 }, employed);
    expect([partial.status, partial.body.code]).toEqual([403, 'GRANT_CONTENT_CLOSED']);
  });

  it('is of a grant that is there', async () => {
    expect((await world.fund.get(`/grants/${randomUUID()}`, applicant.speaker)).body.code).toBe('GRANT_UNKNOWN');
    const answer = await world.fund.post(`/grants/${randomUUID()}/submission`, {}, applicant.speaker);
    expect([answer.status, answer.body.code]).toEqual([404, 'GRANT_UNKNOWN']);
  });
});

describe('eligibility is shown by a query before anyone tries', () => {
  it('with every blocker, the step that it stops and the day it lapses, and stops the submission by just these', async () => {
    const opensAt = '2999-01-01T00:00:00.000Z';
    const own = await world.applicant('representative-8');
    const later = await world.openCall({
      opensAt,
      closesAt: '2999-02-01T00:00:00.000Z',
      requiredDocuments: ['budget'],
    });
    const grantId = await world.written(later, own, { regionKeys: ['08000000'], structureId: randomUUID() });
    const { body } = await world.fund.get(`/grants/${grantId}/eligibility`, own.speaker);
    expect(body.isEligible).toBe(false);
    expect(body.blockers).toEqual([
      { code: 'CALL_NOT_OPEN_YET', words: expect.any(String), lapsesOn: '2999-01-01', stops: 'submission' },
      ...['STRUCTURE_MISSING', 'REGION_OUTSIDE_CALL', 'DOCUMENT_MISSING'].map((code) => {
        return { code, words: expect.any(String), stops: 'submission' };
      }),
    ]);
    const refused = await world.fund.post(`/grants/${grantId}/submission`, {}, own.speaker);
    expect([refused.status, refused.body.code]).toEqual([409, 'GRANT_NOT_ELIGIBLE']);
    expect(codesIn(refused.body.data)).toEqual(codesIn(body));
  });

  it('of a draft without words, of a call that was closed, and of an organisation that was suspended', async () => {
    const closing = randomUUID();
    const times = { opensAt: '2026-01-01T00:00:00.000Z', closesAt: '2999-01-01T00:00:00.000Z' };
    const published: readonly CallEvent[] = [
      {
        type: 'CallPublished',
        data: { potId: randomUUID(), call: { ...theCall, ...times }, panel: [], publishedBy: 'coordinator-1' },
      },
      { type: 'CallClosed', data: { reasonCode: 'exhausted', closedBy: 'coordinator-1' } },
    ];
    await world.fund.plant(callEvents, closing, published);
    const frozen = await world.applicant('representative-3');
    const { body } = await world.fund.post('/grants', { callId: closing }, frozen.speaker);
    const { organisationId } = frozen;
    const data = { organisationId, reasonCode: 'report-overdue', suspendedAt: new Date().toISOString() };
    await world.fund.receive({ contract: organisationSuspendedV1, data }, organisationId, 1n);
    for (;;) {
      const shown = await world.fund.get(`/grants/${body.grantId}/eligibility`, frozen.speaker);
      if (codesIn(shown.body).includes('ORGANISATION_SUSPENDED')) {
        expect(codesIn(shown.body)).toEqual(['ORGANISATION_SUSPENDED', 'CALL_CLOSED', 'APPLICATION_INCOMPLETE']);
        break;
      }
      await sleep(20);
    }
  });

  it('needs a reason beside what overlaps, and the formal check as the consent of a second person', async () => {
    const service = `doubled-${randomUUID()}`;
    const own = await world.applicant('representative-9');
    await world.applicant('representative-4', service);
    const grantId = await world.written(callId, own, { service });
    const shown = await world.fund.get(`/grants/${grantId}/eligibility`, own.speaker);
    expect(shown.body.blockers.map(({ code, stops }: { code: string; stops: string }) => [code, stops])).toEqual([
      ['DOUBLE_STRUCTURE_REASON', 'submission'],
      ['DOUBLE_STRUCTURE_CONSENT', 'formal-check'],
    ]);
    const submit = (body: object) => world.fund.post(`/grants/${grantId}/submission`, body, own.speaker);
    expect((await submit({})).body.code).toBe('GRANT_NOT_ELIGIBLE');
    expect((await submit({ overlapReason: 'In einer anderen Sprache.' })).status).toBe(204);
    const waiting = await world.fund.get(`/grants/${grantId}/eligibility`, officer);
    expect(codesIn(waiting.body)).toEqual(['DOUBLE_STRUCTURE_CONSENT']);
    const check = await world.fund.post(`/grants/${grantId}/formal-check`, { seenVersion: 1 }, checker);
    expect(check.status).toBe(204);
    expect((await world.fund.get(`/grants/${grantId}/eligibility`, officer)).body.isEligible).toBe(true);
  });
});

describe('double funding: same cost line and overlapping period of the same recipient, or one merged with it', () => {
  it('is shown as evidence to a human, from either grant, at once, and stops no step before the decision', async () => {
    const own = await world.applicant('representative-5');
    const [first, second] = await Promise.all([world.submitted(callId, own), world.submitted(callId, own)]);
    const evidence = async (of: string) => (await world.fund.get(`/grants/${of}/double-funding`, officer)).body.items;
    const staff = { lineKey: 'staff', from: '2026-04-01', to: '2026-12-31', requested: euros(9_000) };
    expect(await evidence(second.grantId)).toContainEqual({
      ...staff,
      grantId: first.grantId,
      reference: first.grantId.slice(0, 8).toUpperCase(),
      stage: 'submitted',
    });
    expect(await evidence(first.grantId)).toContainEqual(
      expect.objectContaining({ ...staff, grantId: second.grantId }),
    );
    const { body } = await world.fund.get(`/grants/${first.grantId}/eligibility`, own.speaker);
    expect(body.blockers).toMatchObject([{ code: 'DOUBLE_FUNDING_UNEXPLAINED', stops: 'decision' }]);
    const check = await world.fund.post(`/grants/${first.grantId}/formal-check`, { seenVersion: 1 }, checker);
    expect(check.status).toBe(204);
    const withdrawal = { reasonCode: 'other-funds' };
    const withdrawn = await world.fund.post(`/grants/${second.grantId}/withdrawal`, withdrawal, own.speaker);
    await world.fund.getAfter(withdrawn, '/grants', officer);
    expect(await evidence(first.grantId)).toEqual([]);
  });

  it('is found across a merge, after which the surviving organisation goes on with the grant', async () => {
    const [merged, surviving] = [await world.applicant('representative-6'), await world.applicant('representative-7')];
    const { grantId } = await world.submitted(callId, merged);
    const other = await world.submitted(callId, surviving);
    const evidence = async () => (await world.fund.get(`/grants/${other.grantId}/double-funding`, officer)).body.items;
    expect(await evidence()).toEqual([]);
    await world.merge(merged.organisationId, surviving.organisationId);
    expect((await evidence()).map((one: { grantId: string }) => one.grantId)).toEqual([grantId, grantId]);
    const withdrawal = { reasonCode: 'doubled' };
    expect((await world.fund.post(`/grants/${grantId}/withdrawal`, withdrawal, surviving.speaker)).status).toBe(204);
  });
});

describe('bad input: negative and fractional cents, other currency, dates out of order, a private person as recipient', () => {
  it('is named with its field, and changes nothing', async () => {
    const { body } = await world.fund.post('/grants', { callId }, applicant.speaker);
    const put = (more: object) => {
      const application = { ...world.application(applicant), ...more };
      return world.fund.put(`/grants/${body.grantId}/application`, application, applicant.speaker);
    };
    const [first] = theApplication.lines;
    const line = (more: object) => put({ lines: [{ ...first, ...more }] });
    const faults = async (answer: ReturnType<typeof put>) => {
      const { status, body: problem } = await answer;
      return [status, ...(problem.errors ?? []).map(({ field }: { field: string }) => field)];
    };
    for (const cents of [-1, 0.5, '1', 1e15]) {
      const money = { cents, currency: 'EUR' };
      expect(await faults(line({ requested: money, total: money }))).toEqual(
        expect.arrayContaining([400, 'lines[0].total.cents', 'lines[0].requested.cents']),
      );
    }
    expect(await faults(line({ total: { cents: 1, currency: 'USD' } }))).toEqual([400, 'lines[0].total.currency']);
    expect(await faults(line({ from: '2026-02-30' }))).toEqual([400, 'lines[0].from']);
    expect(await faults(put({ title: '' }))).toEqual([400, 'title']);
    expect(await faults(put({ regionKeys: ['09999999'] }))).toEqual([400, 'regionKeys[0]']);
    const refused = async (answer: ReturnType<typeof put>) => {
      const { status, body: problem } = await answer;
      return [status, problem.code, problem.data];
    };
    expect(await refused(put({ projectTo: '2026-03-31' }))).toEqual([
      422,
      'DATES_OUT_OF_ORDER',
      { field: 'projectTo', from: '2026-04-01', to: '2026-03-31' },
    ]);
    expect(await refused(line({ to: '2026-03-31' }))).toEqual([
      422,
      'DATES_OUT_OF_ORDER',
      { field: 'lines[0].to', from: '2026-04-01', to: '2026-03-31' },
    ]);
    expect(await refused(line({ key: 'cars' }))).toEqual([
      422,
      'GRANT_LINE_UNKNOWN',
      { fields: ['lines[0].key'], costLines: ['staff', 'rent'] },
    ]);
    expect(await refused(line({ requested: euros(12_001) }))).toEqual([
      422,
      'GRANT_LINE_REQUESTED_OVER_TOTAL',
      { fields: ['lines[0].requested'] },
    ]);
    expect(await world.fund.events(grantEvents, body.grantId)).toHaveLength(1);
    // The same keys twice are once the same.
    expect((await put({ fieldKeys: ['orientation', 'orientation'] })).status).toBe(204);
  });

  it('such as a private person, an organisation or a call that nobody knows', async () => {
    const draft = async (more: object, by = applicant.speaker) => {
      const { status, body } = await world.fund.post('/grants', { callId, ...more }, by);
      return [status, body.code];
    };
    expect(await draft({ recipientIndividual: { id: 'x' } })).toEqual([422, 'RECIPIENT_IS_A_PERSON']);
    expect(await draft({ applicantOrganisationId: randomUUID() })).toEqual([422, 'GRANT_APPLICANT_UNKNOWN']);
    expect(await draft({ callId: randomUUID() })).toEqual([422, 'GRANT_CALL_UNKNOWN']);
    expect(await draft({ recipient: 'x' })).toEqual([400, 'INVALID_REQUEST']);
    expect(await draft({}, { subject: 'r', role: 'representative' })).toEqual([400, 'INVALID_REQUEST']);
  });
});
