import { randomUUID } from 'node:crypto';
import { structureRecordedV1 } from '@alliance/contracts';
import { type Answer, auditor, type Caller } from '@alliance/service-world';
import { approver, FundWorld, officer, representative } from '../fund.given';
import { opened, contribution } from '../pot/pot.given';
import { potEvents } from '../pot/pot.events';
import { award, rejection } from './decision.given';
import { type GrantEvent, grantEvents } from './grant.events';
import { aGrant, euros, ids, type Step, theApplication, theCall } from './grant.given';

const second: Caller = { subject: 'approver-2', role: 'approver' };
const third: Caller = { subject: 'approver-3', role: 'approver' };
const undeclared: Caller = { subject: 'approver-9', role: 'approver' };

let world: FundWorld;
beforeAll(async () => {
  world = await FundWorld.start();
  await world.admit(ids.donor);
  await world.plant(potEvents, ids.pot, [opened, contribution(randomUUID(), 50_000)]);
});
afterAll(() => world.stop());

/** An organisation that the registry has admitted, and the structure of its own that a grant is to strengthen. */
async function anApplicant() {
  const [organisationId, structureId] = [randomUUID(), randomUUID()];
  const { fieldKeys, regionKeys, targetGroups, service } = theApplication;
  const data = {
    ...{ structureId, organisationId, name: 'Rechtsberatung', fieldKeys, regionKeys, targetGroups },
    ...{ service: `${service}-${structureId}`, operatingSince: '2022-04-01', recordedAt: '2025-01-01T00:00:00.000Z' },
  };
  await world.receive({ contract: structureRecordedV1, data }, structureId, 0n);
  await world.admit(organisationId);
  return { organisationId, structureId };
}

/** A grant of the applicant's, with that history; of an applicant of its own where none is named. */
async function grantAt(
  upTo: Step,
  { of = undefined as Awaited<ReturnType<typeof anApplicant>> | undefined, more = [] as GrantEvent[] } = {},
) {
  const { organisationId, structureId } = of ?? (await anApplicant());
  const history = JSON.stringify([...aGrant({ upTo }), ...more])
    .replaceAll(ids.applicant, organisationId)
    .replaceAll(ids.structure, structureId)
    .replaceAll(theApplication.service, `project-${structureId}`);
  const grantId = randomUUID();
  await world.plant(grantEvents, grantId, JSON.parse(history));
  return grantId;
}

const proposal = { outcome: 'approved', amount: award.amount, reason: award.reason };
const propose = (grantId: string, more: object = {}, by: Caller = officer) =>
  world.post(`/grants/${grantId}/decision-proposals`, { ...proposal, ...more }, by);
const approve = (grantId: string, by: Caller, seenVersion = 1) =>
  world.post(`/grants/${grantId}/decision-approvals`, { seenVersion }, by);
const decisionOf = async (grantId: string, by: Caller = approver) =>
  (await world.get(`/grants/${grantId}/decision`, by)).body;
const said = ({ status, body }: Answer) => [status, body?.code];
const typesOf = async (grantId: string) => (await world.events(grantEvents, grantId)).map(({ type }) => type);

describe('four eyes on the decision: distinct persons on the same version of amount and terms', () => {
  it('makes an award of a proposal that two approve, and shows who has and who still may', async () => {
    const grantId = await grantAt('reviewed');
    const proposed = await propose(grantId, { terms: { proofDueMonths: 9 } });
    expect([proposed.status, proposed.body]).toEqual([200, { version: 1 }]);
    expect(await decisionOf(grantId)).toMatchObject({
      stage: 'recommended',
      proposal: { version: 1, amount: euros(10_000), terms: { ...theCall.terms, proofDueMonths: 9 } },
      approvalsNeeded: 2,
      approvals: [],
      mayStillApprove: expect.arrayContaining(['approver-1', 'approver-2', 'approver-3']),
    });
    expect((await approve(grantId, approver)).body).toEqual({ stage: 'recommended' });
    const { approvals, mayStillApprove } = await decisionOf(grantId);
    expect(approvals).toEqual([{ subject: 'approver-1', counts: true }]);
    expect(mayStillApprove).not.toContain('approver-1');
    expect(mayStillApprove).not.toContain('officer-1');
    const last = await approve(grantId, second);
    expect([last.status, last.body]).toEqual([200, { stage: 'awarded' }]);
    expect((await typesOf(grantId)).slice(-3)).toEqual(['DecisionApproved', 'AwardDecided', 'GrantAwarded']);
    const pot = await world.get(`/pots/${ids.pot}`, officer);
    expect(pot.body).toMatchObject({ reserved: euros(0), committed: euros(10_000) });
  });

  it('answers a decision on an old version with both versions, and any change voids approvals', async () => {
    const grantId = await grantAt('reviewed');
    await propose(grantId);
    await approve(grantId, approver);
    expect((await propose(grantId)).body).toEqual({ version: 1 });
    expect((await propose(grantId, { amount: euros(9_000) })).body).toEqual({ version: 2 });
    const outdated = await approve(grantId, second, 1);
    expect(said(outdated)).toEqual([412, 'FOUR_EYES_VERSION_OUTDATED']);
    expect(outdated.body.data).toMatchObject({ seenVersion: 1, presentVersion: 2, present: { amount: euros(9_000) } });
    expect((await approve(grantId, second, 2)).body).toEqual({ stage: 'recommended' });
    expect((await decisionOf(grantId)).approvals).toEqual([{ subject: 'approver-2', counts: true }]);
  });

  it('lets nobody approve who proposed it, is conflicted, has not declared, or has no such role', async () => {
    const grantId = await grantAt('recommended', {
      more: [
        {
          type: 'ConflictDeclared',
          data: { subject: third.subject, kind: 'adviser', declaredBy: third.subject },
        },
      ],
    });
    const asApprover: Caller = { ...officer, role: 'approver' };
    expect(said(await approve(grantId, asApprover))).toEqual([403, 'FOUR_EYES_REQUESTER']);
    expect(said(await approve(grantId, third))).toEqual([403, 'FOUR_EYES_CONFLICTED']);
    expect(said(await approve(grantId, undeclared))).toEqual([403, 'FOUR_EYES_UNDECLARED']);
    const employed: Caller = { ...approver, organisationId: ids.donor };
    expect(said(await approve(grantId, employed))).toEqual([403, 'FOUR_EYES_CONFLICTED']);
    for (const other of [officer, auditor, representative]) expect((await approve(grantId, other)).status).toBe(403);
    expect((await approve(grantId, approver)).status).toBe(200);
    expect(said(await approve(grantId, approver))).toEqual([409, 'FOUR_EYES_ALREADY_APPROVED']);
  });

  it('gives an approval back, which then no longer counts', async () => {
    const grantId = await grantAt('recommended');
    await approve(grantId, approver);
    expect((await world.delete(`/grants/${grantId}/decision-approvals/mine`, approver)).status).toBe(204);
    expect((await approve(grantId, second)).body).toEqual({ stage: 'recommended' });
    expect((await decisionOf(grantId)).approvals).toEqual([{ subject: 'approver-2', counts: true }]);
  });

  it('rejects by four eyes, too, and keeps the reason', async () => {
    const grantId = await grantAt('reviewed');
    await world.post(`/grants/${grantId}/decision-proposals`, rejection, officer);
    await approve(grantId, approver);
    expect((await approve(grantId, second)).body).toEqual({ stage: 'rejected' });
    expect(await decisionOf(grantId)).toMatchObject({ stage: 'rejected', proposal: { reason: rejection.reason } });
  });
});

describe('a proposal', () => {
  it('names what is wrong with it, and changes nothing', async () => {
    const grantId = await grantAt('reviewed');
    const fields = async (more: object) => {
      const { status, body } = await propose(grantId, more);
      return [status, ...(body.errors ?? []).map(({ field }: { field: string }) => field)];
    };
    for (const cents of [-1, 0, 1.5]) {
      expect(await fields({ amount: { cents, currency: 'EUR' } })).toEqual([400, 'amount.cents']);
    }
    expect(await fields({ amount: { cents: 100_000, currency: 'USD' } })).toEqual([400, 'amount.currency']);
    expect(await fields({ outcome: 'maybe' })).toEqual([400, 'outcome']);
    expect(await fields({ conditions: [''] })).toEqual([400, 'conditions']);
    expect(await fields({ until: '2026-02-30' })).toEqual([400, 'until']);
    const over = await propose(grantId, { amount: { cents: 1_200_001, currency: 'EUR' } });
    expect(said(over)).toEqual([422, 'GRANT_AMOUNT_OUT_OF_RANGE']);
    expect(over.body.data).toMatchObject({ field: 'amount', requested: euros(12_000) });
    const none = await world.post(`/grants/${grantId}/decision-proposals`, { ...proposal, amount: undefined }, officer);
    expect([none.status, none.body.data.field]).toEqual([422, 'amount']);
    const past = await propose(grantId, { outcome: 'deferred', amount: undefined, until: '2026-01-31' });
    expect(said(past)).toEqual([422, 'DATES_OUT_OF_ORDER']);
    expect(await typesOf(grantId)).not.toContain('DecisionProposed');
  });

  it('waits for reviews, and is made by a fund officer without a conflict of interest', async () => {
    expect(said(await propose(await grantAt('in-review')))).toEqual([409, 'GRANT_REVIEWS_INSUFFICIENT']);
    const grantId = await grantAt('reviewed');
    expect((await propose(grantId, {}, approver)).status).toBe(403);
    expect(said(await propose(grantId, {}, { ...officer, organisationId: ids.donor }))).toEqual([
      403,
      'GRANT_CONTENT_CLOSED',
    ]);
    expect(said(await propose(randomUUID()))).toEqual([404, 'GRANT_UNKNOWN']);
  });

  it('is not approved when evidence of double funding has come since', async () => {
    const of = await anApplicant();
    const grantId = await grantAt('reviewed', { of });
    await propose(grantId);
    const other = await grantAt('submitted', { of });
    const unseen = await approve(grantId, approver);
    expect(said(unseen)).toEqual([409, 'GRANT_DOUBLE_FUNDING_UNSEEN']);
    const others = unseen.body.data.evidence.map((line: { grantId: string }) => line.grantId);
    expect(new Set(others)).toEqual(new Set([other]));
    expect((await propose(grantId, { reason: 'Es sind andere Tage.' })).body).toEqual({ version: 2 });
    expect((await approve(grantId, approver, 2)).body).toEqual({ stage: 'recommended' });
  });

  it('is shown to nobody who has not declared to have no conflict of interest, nor to applicants', async () => {
    const grantId = await grantAt('recommended');
    const read = async (by: Caller | undefined) => (await world.get(`/grants/${grantId}/decision`, by)).status;
    expect(await read(undeclared)).toBe(403);
    expect(await read({ ...representative, organisationId: ids.applicant })).toBe(403);
    expect(await read(undefined)).toBe(401);
    expect(await read(auditor)).toBe(200);
  });
});

describe('the end of a grant', () => {
  it('comes by contract, and by closing when nothing is owed any more', async () => {
    const grantId = await grantAt('awarded');
    const contract = (signedOn: string) =>
      world.post(`/grants/${grantId}/contract`, { signedOn, reference: 'dms/2026/230' }, officer);
    expect(said(await contract('2999-01-01'))).toEqual([422, 'DATES_OUT_OF_ORDER']);
    expect((await contract('2026-02-01')).status).toBe(204);
    expect((await contract('2026-02-01')).status).toBe(204);
    const early = await world.post(`/grants/${grantId}/closure`, {}, officer);
    expect(said(early)).toEqual([409, 'GRANT_NOT_CLOSABLE']);
    expect(early.body.data.blockers).toMatchObject([{ code: 'FINAL_REPORT_NOT_ACCEPTED' }]);
    const settled = await grantAt('repaid');
    expect((await world.post(`/grants/${settled}/closure`, {}, officer)).status).toBe(204);
    const closed = (await world.events(grantEvents, settled)).find(({ type }) => type === 'GrantClosed');
    expect(closed?.data).toEqual({
      ...{ notPaidOut: euros(4_000), spent: euros(5_500), returned: euros(500) },
      closedBy: officer.subject,
    });
  });

  it('comes by revocation, by an approver who had no part in it', async () => {
    const grantId = await grantAt('contracted');
    const revoke = (by: Caller, reasonCode = 'misused') =>
      world.post(`/grants/${grantId}/revocation`, { reasonCode }, by);
    expect((await revoke(officer)).status).toBe(403);
    expect(said(await revoke(approver))).toEqual([403, 'GRANT_REVOKER_HAD_PART']);
    expect(said(await revoke(undeclared))).toEqual([403, 'GRANT_CONTENT_CLOSED']);
    expect((await revoke(third, 'No Code')).body.errors).toMatchObject([{ field: 'reasonCode' }]);
    expect((await revoke(third)).status).toBe(204);
    const revoked = (await world.events(grantEvents, grantId)).find(({ type }) => type === 'GrantRevoked');
    expect(revoked?.data).toMatchObject({ notPaidOut: euros(10_000), revokedBy: third.subject });
  });
});
