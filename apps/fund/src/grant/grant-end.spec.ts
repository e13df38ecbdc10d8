import { isRefusal } from '@alliance/event-sourcing';
import { after, close, contract, given, revoke } from './decision.given';
import type { GrantEvent } from './grant.events';
import { aGrant, euros, ids, who } from './grant.given';

const [first] = who.approvers;
const [third] = who.idle;
const awarding = aGrant({ upTo: 'awarding' });

describe('a contract', () => {
  it('is recorded once, after the award, with a day that can be', () => {
    expect(after(aGrant({ upTo: 'awarded' }), contract())).toEqual(aGrant({ upTo: 'contracted' }));
    expect(given(...aGrant({ upTo: 'contracted' })).when(contract())).toEqual([]);
    expect(given(...aGrant({ upTo: 'contracted' })).when(contract('2026-03-16'))).toMatchObject({
      code: 'GRANT_WRONG_STAGE',
    });
    for (const day of ['2026-03-21', '2025-12-31']) {
      expect(given(...aGrant({ upTo: 'awarded' })).when(contract(day))).toMatchObject({
        refused: 'unprocessable',
        code: 'DATES_OUT_OF_ORDER',
        data: { field: 'signedOn', from: '2026-01-01', to: '2026-03-20' },
      });
    }
  });
});

describe('a revocation', () => {
  it('is given by an approver who had no part in it', () => {
    const contracted = aGrant({ upTo: 'contracted' });
    expect(given(...contracted).when(revoke(first))).toMatchObject({ code: 'GRANT_REVOKER_HAD_PART' });
    expect(given(...contracted).when(revoke(third, ids.donor))).toMatchObject({ code: 'GRANT_DECISION_CONFLICTED' });
    expect(given(...contracted).when(revoke(who.checker))).toMatchObject({ code: 'GRANT_REVOKER_NO_APPROVER' });
    const revoked = after(contracted, revoke(third));
    expect(revoked.at(-1)).toEqual({
      type: 'GrantRevoked',
      data: { reasonCode: 'misused', notPaidOut: euros(10_000), revokedBy: third },
    });
    expect(given(...revoked).when(revoke(third))).toEqual([]);
    expect(given(...awarding).when(revoke(third))).toMatchObject({ code: 'GRANT_WRONG_STAGE' });
  });

  it('gives back to the pot what is neither paid nor with the bank', () => {
    const notPaidOut = (events: GrantEvent[]) => given(...events).when(revoke(third));
    const some = [{ data: { notPaidOut: euros(4_000) } }];
    expect(notPaidOut(aGrant({ upTo: 'checked' }))).toMatchObject([{ data: { notPaidOut: euros(10_000) } }]);
    expect(notPaidOut(aGrant({ upTo: 'ordered' }))).toMatchObject(some);
    expect(notPaidOut(aGrant({ upTo: 'paid' }))).toMatchObject(some);
    const failed: GrantEvent = {
      type: 'PaymentFailed',
      data: { trancheId: ids.firstTranche, paymentId: ids.payment, reasonCode: 'closed', recordedBy: who.officer },
    };
    expect(notPaidOut([...aGrant({ upTo: 'ordered' }), failed])).toMatchObject([
      { data: { notPaidOut: euros(10_000) } },
    ]);
  });
});

describe('closing', () => {
  const codes = (events: GrantEvent[], at?: string) => {
    const decided = given(...events).when(close(at));
    if (!isRefusal(decided)) return decided;
    expect(decided).toMatchObject({ refused: 'conflict', code: 'GRANT_NOT_CLOSABLE' });
    return (decided.data['blockers'] as { code: string }[]).map(({ code }) => code);
  };

  it('is refused with all that is still owed by either side', () => {
    expect(codes(aGrant({ upTo: 'paid' }))).toEqual(['TRANCHE_OPEN', 'FINAL_REPORT_NOT_ACCEPTED']);
    expect(codes(aGrant({ upTo: 'report-accepted' }))).toEqual(['UNSPENT_NOT_DEMANDED']);
    expect(codes(aGrant({ upTo: 'repayment-demanded' }))).toEqual(['REPAYMENT_OPEN']);
  });

  it('also awaits the interest on what came back late', () => {
    const late = aGrant({ upTo: 'repaid' }).map((event): GrantEvent =>
      event.type === 'RepaymentReceived' ? { ...event, data: { ...event.data, receivedOn: '2027-10-31' } } : event,
    );
    expect(codes(late, '2027-11-01T08:00:00.000Z')).toEqual(['REPAYMENT_OPEN']);
    // 500 EUR at 5 % for 31 days.
    const interest: GrantEvent = {
      type: 'InterestReceived',
      data: {
        ...{ repaymentId: ids.repayment, receivedOn: '2027-11-01', recordedBy: who.officer },
        interest: { cents: 212, currency: 'EUR' },
      },
    };
    expect(codes([...late, interest], '2027-11-01T08:00:00.000Z')).toMatchObject([{ type: 'GrantClosed' }]);
  });

  it('is the end, with what goes back to the pot', () => {
    expect(after(aGrant({ upTo: 'repaid' }), close('2027-10-01T08:00:00.000Z'))).toEqual(aGrant({ upTo: 'closed' }));
    expect(given(...aGrant({ upTo: 'closed' })).when(close())).toEqual([]);
    expect(given(...aGrant({ upTo: 'awarded' })).when(close())).toMatchObject({ code: 'GRANT_WRONG_STAGE' });
  });
});
