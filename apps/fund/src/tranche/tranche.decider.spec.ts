import { type CommandContext, fold, given as givenEvents, isRefusal } from '@alliance/event-sourcing';
import fc from 'fast-check';
import type { GrantEvent } from '../grant/grant.events';
import { aGrant, context, euros, ids, openGate, who } from '../grant/grant.given';
import type { TrancheOutlook } from './gate-facts';
import { grantTranches } from './tranche.decider';
import type { TrancheCommand } from './tranche-commands';

const given = (...events: GrantEvent[]) => givenEvents(grantTranches.decider, events);
const outlook: TrancheOutlook = {
  recipient: openGate.recipient,
  recipientIsPublicBody: false,
  interestedOrganisationIds: [ids.applicant, ids.donor],
  committed: euros(10_000),
  years: { exemptionNoticeYears: 5, provisionalNoticeYears: 3 },
};
const trancheId = ids.firstTranche;
const suspension: GrantEvent = {
  type: 'RecipientStandingChanged',
  data: {
    organisationId: ids.applicant,
    standing: 'suspended',
    survivorId: ids.applicant,
    since: '2026-03-19T00:00:00.000Z',
  },
};
const check = (by: string = who.checker): TrancheCommand => ({
  type: 'CheckTranche',
  data: { trancheId, outlook, panel: [], seenVersion: 1, thirdFrom: euros(25_000) },
  context: context(by),
});
const approve = (by: string, of?: string, seenVersion = 1): TrancheCommand => ({
  type: 'ApprovePayment',
  data: { trancheId, outlook, panel: [], seenVersion },
  context: context(by, of),
});
const paid = (paidOn = '2026-03-20', by: string = who.officer): TrancheCommand => ({
  type: 'RecordPaid',
  data: { trancheId, paymentId: ids.payment, paidOn, bankReference: 'SEPA 4', outlook },
  context: context(by),
});
const request = (of = ids.applicant, paymentId = ids.payment): TrancheCommand => ({
  type: 'RequestTranche',
  data: { trancheId, paymentId, neededBy: '2026-04-01', recipient: openGate.recipient },
  context: context(who.representative, of),
});
const plan = (...cents: number[]): TrancheCommand => ({
  type: 'PlanTranches',
  data: {
    tranches: cents.map((amount, index) => ({
      trancheId: `10000000-0000-4000-8000-00000000010${index}`,
      amount: { cents: amount, currency: 'EUR' },
      dueOn: '2026-04-01',
      requiresReport: false,
    })),
  },
  context: context(who.officer),
});
const revise = (units: number, by: string = who.officer, seenVersion = 1) => ({
  type: 'ReviseTranche' as const,
  data: { trancheId, amount: euros(units), dueOn: '2026-04-01', requiresReport: false, seenVersion },
  context: context(by),
});
const last = <T>(of: readonly T[]) => of.at(-1);

describe('tranches', () => {
  it('are planned up to the award, to the cent', () => {
    const awarded = aGrant({ upTo: 'contracted' });
    expect(given(...awarded).when(plan(600_000, 400_000))).toMatchObject([{ type: 'TranchesPlanned' }]);
    expect(given(...awarded).when(plan(600_000, 400_001))).toMatchObject({
      refused: 'unprocessable',
      code: 'TRANCHES_EXCEED_AWARD',
    });
    expect(given(...aGrant({ upTo: 'planned' })).when(revise(6_001))).toMatchObject({ code: 'TRANCHES_EXCEED_AWARD' });
    expect(given(...aGrant({ upTo: 'recommended' })).when(plan(1))).toMatchObject({ code: 'GRANT_WRONG_STAGE' });
  });

  it('are requested by the recipient only', () => {
    const [requested] = aGrant({ upTo: 'requested' }).slice(-1);
    expect(given(...aGrant({ upTo: 'planned' })).when(request())).toEqual([requested]);
    expect(given(...aGrant({ upTo: 'planned' })).when(request(ids.donor))).toMatchObject({ code: 'GRANT_NOT_YOURS' });
    expect(given(...aGrant({ upTo: 'requested' })).when(request())).toEqual([]);
  });

  it('are checked by another person, on the version that holds', () => {
    expect(given(...aGrant({ upTo: 'requested' })).when(check())).toEqual(aGrant({ upTo: 'checked' }).slice(-1));
    expect(given(...aGrant({ upTo: 'requested' })).when(check(who.representative))).toMatchObject({
      code: 'TRANCHE_OWN_REQUEST',
    });
    const changed = [...aGrant({ upTo: 'requested' }), ...decided(aGrant({ upTo: 'requested' }), revise(5_000))];
    expect(given(...changed).when(check())).toMatchObject({ refused: 'outdated', data: { presentVersion: 2 } });
  });

  it('are not revised by who has read an old version', () => {
    const planned = aGrant({ upTo: 'planned' });
    const changed = [...planned, ...decided(planned, revise(5_000))];
    expect(given(...changed).when(revise(4_000))).toMatchObject({
      refused: 'outdated',
      code: 'TRANCHE_VERSION_OUTDATED',
      data: { seenVersion: 1, presentVersion: 2, present: { amount: euros(5_000) } },
    });
    expect(given(...changed).when(revise(4_000, who.officer, 2))).toMatchObject([{ data: { version: 3 } }]);
  });

  it('can be cancelled until they are with the bank, and settle what was requested', () => {
    const cancel: TrancheCommand = {
      type: 'CancelTranche',
      data: { trancheId, reasonCode: 'not-needed' },
      context: context(who.officer),
    };
    expect(given(...aGrant({ upTo: 'planned' })).when(cancel)).toEqual([
      { type: 'TrancheCancelled', data: { trancheId, reasonCode: 'not-needed' } },
    ]);
    expect(given(...aGrant({ upTo: 'checked' })).when(cancel)).toMatchObject([{ data: { paymentId: ids.payment } }]);
    expect(given(...aGrant({ upTo: 'ordered' })).when(cancel)).toMatchObject({ code: 'TRANCHE_WRONG_STAGE' });
  });
});

describe('a payment', () => {
  const [first, second] = who.approvers;

  it('is ordered with the last approval that is needed', () => {
    const checked = aGrant({ upTo: 'checked' });
    const once = decided(checked, approve(first));
    expect(once.map(({ type }) => type)).toEqual(['PaymentApproved']);
    const twice = decided([...checked, ...once], approve(second));
    expect(twice.map(({ type }) => type)).toEqual(['PaymentApproved', 'PaymentOrdered']);
    expect(last(twice)).toEqual(last(aGrant({ upTo: 'ordered' })));
  });

  it('is not approved by who has a part in it, nor on an old version', () => {
    const checked = aGrant({ upTo: 'checked' });
    expect(given(...checked).when(approve(first, ids.donor))).toMatchObject({ code: 'FOUR_EYES_CONFLICTED' });
    expect(given(...checked).when(approve(first, undefined, 2))).toMatchObject({ refused: 'outdated' });
    expect(given(...checked).when(approve(who.checker))).toMatchObject({ code: 'FOUR_EYES_NO_APPROVER' });
  });

  it.each([who.draftsOnly, who.representative])('is neither checked nor approved by %s, who applied', (subject) => {
    // Another representative has asked for the money.
    const requested = aGrant({ upTo: 'checked' }).map((event): GrantEvent =>
      event.type === 'TrancheRequested'
        ? { ...event, data: { ...event.data, requestedBy: 'representative-3' } }
        : event,
    );
    const inRole = (role: string, command: TrancheCommand): TrancheCommand => {
      return { ...command, context: { ...command.context, actor: { subject, roles: [role] } } };
    };
    expect(given(...requested).when(inRole('approver', approve(subject)))).toMatchObject({
      refused: 'forbidden',
      code: 'FOUR_EYES_REQUESTER',
    });
    const unchecked = requested.slice(0, -1);
    expect(given(...unchecked).when(inRole('fund-officer', check()))).toMatchObject({
      refused: 'forbidden',
      code: 'TRANCHE_OWN_REQUEST',
    });
    expect(decided(unchecked, check())).toMatchObject([{ type: 'TrancheChecked' }]);
  });

  it('is not ordered while the recipient is suspended, and is again after', () => {
    const frozen = [
      ...aGrant({ upTo: 'checked' }),
      ...decided(aGrant({ upTo: 'checked' }), approve(first)),
      suspension,
    ];
    expect(given(...frozen).when(approve(second))).toMatchObject({
      code: 'TRANCHE_GATE_CLOSED',
      data: { blockers: [{ code: 'RECIPIENT_SUSPENDED' }] },
    });
    const reinstatement: GrantEvent = {
      type: 'RecipientStandingChanged',
      data: { ...openGate.recipient, organisationId: ids.applicant, since: '2026-03-20T00:00:00.000Z' },
    };
    expect(last(decided([...frozen, reinstatement], approve(second)))).toMatchObject({ type: 'PaymentOrdered' });
  });

  it('has to be checked anew when an approver comes to be conflicted', () => {
    const checked = aGrant({ upTo: 'checked' });
    const conflict: GrantEvent = {
      type: 'ConflictDeclared',
      data: { subject: first, kind: 'personal', declaredBy: first },
    };
    const conflicted = [...checked, ...decided(checked, approve(first)), conflict];
    expect(given(...conflicted).when(approve(second))).toMatchObject({
      data: { blockers: [{ code: 'APPROVER_CONFLICTED' }] },
    });
    const anew = [...conflicted, ...decided(conflicted, check())];
    expect(decided(anew, approve(second)).map(({ type }) => type)).toEqual(['PaymentApproved']);
  });

  it('is recorded once, by who has not approved it, and not before its order', () => {
    const ordered = aGrant({ upTo: 'ordered' });
    const recorded = decided(ordered, paid());
    expect(recorded).toMatchObject([{ type: 'TranchePaid', data: { amount: euros(6_000), despite: [] } }]);
    expect(given(...ordered, ...recorded).when(paid())).toEqual([]);
    expect(given(...ordered).when(paid('2026-03-19'))).toMatchObject({ code: 'DATES_OUT_OF_ORDER' });
    expect(given(...ordered).when(paid('2026-03-21'))).toMatchObject({ code: 'DATES_OUT_OF_ORDER' });
    const failed = { trancheId, paymentId: ids.payment, reasonCode: 'account-closed' };
    const fails = (by: string): TrancheCommand => ({ type: 'RecordFailed', data: failed, context: context(by) });
    expect(given(...ordered).when(paid('2026-03-20', first))).toMatchObject({ code: 'PAYMENT_OWN_APPROVAL' });
    expect(given(...ordered).when(fails(first))).toMatchObject({ code: 'PAYMENT_OWN_APPROVAL' });
    const [failure] = decided(ordered, fails(who.officer));
    expect(failure).toEqual({ type: 'PaymentFailed', data: { ...failed, recordedBy: who.officer } });
    const revoked: GrantEvent = {
      type: 'GrantRevoked',
      data: { reasonCode: 'misuse', notPaidOut: euros(4_000), revokedBy: who.idle[0] },
    };
    expect(given(...ordered, revoked).when(fails(who.officer))).toMatchObject([{ data: { notPaidOut: euros(6_000) } }]);
  });

  it('that the bank has made is recorded also when the gate has closed, with what stood in the way', () => {
    const revoked: GrantEvent = {
      type: 'GrantRevoked',
      data: { reasonCode: 'misuse', notPaidOut: euros(4_000), revokedBy: who.idle[0] },
    };
    const closed = [...aGrant({ upTo: 'ordered' }), suspension, revoked];
    expect(given(...closed).when(paid())).toMatchObject([
      { type: 'TranchePaid', data: { despite: [{ code: 'GRANT_REVOKED' }, { code: 'RECIPIENT_SUSPENDED' }] } },
    ]);
  });
});

describe('requests that have come to be void', () => {
  const cancelVoid: TrancheCommand = { type: 'CancelVoidRequests', data: {}, context: context('fund.void-requests') };
  const merged = {
    ...suspension,
    data: { ...suspension.data, standing: 'admitted', survivorId: ids.donor },
  } as GrantEvent;

  it('of who was merged since are cancelled, and the surviving organisation requests anew', () => {
    const cancelled = { trancheId, paymentId: ids.payment, reasonCode: 'recipient-merged' };
    for (const upTo of ['requested', 'checked'] as const) {
      const before = [...aGrant({ upTo }), merged];
      const decisions = decided(before, cancelVoid);
      expect(decisions).toEqual([{ type: 'PaymentCancelled', data: cancelled }]);
      const after = [...before, ...decisions];
      expect(given(...after).when(cancelVoid)).toEqual([]);
      expect(given(...after).when(request())).toMatchObject({ code: 'GRANT_NOT_YOURS' });
      expect(decided(after, request(ids.donor, ids.report))).toMatchObject([
        { data: { recipientOrganisationId: ids.donor } },
      ]);
    }
  });

  it('of a grant that is over are cancelled with their tranches', () => {
    const revoked: GrantEvent = {
      type: 'GrantRevoked',
      data: { reasonCode: 'misuse', notPaidOut: euros(10_000), revokedBy: who.idle[0] },
    };
    expect(given(...aGrant({ upTo: 'checked' }), revoked).when(cancelVoid)).toEqual([
      { type: 'TrancheCancelled', data: { trancheId, paymentId: ids.payment, reasonCode: 'grant-ended' } },
      { type: 'TrancheCancelled', data: { trancheId: ids.secondTranche, reasonCode: 'grant-ended' } },
    ]);
  });

  it('are no others, and nothing that is with the bank', () => {
    expect(given(...aGrant({ upTo: 'checked' }), suspension).when(cancelVoid)).toEqual([]);
    expect(given(...aGrant({ upTo: 'ordered' }), merged).when(cancelVoid)).toEqual([]);
  });
});

describe('four eyes over payments', () => {
  const actors = ['anna', 'bo', 'chris', 'dana'] as const;
  /** Everyone may do everything: it is the decider that has to hold them apart. */
  const as = (subject: string): CommandContext => ({
    ...context(who.officer, ids.applicant),
    actor: { subject, roles: ['approver', 'fund-officer'] },
  });
  const attempt = fc.record({
    does: fc.oneof(
      { weight: 3, arbitrary: fc.constant('approve' as const) },
      {
        weight: 2,
        arbitrary: fc.constantFrom('revise', 'check', 'withdraw', 'declare', 'clear', 'fail', 'request'),
      },
    ),
    by: fc.constantFrom(...actors),
    n: fc.nat(3),
  });
  type Attempt = typeof attempt extends fc.Arbitrary<infer One> ? One : never;

  function happens({ does, by, n }: Attempt, before: readonly GrantEvent[], index: number): readonly GrantEvent[] {
    const version = 1 + before.filter(({ type }) => type === 'TrancheRevised').length;
    const requests = before.flatMap((event) => (event.type === 'TrancheRequested' ? [event.data.paymentId] : []));
    const seenVersion = n === 3 ? version - 1 : version;
    const judged = { trancheId, outlook, panel: [], seenVersion };
    const paymentId = `20000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    switch (does) {
      case 'declare':
        return [{ type: 'ConflictDeclared', data: { subject: by, kind: 'personal', declaredBy: by } }];
      case 'clear':
        return [{ type: 'NoConflictDeclared', data: { subject: by } }];
      case 'revise':
        return decided(before, { ...revise(5_000 + n * 500, by, version), context: as(by) });
      case 'check': {
        const data = { ...judged, thirdFrom: euros(n === 0 ? 1 : 25_000) };
        return decided(before, { type: 'CheckTranche', data, context: as(by) });
      }
      case 'approve':
        return decided(before, { type: 'ApprovePayment', data: judged, context: as(by) });
      case 'withdraw':
        return decided(before, { type: 'WithdrawPaymentApproval', data: { trancheId }, context: as(by) });
      case 'fail': {
        const data = { trancheId, paymentId: last(requests) ?? '', reasonCode: 'account-closed' };
        return decided(before, { type: 'RecordFailed', data, context: as(by) });
      }
      case 'request': {
        const data = { trancheId, paymentId, neededBy: '2026-04-01', recipient: openGate.recipient };
        const actor = { ...as(by).actor, organisationId: ids.applicant };
        return decided(before, { type: 'RequestTranche', data, context: { ...as(by), actor } });
      }
    }
  }

  /** By the raw events alone: who stands behind the order that comes after them. */
  function standingBehind(events: readonly GrantEvent[]): readonly string[] {
    const parts = new Set<string>();
    let [cleared, conflicted, approvers] = [new Set<string>(), new Set<string>(), new Set<string>()];
    for (const { type, data } of events) {
      if (type === 'TranchesPlanned') parts.add(data.plannedBy);
      if (type === 'TrancheRevised') parts.add(data.revisedBy);
      if (type === 'TrancheRequested') parts.add(data.requestedBy);
      if (type === 'TrancheChecked') parts.add(data.checkedBy);
      if (['TrancheRevised', 'TrancheRequested', 'TrancheChecked'].includes(type)) approvers = new Set();
      if (type === 'NoConflictDeclared') cleared = cleared.add(data.subject);
      if (type === 'ConflictDeclared') conflicted = conflicted.add(data.subject);
      if (type === 'PaymentApproved') approvers = approvers.add(data.approvedBy);
      if (type === 'PaymentApprovalWithdrawn') approvers.delete(data.withdrawnBy);
    }
    return [...approvers].filter((one) => !parts.has(one) && !conflicted.has(one) && cleared.has(one));
  }

  it('hold in every interleaving of change, check, approval, withdrawal and conflict by four persons', () => {
    const everyoneCleared = actors
      .slice(0, 3)
      .map((subject): GrantEvent => ({ type: 'NoConflictDeclared', data: { subject } }));
    const start = fc.constantFrom('requested' as const, 'checked' as const);
    let orders = 0;
    fc.assert(
      fc.property(fc.array(attempt, { minLength: 5, maxLength: 40 }), start, (attempts, upTo) => {
        let log: GrantEvent[] = [...aGrant({ upTo }), ...everyoneCleared];
        for (const [index, one] of attempts.entries()) {
          for (const event of happens(one, log, index)) {
            if (event.type === 'PaymentOrdered') {
              orders += 1;
              const checked = log.findLast(({ type }) => type === 'TrancheChecked');
              const needed = checked?.type === 'TrancheChecked' ? checked.data.approvalsNeeded : 4;
              expect(standingBehind(log).length).toBeGreaterThanOrEqual(needed);
              const version = 1 + log.filter(({ type }) => type === 'TrancheRevised').length;
              expect([checked?.data, event.data]).toMatchObject([{ version }, { version }]);
            }
            log = [...log, event];
          }
        }
        const state = fold(grantTranches.decider.evolve, grantTranches.decider.initialState, log);
        const tranches = state.stage === 'none' ? [] : [...state.tranches.values()];
        const total = tranches
          .filter(({ stage }) => stage !== 'cancelled')
          .reduce((cents, { amount }) => cents + amount.cents, 0);
        expect(total).toBeLessThanOrEqual(1_000_000);
      }),
      { numRuns: 150 },
    );
    expect(orders).toBeGreaterThan(10);
  });
});

function decided(before: readonly GrantEvent[], command: TrancheCommand): readonly GrantEvent[] {
  const decision = given(...before).when(command);
  return isRefusal(decision) ? [] : decision;
}

describe('proofs of tax-exempt status', () => {
  it('are not that the recipient is a body of public law, which the registry tells', () => {
    const record: TrancheCommand = {
      type: 'RecordTaxStatus',
      data: { kind: 'public-law-body', reference: 'dms/1' },
      context: context(who.officer),
    };
    expect(given(...aGrant({ upTo: 'contracted' })).when(record)).toMatchObject({
      refused: 'unprocessable',
      code: 'TAX_STATUS_OF_REGISTRY',
      data: { field: 'kind' },
    });
  });

  it('are as many as the facts of a gate can hold', () => {
    const record = (reference: string): TrancheCommand => ({
      type: 'RecordTaxStatus',
      data: { kind: 'exemption-notice', issuedOn: '2024-06-01', reference },
      context: context(who.officer),
    });
    let history = aGrant({ upTo: 'contracted' });
    for (let count = 0; count < 20; count += 1) history = [...history, ...decided(history, record(`dms/${count}`))];
    expect(given(...history).when(record('dms/0'))).toEqual([]);
    expect(given(...history).when(record('dms/20'))).toMatchObject({ code: 'TAX_STATUSES_FULL' });
  });
});
