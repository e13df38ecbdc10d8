import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Contract,
  type ContractData,
  organisationLeftV1,
  organisationMergedV1,
  organisationMergeUndoneV1,
  organisationReinstatedV1,
  organisationSuspendedV1,
} from '@alliance/contracts';
import { FundWorld, officer } from '../fund.given';
import { type GrantEvent, grantEvents } from '../grant/grant.events';
import { euros, ids } from '../grant/grant.given';
import { firstApprover, PlantedGrant, secondApprover, today } from '../tranche/tranche.given';

let world: FundWorld;
beforeAll(async () => {
  world = await FundWorld.start();
});
afterAll(() => world.stop());

async function grantUpTo(step: Parameters<typeof PlantedGrant.upTo>[0]): Promise<PlantedGrant> {
  const grant = await PlantedGrant.upTo(step, world);
  await world.admit(grant.applicantId);
  return grant;
}

/** What the registry publishes of the organisation, as its nth news. */
function told<C extends Contract>(contract: C, data: ContractData<C> & { organisationId: string }, revision: number) {
  return world.receive({ contract, data }, data.organisationId, BigInt(revision));
}
const at = (minute: number) => `2026-04-01T10:${String(minute).padStart(2, '0')}:00.000Z`;
const suspend = (organisationId: string, minute = 1) =>
  told(organisationSuspendedV1, { organisationId, reasonCode: 'report-overdue', suspendedAt: at(minute) }, minute);
const reinstate = (organisationId: string, minute = 2) =>
  told(organisationReinstatedV1, { organisationId, reinstatedAt: at(minute) }, minute);
const merge = (organisationId: string, intoOrganisationId: string, minute = 1) =>
  told(organisationMergedV1, { organisationId, intoOrganisationId, mergedAt: at(minute) }, minute);

/** Waits for what follows from the bus. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20);
}

async function standingsIn(grant: PlantedGrant) {
  const events = (await world.events(grantEvents, grant.id)) as readonly GrantEvent[];
  return events.flatMap((event) => (event.type === 'RecipientStandingChanged' ? [event.data] : []));
}

describe('freeze: suspension in the registry freezes tranches, reinstatement lifts it, through the bus only', () => {
  it('closes the gate of what is checked, refuses to approve it, and opens it again', async () => {
    const grant = await grantUpTo('checked');
    expect((await grant.approve(firstApprover)).body).toEqual({ ordered: false });

    await suspend(grant.applicantId);
    await until(async () => (await grant.codes()).includes('RECIPIENT_SUSPENDED'));
    const refused = await grant.approve(secondApprover);
    expect(refused).toMatchObject({ status: 409, body: { code: 'TRANCHE_GATE_CLOSED' } });
    expect(refused.body.data.blockers).toEqual([{ code: 'RECIPIENT_SUSPENDED', words: expect.any(String) }]);
    expect(await grant.types()).not.toContain('TrancheCancelled');

    await reinstate(grant.applicantId);
    await until(async () => !(await grant.codes()).includes('RECIPIENT_SUSPENDED'));
    expect((await grant.approve(secondApprover)).body).toEqual({ ordered: true });
  });

  it('is kept with the grant, so that the log alone tells under which standing a payment was decided', async () => {
    const [grant, another] = [await grantUpTo('ordered'), await grantUpTo('ordered')];
    await suspend(grant.applicantId);
    await reinstate(grant.applicantId);
    await until(async () => (await standingsIn(grant)).length >= 2);
    const of = { organisationId: grant.applicantId, survivorId: grant.applicantId };
    expect(await standingsIn(grant)).toEqual([
      { ...of, standing: 'suspended', since: at(1) },
      { ...of, standing: 'admitted', since: at(2) },
    ]);
    const [changed] = (await world.events(grantEvents, grant.id)).filter(
      ({ type }) => type === 'RecipientStandingChanged',
    );
    expect(changed?.metadata.actor).toEqual({ subject: 'fund.recipient-standing', roles: [] });
    expect(await standingsIn(another)).toEqual([]);
  });

  it('lets what the bank has paid be recorded, with what stood in the way', async () => {
    const grant = await grantUpTo('ordered');
    await told(organisationLeftV1, { organisationId: grant.applicantId, leftAt: at(1) }, 1);
    await until(async () => (await grant.codes(officer)).includes('RECIPIENT_LEFT'));
    const paid = { outcome: 'paid', paymentId: ids.payment, paidOn: today, bankReference: 'SEPA 4' };
    const answer = await world.post(grant.tranche('payment'), paid, officer);
    expect(answer.status).toBe(204);
    const { body } = await world.getAfter(answer, `/payments?grantId=${grant.id}`, officer);
    expect(body.items).toMatchObject([{ stage: 'paid', paidDespite: [{ code: 'RECIPIENT_LEFT' }] }]);
  });

  it('reaches grants also where the feed came too early for them', async () => {
    const organisationId = randomUUID();
    await world.admit(organisationId);
    await suspend(organisationId);
    await until(
      async () => (await world.get(`/known-organisations/${organisationId}`, officer)).body.status === 'suspended',
    );
    const grant = await PlantedGrant.upTo('ordered', world, { applicantId: organisationId });
    expect(await grant.codes()).toEqual(['RECIPIENT_SUSPENDED']);
    await until(async () => (await standingsIn(grant)).length > 0);
    expect(await standingsIn(grant)).toMatchObject([{ standing: 'suspended', since: at(1) }]);
  }, 20_000);
});

describe('a merge of the recipient', () => {
  it('cancels what was requested for it, and the surviving organisation requests anew', async () => {
    const grant = await grantUpTo('requested');
    const survivorId = randomUUID();
    await world.admit(survivorId);
    await merge(grant.applicantId, survivorId);
    await until(async () => (await grant.types()).includes('PaymentCancelled'));
    expect(await standingsIn(grant)).toEqual([
      { organisationId: grant.applicantId, standing: 'admitted', survivorId, since: at(1) },
    ]);
    const neededBy = { neededBy: today };
    expect(await world.post(grant.tranche('request'), neededBy, grant.representative)).toMatchObject({
      status: 403,
      body: { code: 'GRANT_NOT_YOURS' },
    });
    const survivor = { ...grant.representative, organisationId: survivorId };
    const paymentId = await grant.request(survivor);
    expect(paymentId).not.toBe(ids.payment);
    expect((await grant.check()).status).toBe(204);
    expect(await grant.codes(survivor)).toEqual(['FOUR_EYES_MISSING']);
    const settled = (await world.events(grantEvents, grant.id)).find(({ type }) => type === 'PaymentCancelled');
    expect(settled?.data).toMatchObject({ paymentId: ids.payment, reasonCode: 'recipient-merged' });
  });

  it('into one that nobody has told of yet closes the gate, until the registry tells of it', async () => {
    const grant = await grantUpTo('ordered');
    const survivorId = randomUUID();
    await merge(grant.applicantId, survivorId);
    await until(async () => (await standingsIn(grant)).length > 0);
    expect(await standingsIn(grant)).toMatchObject([{ standing: 'unknown', survivorId: grant.applicantId }]);
    await world.admit(survivorId);
    await until(async () => (await standingsIn(grant)).length > 1);
    expect(await standingsIn(grant)).toMatchObject([{}, { standing: 'admitted', survivorId, since: at(1) }]);
  }, 20_000);

  it('that is undone gives the grant back, also where later news of the other organisation came first', async () => {
    const grant = await grantUpTo('ordered');
    const survivorId = randomUUID();
    await world.admit(survivorId);
    await merge(grant.applicantId, survivorId);
    await until(async () => (await standingsIn(grant)).length === 1);
    await suspend(survivorId, 9);
    await until(async () => (await standingsIn(grant)).length === 2);
    const { applicantId: organisationId } = grant;
    const undone = { organisationId, fromOrganisationId: survivorId, undoneAt: at(5) };
    await told(organisationMergeUndoneV1, undone, 5);
    await until(async () => (await standingsIn(grant)).length === 3);
    expect((await standingsIn(grant)).at(-1)).toMatchObject({ standing: 'admitted', survivorId: organisationId });
    expect(await grant.codes()).toEqual([]);
  });
});

describe('a revoked grant', () => {
  it('has its requests cancelled', async () => {
    const revoked: GrantEvent = {
      type: 'GrantRevoked',
      data: { reasonCode: 'misuse', notPaidOut: euros(10_000), revokedBy: 'approver-9' },
    };
    const grant = await PlantedGrant.upTo('checked', world, { then: [revoked] });
    await until(async () => (await grant.types()).filter((type) => type === 'TrancheCancelled').length === 2);
    expect(await grant.codes()).toContain('GRANT_REVOKED');
  });
});
