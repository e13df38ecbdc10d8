import { fold } from '@alliance/event-sourcing';
import fc from 'fast-check';
import type { DataOf, GrantEvent } from '../grant/grant.events';
import { aGrant, context, euros, ids, who } from '../grant/grant.given';
import { grantProof } from './proof.decider';
import { accept, decided, given, independent, officer, revoked, upTo } from './proof.given';
import type { ProofCommand } from './proof-commands';
import { demandable, demandSums, unspent } from './repayment-sums';

const demand = (units: number, changed: Partial<DataOf<'RepaymentDemanded'>> = {}): ProofCommand => ({
  type: 'DemandRepayment',
  data: {
    repaymentId: ids.repayment,
    principal: euros(units),
    cause: 'unspent',
    dueOn: '2027-09-30',
    ...independent,
    ...changed,
  },
  context: officer,
});
const received = (
  principal: number,
  interest = 0,
  receivedOn = '2027-09-15',
  at = '2028-10-01T10:00:00.000Z',
): ProofCommand => ({
  type: 'RecordRepaymentReceived',
  data: { repaymentId: ids.repayment, principal: euros(principal), interest: euros(interest), receivedOn },
  context: context(who.officer, undefined, at),
});
describe('repayments', () => {
  it('are demanded by the rule of interest that was agreed', () => {
    expect(upTo('report-accepted').when(demand(500))).toEqual(aGrant({ upTo: 'repayment-demanded' }).slice(-1));
  });

  it('are in the currency of the grant', () => {
    const principal = { cents: 1, currency: 'USD' } as unknown as ReturnType<typeof euros>;
    expect(upTo('report-accepted').when(demand(1, { principal }))).toMatchObject({
      code: 'MONEY_CURRENCY_DIFFERS',
      data: { expected: 'EUR', fields: ['principal'] },
    });
  });

  it('are demanded of what was paid and has not been demanded, to the cent', () => {
    expect(upTo('report-accepted').when(demand(6_000))).toHaveLength(1);
    const oneCentMore = { principal: { cents: 600_001, currency: 'EUR' } } as const;
    expect(upTo('report-accepted').when(demand(0, oneCentMore))).toMatchObject({
      code: 'REPAYMENT_EXCEEDS_DISBURSED',
      data: { demandable: euros(6_000) },
    });
    const repaymentId = '40000000-0000-4000-8000-000000000002';
    for (const step of ['repayment-demanded', 'repaid'] as const) {
      expect(upTo(step).when(demand(5_500, { repaymentId }))).toHaveLength(1);
      expect(upTo(step).when(demand(5_501, { repaymentId }))).toMatchObject({
        data: { demandable: euros(5_500) },
      });
      expect(upTo(step).when(demand(1))).toMatchObject({ code: 'REPAYMENT_EXISTS' });
    }
    expect(upTo('contracted').when(demand(1))).toMatchObject({ data: { demandable: euros(0) } });
  });

  it('are demanded for a reason that there is, and for a day to come', () => {
    const grant = aGrant({ upTo: 'paid' });
    expect(given(...grant).when(demand(1, { cause: 'revoked' }))).toMatchObject({ code: 'REPAYMENT_CAUSE_UNFOUNDED' });
    expect(given(...grant, revoked).when(demand(1))).toMatchObject({ code: 'REPAYMENT_CAUSE_UNFOUNDED' });
    expect(given(...grant, revoked).when(demand(6_000, { cause: 'revoked' }))).toHaveLength(1);
    expect(given(...grant).when(demand(1, { dueOn: '2027-04-30' }))).toMatchObject({
      code: 'DATES_OUT_OF_ORDER',
      data: { field: 'dueOn', from: '2027-05-01' },
    });
    expect(given(...grant).when(demand(1, { dueOn: '2027-05-01' }))).toHaveLength(1);
    expect(upTo('closed').when(demand(1))).toMatchObject({ code: 'GRANT_WRONG_STAGE' });
  });

  it('come in at once or in parts, principal and interest told apart', () => {
    expect(upTo('repayment-demanded').when(received(500))).toEqual(aGrant({ upTo: 'repaid' }).slice(-1));
    const demanded = aGrant({ upTo: 'repayment-demanded' });
    // A year late at 5 %.
    const part = decided(demanded, received(400, 20, '2028-09-29'));
    expect(part).toMatchObject([{ type: 'RepaymentReceived', data: { principal: euros(400), interest: euros(20) } }]);
    const rest = decided([...demanded, ...part], received(100, 0, '2028-09-29'));
    const last = decided([...demanded, ...part, ...rest], received(0, 5, '2028-10-01'));
    expect(last).toMatchObject([{ type: 'InterestReceived', data: { interest: euros(5) } }]);
    const state = fold(grantProof.decider.evolve, grantProof.decider.initialState, [
      ...demanded,
      ...part,
      ...rest,
      ...last,
    ]);
    if (state.stage === 'none' || state.stage === 'unawarded') throw new Error(state.stage);
    const [one] = [...state.demands.values()];
    expect(one && demandSums(one, '2029-01-01')).toEqual({
      principalReceived: euros(500),
      principalOpen: euros(0),
      interestAccrued: euros(25),
      interestReceived: euros(25),
      interestOpen: euros(0),
    });
    expect(demandable(state)).toEqual(euros(5_500));
    expect(unspent(state)).toEqual(euros(500));
  });

  it('are no more than was demanded and is owed, nor nothing', () => {
    expect(upTo('repayment-demanded').when(received(501))).toMatchObject({ code: 'REPAYMENT_EXCEEDS_DEMAND' });
    expect(upTo('repaid').when(received(1))).toMatchObject({ code: 'REPAYMENT_EXCEEDS_DEMAND' });
    expect(upTo('repayment-demanded').when(received(0))).toMatchObject({ code: 'REPAYMENT_EMPTY' });
    expect(upTo('repayment-demanded').when(received(500, 1))).toMatchObject({ code: 'INTEREST_EXCEEDS_OWED' });
    expect(upTo('report-accepted').when(received(1))).toMatchObject({ code: 'REPAYMENT_UNKNOWN' });
  });

  it('came in after the money was paid out, and not on a day to come', () => {
    for (const [receivedOn, at] of [
      ['2026-03-20', undefined],
      ['2028-10-02', undefined],
      ['2027-09-15', '2027-09-14T23:59:59.000Z'],
    ] as const) {
      expect(upTo('repayment-demanded').when(received(500, 0, receivedOn, at))).toMatchObject({
        code: 'DATES_OUT_OF_ORDER',
        data: { field: 'receivedOn', from: '2026-03-21' },
      });
    }
    expect(upTo('repayment-demanded').when(received(500, 0, '2026-03-21'))).toHaveLength(1);
  });

  it('never come to more than was paid out, nor a part to more than its demand, whatever the order', () => {
    const day = fc.integer({ min: 0, max: 1_000 }).map((n) => new Date(Date.UTC(2026, 2, 15 + n)).toISOString());
    const step = fc.record({
      does: fc.constantFrom('pay', 'demand', 'demand', 'receive', 'receive', 'receive', 'revoke', 'accept'),
      nth: fc.nat(1),
      cents: fc.oneof(fc.nat(400_000), fc.constantFrom(1, 100_000, 300_000), fc.nat(50_000)),
      interest: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(5_000)),
      at: day,
      on: day,
    });
    let receipts = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 30 }), (steps) => {
        let log: GrantEvent[] = aGrant({ upTo: 'report-under-review' });
        const paidBefore = 600_000;
        let [paid, returned] = [paidBefore, 0];
        const open = new Map<string, number>();
        for (const { does, nth, cents, interest, at, on } of steps) {
          const repaymentId = `40000000-0000-4000-8000-00000000000${nth}`;
          const amount = { cents, currency: 'EUR' } as const;
          for (const event of happens()) {
            log = [...log, event];
            if (event.type === 'RepaymentDemanded') {
              expect(open.has(repaymentId)).toBe(false);
              open.set(repaymentId, event.data.principal.cents);
            }
            if (event.type === 'RepaymentReceived') {
              receipts += 1;
              returned += event.data.principal.cents;
              open.set(repaymentId, (open.get(repaymentId) ?? 0) - event.data.principal.cents);
            }
            if (event.type === 'TranchePaid') paid += event.data.amount.cents;
            const stillOpen = [...open.values()];
            expect(stillOpen.every((left) => left >= 0)).toBe(true);
            expect(returned + stillOpen.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(paid);
          }

          function happens(): readonly GrantEvent[] {
            const [earlier, later] = at < on ? [at, on] : [on, at];
            const by = context(who.officer, undefined, does === 'receive' ? later : earlier);
            switch (does) {
              case 'pay':
                return log.some(({ type }) => type === 'GrantRevoked') ? [] : [anotherPayment(cents + 1)];
              case 'revoke':
                return nth === 0 ? [revoked] : [];
              case 'accept':
                return decided(log, { ...accept(), context: by });
              case 'demand': {
                const cause = log.some(({ type }) => type === 'GrantRevoked') ? 'revoked' : 'disallowed';
                const data = {
                  repaymentId,
                  principal: amount,
                  cause,
                  dueOn: later.slice(0, 10),
                  ...independent,
                } as const;
                return cents === 0 ? [] : decided(log, { type: 'DemandRepayment', data, context: by });
              }
              case 'receive': {
                const paidInterest = { cents: interest, currency: 'EUR' } as const;
                const receivedOn = earlier.slice(0, 10);
                const data = { repaymentId, principal: amount, interest: paidInterest, receivedOn };
                return decided(log, { type: 'RecordRepaymentReceived', data, context: by });
              }
            }
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(receipts).toBeGreaterThan(100);
  });
});

function anotherPayment(cents: number): GrantEvent {
  const paid = aGrant({ upTo: 'paid' }).at(-1);
  if (paid?.type !== 'TranchePaid') throw new Error('The history does not end with a payment.');
  return { type: 'TranchePaid', data: { ...paid.data, amount: { cents, currency: 'EUR' } } };
}
