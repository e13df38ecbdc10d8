import { randomUUID } from 'node:crypto';
import { addDays } from '@alliance/calendar';
import { auditor, type Caller } from '@alliance/service-world';
import { approver, coordinator, officer } from '../fund.given';
import { type GrantEvent, grantEvents } from '../grant/grant.events';
import { euros, ids } from '../grant/grant.given';
import { grantProof } from './proof.decider';
import { ProofWorld, speaker } from './proof-world.given';
import { demandSums } from './repayment-sums';

let world: ProofWorld;
beforeEach(async () => {
  world = await ProofWorld.start();
});
afterEach(() => world.stop());

const demanding = (units: number, more: object = {}) => ({
  principal: euros(units),
  cause: 'unspent',
  dueOn: world.today(),
  ...more,
});
const demand = (grantId: string, body: object, by: Caller = officer) =>
  world.fund.post(`/grants/${grantId}/repayment-demands`, body, by);
const receive = (grantId: string, body: object, by: Caller = officer) =>
  world.fund.post(`/grants/${grantId}/repayments`, body, by);
const paying = (repaymentId: string, principal: number, interest: number, more: object = {}) => ({
  repaymentId,
  principal: euros(principal),
  interest: euros(interest),
  receivedOn: world.today(),
  ...more,
});

describe('proof of use: repayment with interest rule as setting', () => {
  it('bears interest from the day after it was due, by the terms of the grant, and comes in parts', async () => {
    const { grantId } = await world.paidGrant();
    const demanded = await demand(grantId, demanding(1_460));
    expect(demanded.status).toBe(201);
    const { repaymentId } = demanded.body;
    const list = async (after = demanded, query = '') =>
      (await world.fund.getAfter(after, `/grants/${grantId}/repayments${query}`, speaker)).body.items;
    const open = { principal: euros(1_460), principalOpen: euros(1_460), interestAccrued: euros(0) };
    expect(await list()).toMatchObject([{ repaymentId, cause: 'unspent', dueOn: world.today(), ...open }]);

    // At 5 % a year, 1,460 EUR cost 20 cents a day.
    world.waitDays(10);
    expect(await list()).toMatchObject([{ ...open, interestAccrued: euros(2), interestOpen: euros(2) }]);
    const part = await receive(grantId, paying(repaymentId, 730, 2));
    expect(part.status).toBe(204);
    world.waitDays(10);
    expect(await list(part)).toMatchObject([
      {
        principalReceived: euros(730),
        principalOpen: euros(730),
        interestAccrued: euros(3),
        interestReceived: euros(2),
        interestOpen: euros(1),
      },
    ]);
    const rest = await receive(grantId, paying(repaymentId, 730, 0));
    expect(await list(rest, '?open=true')).toEqual([]);
    const last = await receive(grantId, paying(repaymentId, 0, 1));
    expect(await list(last, '?open=false')).toMatchObject([{ principalOpen: euros(0), interestOpen: euros(0) }]);
    expect((await world.typesOf(grantId)).slice(-3)).toEqual([
      'RepaymentReceived',
      'RepaymentReceived',
      'InterestReceived',
    ]);
  });

  it('has for every demand the sums that the events of its grant make up', async () => {
    const { grantId } = await world.paidGrant();
    for (const [units, back] of [
      [1_000, 1_000],
      [2_000, 500],
      [3_000, 0],
    ] as const) {
      const { repaymentId } = (await demand(grantId, demanding(units))).body;
      if (back > 0) expect((await receive(grantId, paying(repaymentId, back, 0))).status).toBe(204);
    }
    world.waitDays(100);
    const over = await demand(grantId, demanding(1));
    expect([over.status, over.body.code, over.body.data]).toMatchObject([
      422,
      'REPAYMENT_EXCEEDS_DISBURSED',
      { demandable: euros(0) },
    ]);
    let state = grantProof.decider.initialState;
    let position = '';
    for (const event of await world.fund.events(grantEvents, grantId)) {
      state = grantProof.decider.evolve(state, event as GrantEvent);
      position = `${event.position.commit}/${event.position.prepare}`;
    }
    if (state.stage === 'none' || state.stage === 'unawarded') throw new Error(state.stage);
    const { body } = await world.fund.get(`/grants/${grantId}/repayments`, auditor, { 'min-position': position });
    expect(body.items).toHaveLength(3);
    for (const { repaymentId, cause: _, dueOn: __, principal, ...sums } of body.items) {
      const known = state.demands.get(repaymentId);
      expect(principal).toEqual(known?.principal);
      expect(sums).toEqual(known && demandSums(known, world.today()));
    }
  });

  it('names what is wrong with the request', async () => {
    const { grantId } = await world.paidGrant();
    const faults = async ({ status, body }: Awaited<ReturnType<typeof demand>>) => [
      status,
      ...(body.errors ?? [body.code]).map((fault: { field?: string }) => fault.field ?? fault),
    ];
    for (const cents of [0, -1, 0.5]) {
      const principal = { cents, currency: 'EUR' };
      expect(await faults(await demand(grantId, demanding(1, { principal })))).toEqual([400, 'principal.cents']);
    }
    const dollars = { cents: 1, currency: 'USD' };
    expect(await faults(await demand(grantId, demanding(1, { principal: dollars, dueOn: '2026-02-30' })))).toEqual([
      400,
      'principal.currency',
      'dueOn',
    ]);
    const yesterday = addDays(world.today(), -1);
    const late = await demand(grantId, demanding(1, { dueOn: yesterday }));
    expect([late.status, late.body.code, late.body.data.field]).toEqual([422, 'DATES_OUT_OF_ORDER', 'dueOn']);
    expect(await faults(await demand(grantId, demanding(1, { cause: 'revoked' })))).toEqual([
      409,
      'REPAYMENT_CAUSE_UNFOUNDED',
    ]);
    expect(await faults(await demand(grantId, demanding(6_001)))).toEqual([422, 'REPAYMENT_EXCEEDS_DISBURSED']);

    const { repaymentId } = (await demand(grantId, demanding(500))).body;
    const interest = { cents: -1, currency: 'EUR' };
    expect(await faults(await receive(grantId, paying(repaymentId, 1, 0, { interest })))).toEqual([
      400,
      'interest.cents',
    ]);
    for (const receivedOn of [addDays(world.today(), 1), addDays(world.projectFrom, -1)]) {
      const { status, body } = await receive(grantId, paying(repaymentId, 1, 0, { receivedOn }));
      expect([status, body.code, body.data]).toEqual([
        422,
        'DATES_OUT_OF_ORDER',
        { field: 'receivedOn', from: world.projectFrom, to: world.today() },
      ]);
    }
    expect(await faults(await receive(grantId, paying(repaymentId, 501, 0)))).toEqual([
      422,
      'REPAYMENT_EXCEEDS_DEMAND',
    ]);
    expect(await faults(await receive(grantId, paying(repaymentId, 500, 1)))).toEqual([422, 'INTEREST_EXCEEDS_OWED']);
    expect(await faults(await receive(grantId, paying(randomUUID(), 1, 0)))).toEqual([404, 'REPAYMENT_UNKNOWN']);
    expect(await faults(await receive(randomUUID(), paying(repaymentId, 1, 0)))).toEqual([404, 'GRANT_UNKNOWN']);
    expect((await world.typesOf(grantId)).at(-1)).toBe('RepaymentDemanded');
  });

  it('is for officers without a conflict of interest to demand, and for the recipient to see', async () => {
    const { grantId } = await world.paidGrant();
    for (const caller of [speaker, approver, coordinator, auditor]) {
      expect((await demand(grantId, demanding(1), caller)).status).toBe(403);
      expect((await receive(grantId, paying(randomUUID(), 1, 0), caller)).status).toBe(403);
    }
    const employed: Caller = { ...officer, organisationId: ids.applicant };
    expect((await demand(grantId, demanding(1), employed)).body.code).toBe('GRANT_CONTENT_CLOSED');
    expect((await world.fund.get(`/grants/${grantId}/repayments`, speaker)).status).toBe(200);
    const other: Caller = { ...speaker, organisationId: randomUUID() };
    expect((await world.fund.get(`/grants/${grantId}/repayments`, other)).status).toBe(404);
  });
});
