import { createTestDatabase, type TestDatabase } from '@alliance/embedded';
import { given, isRefusal } from '@alliance/event-sourcing';
import { connectDatabase, migrate } from '@alliance/read-models';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { fund } from '../fund.module';
import { publishGrant } from '../grant/grant.contract';
import type { GrantEvent } from '../grant/grant.events';
import { aGrant, context, euros, ids, inLog, openGate, who } from '../grant/grant.given';
import type { TrancheOutlook } from './gate-facts';
import { grantTranches } from './tranche.decider';
import type { TrancheCommand } from './tranche-commands';
import { evolveTranches, noTranches } from './tranche-state';
import { findTranches, sumTranches, TrancheEntry, trancheRegister } from './tranche-register.read-model';

let testDatabase: TestDatabase;
let database: DataSource;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await migrate({ url: testDatabase.url, migrations: fund.migrations });
  database = await connectDatabase({ url: testDatabase.url, entities: [TrancheEntry] });
});
afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

const outlook: TrancheOutlook = {
  recipient: openGate.recipient,
  recipientIsPublicBody: false,
  interestedOrganisationIds: [],
  committed: euros(10_000),
  years: { exemptionNoticeYears: 5, provisionalNoticeYears: 3 },
};
const kinds = ['plan', 'revise', 'request', 'cancel', 'paid', 'failed', 'merge', 'back', 'revoke'] as const;
const attempt = fc.record({
  does: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...kinds) },
    { weight: 3, arbitrary: fc.constantFrom('check' as const, 'approve' as const, 'withdraw' as const) },
  ),
  /** Which tranche, and which person or amount. */
  which: fc.nat(3),
  n: fc.integer({ min: 1, max: 6 }),
});
type Attempt = typeof attempt extends fc.Arbitrary<infer One> ? One : never;

const standing = (survivorId: string, at: number): GrantEvent => ({
  type: 'RecipientStandingChanged',
  data: { organisationId: ids.applicant, standing: 'admitted', survivorId, since: `2026-04-01T10:00:${10 + at}.000Z` },
});

const revoked: GrantEvent = {
  type: 'GrantRevoked',
  data: { reasonCode: 'misuse', notPaidOut: euros(0), revokedBy: who.idle[0] },
};

const fits: Readonly<Partial<Record<Attempt['does'], string>>> = {
  check: 'requested',
  approve: 'checked',
  paid: 'ordered',
  failed: 'ordered',
};

/** What happens on the attempt; a refusal is nothing. */
function happens({ does, which, n }: Attempt, before: readonly GrantEvent[], index: number): readonly GrantEvent[] {
  const decide = (command: TrancheCommand): readonly GrantEvent[] => {
    const decided = given(grantTranches.decider, before).when(command);
    return isRefusal(decided) ? [] : decided;
  };
  const state = before.reduce(evolveTranches, noTranches);
  const tranches = state.stage === 'none' ? [] : [...state.tranches.values()];
  // Mostly one that it fits, else hardly any would be paid.
  const fitting = which === 0 ? undefined : tranches.find(({ stage }) => stage === fits[does]);
  const tranche = fitting ?? tranches[which % Math.max(tranches.length, 1)];
  const cancelVoid: TrancheCommand = { type: 'CancelVoidRequests', data: {}, context: context('fund.void-requests') };
  const after = (event: GrantEvent): readonly GrantEvent[] => {
    const decided = given(grantTranches.decider, [...before, event]).when(cancelVoid);
    return [event, ...(isRefusal(decided) ? [] : decided)];
  };
  if (does === 'merge') return n > 3 ? after(standing(ids.donor, index)) : [];
  if (does === 'back') return after(standing(ids.applicant, index));
  if (does === 'revoke') return n === 6 && which === 3 ? after(revoked) : [];
  if (does === 'plan') {
    const planned = { trancheId: randomUUID(), amount: euros(n * 500), dueOn: '2026-04-01', requiresReport: false };
    return decide({ type: 'PlanTranches', data: { tranches: [planned] }, context: context(who.officer) });
  }
  if (tranche === undefined) return [];
  const { trancheId, payment } = tranche;
  const seenVersion = tranche.endorsement.version;
  const paymentId = payment?.paymentId ?? '';
  const judged = { trancheId, outlook, panel: [], seenVersion };
  const approving = context([...who.approvers, who.idle[0]][n % 3]!);
  switch (does) {
    case 'revise': {
      const data = { trancheId, seenVersion, amount: euros(n * 900), dueOn: '2026-04-02', requiresReport: false };
      return decide({ type: 'ReviseTranche', data, context: context(who.officer) });
    }
    case 'request': {
      const survivorId = state.standing?.survivorId ?? ids.applicant;
      const data = { trancheId, paymentId: randomUUID(), neededBy: '2026-04-01', recipient: openGate.recipient };
      return decide({ type: 'RequestTranche', data, context: context(who.representative, survivorId) });
    }
    case 'check': {
      const data = { ...judged, thirdFrom: euros(2_500) };
      return decide({ type: 'CheckTranche', data, context: context(who.checker) });
    }
    case 'approve':
      return decide({ type: 'ApprovePayment', data: judged, context: approving });
    case 'withdraw':
      return n > 4 ? decide({ type: 'WithdrawPaymentApproval', data: { trancheId }, context: approving }) : [];
    case 'paid': {
      const data = { trancheId, paymentId, paidOn: '2026-03-20', bankReference: 'SEPA 4', outlook };
      return decide({ type: 'RecordPaid', data, context: context(who.officer) });
    }
    case 'failed':
      return decide({
        type: 'RecordFailed',
        data: { trancheId, paymentId, reasonCode: 'account-closed' },
        context: context(who.officer),
      });
    case 'cancel':
      return n > 4
        ? decide({
            type: 'CancelTranche',
            data: { trancheId, reasonCode: 'not-needed' },
            context: context(who.officer),
          })
        : [];
  }
}

/** From a grant with one tranche checked; the attempts of who is not let do nothing. */
const history = fc.array(attempt, { minLength: 20, maxLength: 60 }).map((attempts) => {
  let events: readonly GrantEvent[] = aGrant({ upTo: 'checked' });
  for (const [index, one] of attempts.entries()) events = [...events, ...happens(one, events, index)];
  return events;
});

describe('money: sums checked in every projection against the log', () => {
  it('has of every grant the tranches and the sums that its events make up, in whatever batches they come', async () => {
    const happened = new Set<string>();
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 1, max: 40 }), async (events, batch) => {
        const id = randomUUID();
        for (let from = 0; from < events.length; from += batch) {
          const recorded = inLog(events.slice(from, from + batch), from, id);
          await database.transaction((tx) => trancheRegister.apply(tx, recorded));
        }
        const state = events.reduce(evolveTranches, noTranches);
        if (state.stage === 'none') throw new Error('It is awarded.');
        const tranches = [...state.tranches.values()];
        for (const { type } of events) happened.add(type);
        const centsOf = (is: (stage: string) => boolean) =>
          tranches.filter(({ stage }) => is(stage)).reduce((cents, { amount }) => cents + amount.cents, 0);
        expect(await sumTranches(database.manager, id)).toEqual({
          planned: centsOf((stage) => stage !== 'cancelled'),
          ordered: centsOf((stage) => stage === 'ordered'),
          disbursed: centsOf((stage) => stage === 'paid'),
        });
        const { items } = await findTranches(database.manager, { grantId: id, order: [], limit: 100 });
        const rows = items.map(({ trancheId, stage, cents, version, approvals, paymentId }) => [
          ...[trancheId, stage, Number(cents), version, approvals],
          paymentId ?? undefined,
        ]);
        const folded = tranches.map(({ trancheId, stage, amount, endorsement, payment }) => [
          ...[trancheId, stage, amount.cents, endorsement.version, endorsement.approvals.length],
          payment?.paymentId,
        ]);
        expect(new Map(rows.map((row) => [row[0], row]))).toEqual(new Map(folded.map((row) => [row[0], row])));
      }),
      { numRuns: 60 },
    );
    for (const type of ['PaymentOrdered', 'TranchePaid', 'PaymentFailed', 'PaymentCancelled', 'TrancheCancelled']) {
      expect(happened).toContain(type);
    }
  });
});

describe('what is published of payments', () => {
  it('is for each its request and one settlement at most, and none as long as it is pending', () => {
    fc.assert(
      fc.property(history, (events) => {
        const state = events.reduce(evolveTranches, noTranches);
        const tranches = state.stage === 'none' ? [] : [...state.tranches.values()];
        const pending = tranches.flatMap(({ stage, payment }) =>
          payment !== undefined && ['requested', 'checked', 'ordered'].includes(stage) ? [payment.paymentId] : [],
        );
        const open = new Set<string>();
        for (const recorded of inLog(events)) {
          const published = publishGrant(recorded);
          if (published?.contract.topic !== 'fund.payment.v1') continue;
          const { paymentId } = published.data as { paymentId: string };
          const isRequest = published.contract.type === 'fund.PaymentRequested.v1';
          expect(open.has(paymentId)).toBe(!isRequest);
          if (isRequest) open.add(paymentId);
          else open.delete(paymentId);
        }
        expect([...open].sort()).toEqual(pending.sort());
      }),
      { numRuns: 60 },
    );
  });
});
