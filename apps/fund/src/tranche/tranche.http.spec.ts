import { randomUUID } from 'node:crypto';
import { addDays, addMonths } from '@alliance/calendar';
import { auditor } from '@alliance/service-world';
import { approver, coordinator, FundWorld, officer } from '../fund.given';
import { euros, ids } from '../grant/grant.given';
import { checker, firstApprover, PlantedGrant, secondApprover, thirdApprover, today } from './tranche.given';

let world: FundWorld;
beforeAll(async () => {
  world = await FundWorld.start();
});
afterAll(() => world.stop());

async function grantUpTo(step: Parameters<typeof PlantedGrant.upTo>[0], facts = {}, times = 1): Promise<PlantedGrant> {
  const grant = await PlantedGrant.upTo(step, world, { times });
  await world.admit(grant.applicantId, facts);
  return grant;
}
const plan = (cents: number, currency = 'EUR') => ({
  tranches: [{ amount: { cents, currency }, dueOn: addDays(today, 10), requiresReport: false }],
});

describe('the tranche gate returns every blocker with code, words and the day it lapses, before anyone tries', () => {
  it('tells of a tranche that nobody has requested what stands in its way, and of none that there is none', async () => {
    const grant = await grantUpTo('awarded');
    const dueOn = addDays(today, 60);
    const tranches = [{ amount: euros(6_000), dueOn, requiresReport: false }];
    const { body } = await world.post(`/grants/${grant.id}/tranches`, { tranches }, officer);
    const { body: gate } = await world.get(grant.tranche('gate', body.trancheIds[0]), grant.representative);
    expect(gate).toMatchObject({ on: today, stage: 'planned', version: 1, amount: euros(6_000), open: false });
    expect(gate.blockers).toEqual([
      { code: 'NOT_CONTRACTED', words: expect.any(String) },
      { code: 'FOUR_EYES_MISSING', words: expect.any(String) },
      { code: 'OUTSIDE_NEED_WINDOW', words: expect.stringContaining(dueOn), lapsesOn: addDays(dueOn, -42) },
    ]);
    const nothing = await world.get(grant.tranche('gate', randomUUID()), officer);
    expect([nothing.status, nothing.body.code]).toEqual([404, 'TRANCHE_UNKNOWN']);
  });

  it('says until when an open gate stays open', async () => {
    const grant = await grantUpTo('planned');
    await grant.request();
    await grant.check();
    for (const one of [firstApprover, secondApprover]) await grant.approve(one);
    const { body } = await world.get(grant.tranche('gate'), officer);
    expect(body).toMatchObject({ stage: 'ordered', open: true, blockers: [] });
    expect(body.openUntil).toBe(addMonths(addMonths(today, -12), 60));
  });

  it('asks the pot, and whether the recipient is a public body, as things are', async () => {
    const body = await grantUpTo('contracted', { kind: 'public-body' });
    const bare = { tranches: [{ amount: euros(10_000), dueOn: today, requiresReport: false }] };
    const { body: planned } = await world.post(`/grants/${body.id}/tranches`, bare, officer);
    const gate = await world.get(body.tranche('gate', planned.trancheIds[0]), officer);
    expect(gate.body.blockers.map(({ code }: { code: string }) => code)).toEqual(['FOUR_EYES_MISSING']);
    const nobodys = await PlantedGrant.upTo('planned', world);
    expect(await nobodys.codes(officer)).toContain('RECIPIENT_UNKNOWN');
  });

  it('is shown to the recipient and to who is free of conflicts, and to nobody else', async () => {
    const grant = await grantUpTo('planned');
    const path = grant.tranche('gate');
    for (const caller of [grant.representative, officer, firstApprover, auditor, coordinator]) {
      expect((await world.get(path, caller)).status).toBe(200);
    }
    const undeclared = await world.get(path, { ...approver, subject: 'approver-9' });
    expect([undeclared.status, undeclared.body.code]).toEqual([403, 'GRANT_CONTENT_CLOSED']);
    const stranger = await world.get(path, { ...grant.representative, organisationId: randomUUID() });
    expect([stranger.status, stranger.body.code]).toEqual([404, 'GRANT_UNKNOWN']);
  });
});

describe('four eyes on payment: distinct persons, neither requester nor conflicted, on the same version', () => {
  it('lets a payment go from plan to bank through all hands', async () => {
    const grant = await grantUpTo('planned');
    const paymentId = await grant.request();
    expect((await grant.check()).status).toBe(204);
    const first = await grant.approve(firstApprover);
    expect([first.status, first.body]).toEqual([200, { ordered: false }]);
    expect((await world.delete(grant.tranche('approvals/mine'), firstApprover)).status).toBe(204);
    expect((await grant.approve(secondApprover)).body).toEqual({ ordered: false });
    expect((await grant.approve(thirdApprover)).body).toEqual({ ordered: true });
    const paid = { outcome: 'paid', paymentId, paidOn: today, bankReference: 'SEPA 4' };
    const answer = await world.post(grant.tranche('payment'), paid, officer);
    expect(answer.status).toBe(204);

    const { body } = await world.getAfter(answer, `/grants/${grant.id}/tranches?stage=paid`, grant.representative);
    expect(body.items).toMatchObject([
      { trancheId: ids.firstTranche, amount: euros(6_000), paymentId, paidOn: today, paidDespite: [] },
    ]);
    expect(body.items[0]).toMatchObject({
      recipientOrganisationId: grant.applicantId,
      approvals: { needed: 2, given: 2 },
    });
    const sums = await world.get(`/grants/${grant.id}/tranche-sums`, officer);
    expect(sums.body).toEqual({ planned: euros(10_000), ordered: euros(0), disbursed: euros(6_000) });
  });

  it('refuses who has a part in it, is conflicted, or has declared nothing', async () => {
    const grant = await grantUpTo('planned');
    await grant.request();
    await grant.check();
    const code = async (caller: typeof approver) => (await grant.approve(caller)).body.code;
    expect(await code({ ...approver, subject: checker.subject })).toBe('FOUR_EYES_REQUESTER');
    expect(await code({ ...firstApprover, organisationId: ids.donor })).toBe('FOUR_EYES_CONFLICTED');
    expect(await code({ ...firstApprover, organisationId: grant.applicantId })).toBe('FOUR_EYES_CONFLICTED');
    expect(await code({ ...approver, subject: 'approver-9' })).toBe('FOUR_EYES_UNDECLARED');
    await grant.approve(firstApprover);
    expect(await code(firstApprover)).toBe('FOUR_EYES_ALREADY_APPROVED');
    expect(await grant.types()).not.toContain('PaymentOrdered');
  });

  it('asks a third from the threshold on', async () => {
    const grant = await grantUpTo('planned', {}, 5);
    await grant.request();
    await grant.check();
    const answers = [];
    for (const one of [firstApprover, secondApprover, thirdApprover]) answers.push((await grant.approve(one)).body);
    expect(answers).toEqual([{ ordered: false }, { ordered: false }, { ordered: true }]);
  });

  it('voids check and approvals by any change, and answers who comes with the old version with both', async () => {
    const grant = await grantUpTo('checked');
    await grant.approve(firstApprover);
    const change = { amount: euros(5_000), dueOn: '2026-04-01', requiresReport: false, seenVersion: 1 };
    const path = `/grants/${grant.id}/tranches/${ids.firstTranche}`;
    expect((await world.put(path, change, officer)).status).toBe(204);
    const late = await world.put(path, { ...change, amount: euros(4_000) }, checker);
    expect(late).toMatchObject({ status: 412, body: { code: 'TRANCHE_VERSION_OUTDATED' } });
    expect(late.body.data).toMatchObject({ seenVersion: 1, presentVersion: 2, present: { amount: euros(5_000) } });
    expect(await grant.check(1)).toMatchObject({ status: 412, body: { data: { seenVersion: 1, presentVersion: 2 } } });
    await grant.check(2);
    const outdated = await grant.approve(secondApprover, 1);
    expect(outdated).toMatchObject({ status: 412, body: { code: 'FOUR_EYES_VERSION_OUTDATED' } });
    expect(outdated.body.data).toMatchObject({ seenVersion: 1, presentVersion: 2, present: { amount: euros(5_000) } });
    expect((await grant.approve(secondApprover, 2)).body).toEqual({ ordered: false });
  });

  it('lets nobody record what became of a payment they approved, and a failed one be requested again', async () => {
    const grant = await grantUpTo('ordered');
    const failed = { outcome: 'failed', paymentId: ids.payment, reasonCode: 'account-closed' };
    const own = { ...officer, subject: firstApprover.subject };
    const refused = await world.post(grant.tranche('payment'), failed, own);
    expect(refused).toMatchObject({ status: 403, body: { code: 'PAYMENT_OWN_APPROVAL' } });
    expect((await world.post(grant.tranche('payment'), failed, officer)).status).toBe(204);
    expect(await grant.request()).not.toBe(ids.payment);
  });
});

describe('bad input about tranches', () => {
  it('names amounts that are no whole cents, negative, or of another currency', async () => {
    const grant = await grantUpTo('contracted');
    const post = (body: object) => world.post(`/grants/${grant.id}/tranches`, body, officer);
    const fields = async (body: object) => {
      const answer = await post(body);
      return [answer.status, ...(answer.body.errors ?? []).map(({ field }: { field: string }) => field)];
    };
    for (const cents of [0, -1, 1.5]) expect(await fields(plan(cents))).toEqual([400, 'tranches[0].amount.cents']);
    expect(await fields(plan(1, 'USD'))).toEqual([400, 'tranches[0].amount.currency']);
    expect(await fields({ tranches: [] })).toEqual([400, 'tranches']);
    const over = await post(plan(1_000_001));
    expect(over).toMatchObject({ status: 422, body: { code: 'TRANCHES_EXCEED_AWARD' } });
    expect(over.body.data).toEqual({ awarded: euros(10_000), planned: { cents: 1_000_001, currency: 'EUR' } });
    expect((await post(plan(1_000_000))).status).toBe(201);
    expect((await post(plan(1))).body.code).toBe('TRANCHES_EXCEED_AWARD');
  });

  it('takes no word of an officer that a recipient is a body of public law', async () => {
    const grant = await grantUpTo('planned');
    const word = { kind: 'public-law-body', reference: 'dms/1' };
    expect(await world.post(`/grants/${grant.id}/tax-status`, word, officer)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'kind' }] },
    });
  });

  it('names days out of order', async () => {
    const grant = await grantUpTo('planned');
    const out = (field: string) => ({ status: 422, body: { code: 'DATES_OUT_OF_ORDER', data: { field } } });
    const past = await world.post(grant.tranche('request'), { neededBy: addDays(today, -1) }, grant.representative);
    expect(past).toMatchObject(out('neededBy'));
    const later = { kind: 'exemption-notice', issuedOn: addDays(today, 1), reference: 'dms/1' };
    expect(await world.post(`/grants/${grant.id}/tax-status`, later, officer)).toMatchObject(out('issuedOn'));
    const ordered = await grantUpTo('ordered');
    const paid = { outcome: 'paid', paymentId: ids.payment, bankReference: 'SEPA 4' };
    for (const paidOn of ['2026-03-19', addDays(today, 1)]) {
      expect(await world.post(ordered.tranche('payment'), { ...paid, paidOn }, officer)).toMatchObject(out('paidOn'));
    }
    const never = await world.post(grant.tranche('request'), { neededBy: '2026-02-30' }, grant.representative);
    expect(never).toMatchObject({ status: 400, body: { errors: [{ field: 'neededBy' }] } });
  });

  it('names what a payment lacks, and what has no place in it', async () => {
    const grant = await grantUpTo('ordered');
    const fields = async (body: object) => {
      const answer = await world.post(grant.tranche('payment'), { paymentId: ids.payment, ...body }, officer);
      return [answer.status, ...(answer.body.errors ?? []).map(({ field }: { field: string }) => field)];
    };
    expect(await fields({ outcome: 'paid' })).toEqual([400, 'paidOn', 'bankReference']);
    expect(await fields({ outcome: 'failed', paidOn: today })).toEqual([400, 'paidOn', 'reasonCode']);
    expect(await fields({ outcome: 'lost' })).toEqual([400, 'outcome']);
    for (const type of ['TranchePaid', 'PaymentFailed']) expect(await grant.types()).not.toContain(type);
  });

  it('is not all: who may not, may not', async () => {
    const grant = await grantUpTo('planned');
    for (const caller of [approver, auditor, coordinator, grant.representative]) {
      expect((await world.post(`/grants/${grant.id}/tranches`, plan(1), caller)).status).toBe(403);
    }
    expect((await world.post(grant.tranche('request'), { neededBy: today }, officer)).status).toBe(403);
    const another = { ...grant.representative, organisationId: randomUUID() };
    expect((await world.post(grant.tranche('request'), { neededBy: today }, another)).status).toBe(404);
    expect((await world.post(grant.tranche('approvals'), { seenVersion: 1 }, officer)).status).toBe(403);
    for (const caller of [grant.representative, firstApprover]) {
      expect((await world.get('/payments', caller)).status).toBe(403);
    }
    expect((await world.get('/payments', undefined)).status).toBe(401);
    expect((await world.post(grant.tranche('cancellation'), { reasonCode: 'not-needed' }, officer)).status).toBe(204);
  });
});

describe('the register of payments', () => {
  it('is paged, filtered and sorted', async () => {
    const grant = await grantUpTo('planned');
    const path = `/grants/${grant.id}/tranches/`;
    const paymentIds = [await grant.request()];
    const second = await world.post(`${path}${ids.secondTranche}/request`, { neededBy: today }, grant.representative);
    paymentIds.push(second.body.paymentId);
    const conflict = { subject: 'officer-9', kind: 'personal', declaredBy: 'officer-9' } as const;
    const other = await PlantedGrant.upTo('planned', world, { then: [{ type: 'ConflictDeclared', data: conflict }] });
    await other.request();

    const list = async (query: string) => {
      const { body } = await world.getAfter(
        second,
        `/payments?recipientOrganisationId=${grant.applicantId}&${query}`,
        officer,
      );
      return body;
    };
    const ofBoth = (body: { items: { paymentId: string }[] }) => body.items.map(({ paymentId }) => paymentId);
    expect(ofBoth(await list('sort=dueOn'))).toEqual(paymentIds);
    expect(ofBoth(await list('sort=-dueOn'))).toEqual([...paymentIds].reverse());
    const first = await list('sort=dueOn&limit=1');
    expect(ofBoth(first)).toEqual(paymentIds.slice(0, 1));
    expect(ofBoth(await list(`sort=dueOn&limit=1&cursor=${first.nextCursor}`))).toEqual(paymentIds.slice(1));
    expect(ofBoth(await list('dueUpTo=2026-04-01'))).toEqual(paymentIds.slice(0, 1));
    expect(ofBoth(await list('stage=paid'))).toEqual([]);
    expect(ofBoth(await list(`grantId=${other.id}`))).toEqual([]);
    const conflicted = { ...officer, subject: 'officer-9' };
    const ofOther = async (reader: typeof officer) =>
      (await world.get(`/payments?grantId=${other.id}`, reader)).body.items;
    while ((await ofOther(officer)).length === 0);
    // Who has a conflict is told by another projection, which may come later.
    while ((await ofOther(conflicted)).length > 0);
    expect(await ofOther(officer)).toHaveLength(1);
    expect((await world.get('/payments?sort=cents', officer)).body.errors[0].field).toBe('sort');
  });
});
