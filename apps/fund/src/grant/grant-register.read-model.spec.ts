import { createTestDatabase, type TestDatabase } from '@alliance/embedded';
import { connectDatabase, migrate } from '@alliance/read-models';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { fund } from '../fund.module';
import { evolveAccount, noAccount, provedUse } from '../grant-account';
import { sum } from '../money';
import { doubleFunding } from './double-funding';
import { findFundedLines } from './funded-line.read-model';
import { amountNames } from './grant-amounts';
import type { GrantEvent } from './grant.events';
import { aGrant, euros, ids, inLog, type Step, theApplication } from './grant.given';
import { findGrants, GrantEntry, grantRegister } from './grant-register.read-model';

let testDatabase: TestDatabase;
let database: DataSource;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await migrate({ url: testDatabase.url, migrations: fund.migrations });
  database = await connectDatabase({ url: testDatabase.url, entities: [GrantEntry] });
});
afterAll(async () => {
  await database.destroy();
  await testDatabase.drop();
});

/** In batches of so many events, as a projector would bring them about. */
async function projected(events: readonly GrantEvent[], batch = events.length): Promise<GrantEntry> {
  const id = randomUUID();
  for (let from = 0; from < events.length; from += batch) {
    const recorded = inLog(events.slice(from, from + batch), from, id);
    await database.transaction((tx) => grantRegister.apply(tx, recorded));
  }
  return database.manager.findOneByOrFail(GrantEntry, { id });
}

function amountsIn(entry: GrantEntry): Readonly<Record<string, number>> {
  return Object.fromEntries(amountNames.map((name) => [name, Number(entry[name])]));
}

const submission = aGrant({ upTo: 'submitted' }).at(-1);
const proposal = aGrant({ upTo: 'recommended' }).at(-1);
const award = aGrant({ upTo: 'awarded' }).at(-1);
const paid = aGrant({ upTo: 'paid' }).at(-1);
if (
  submission?.type !== 'ApplicationSubmitted' ||
  proposal?.type !== 'DecisionProposed' ||
  award?.type !== 'GrantAwarded' ||
  paid?.type !== 'TranchePaid'
) {
  throw new Error('The history has other steps.');
}

interface Twist {
  readonly kind: 'submit' | 'propose' | 'pay' | 'fail' | 'cancel' | 'report' | 'interim' | 'repay' | 'revoke' | 'stand';
  readonly units: number;
}
const twist: fc.Arbitrary<Twist> = fc.record({
  kind: fc.constantFrom('submit', 'propose', 'pay', 'fail', 'cancel', 'report', 'interim', 'repay', 'revoke', 'stand'),
  units: fc.integer({ min: 1, max: 9_999 }),
});

/** A history with twists that make the amounts move; those of the award come after it. */
function historyOf(twists: readonly Twist[]): readonly GrantEvent[] {
  const before = twists.filter(({ kind }) => kind === 'submit' || kind === 'propose');
  const after = twists.filter((one) => !before.includes(one));
  return [
    ...aGrant({ upTo: 'drafted' }),
    { ...submission, data: { ...submissionData, requested: euros(12_000) } } as GrantEvent,
    ...before.flatMap(eventsOf),
    proposal as GrantEvent,
    ...aGrant({ upTo: 'planned' }).slice(aGrant({ upTo: 'recommended' }).length),
    { type: 'ReportDue', data: { reportId: ids.report, kind: 'final', dueOn: '2027-06-30' } },
    { type: 'ReportDue', data: { reportId: ids.donor, kind: 'interim', dueOn: '2026-10-01' } },
    ...after.flatMap(eventsOf),
  ];
}
const submissionData = submission.data;
const accepted = (reportId: string, units: number): GrantEvent => ({
  type: 'ReportAccepted',
  data: { reportId, version: 1, spent: euros(units), disallowed: euros(0), deviations: [], reviewedBy: 'officer-1' },
});

function eventsOf({ kind, units }: Twist, index: number): readonly GrantEvent[] {
  const payment = { trancheId: randomUUID(), paymentId: randomUUID() };
  const plan = { trancheId: payment.trancheId, amount: euros(units), dueOn: '2026-04-01', requiresReport: false };
  const planned: GrantEvent = { type: 'TranchesPlanned', data: { tranches: [plan], plannedBy: 'officer-1' } };
  const repaymentId = randomUUID();
  switch (kind) {
    case 'submit':
      return [
        { type: 'ApplicationSubmitted', data: { ...submissionData, version: index + 2, requested: euros(units) } },
      ];
    case 'propose': {
      const {
        amount: _,
        terms: __,
        ...rejected
      } = (proposal as Extract<GrantEvent, { type: 'DecisionProposed' }>).data;
      const data =
        units % 3 === 0 ? { ...rejected, outcome: 'rejected' as const } : { ...rejected, amount: euros(units) };
      return [{ type: 'DecisionProposed', data }];
    }
    case 'pay':
      return [planned, { ...paid, data: { ...paidData, ...payment, amount: euros(units) } } as GrantEvent];
    case 'fail':
      return [
        planned,
        { type: 'PaymentFailed', data: { ...payment, reasonCode: 'returned', recordedBy: 'officer-1' } },
      ];
    case 'cancel':
      return [planned, { type: 'TrancheCancelled', data: { ...payment, reasonCode: 'not-needed' } }];
    case 'report':
      return [accepted(ids.report, units)];
    case 'interim':
      return [accepted(ids.donor, units)];
    case 'repay':
      return [
        {
          type: 'RepaymentDemanded',
          data: {
            ...{ repaymentId, principal: euros(units), cause: 'unspent', dueOn: '2027-09-30' },
            ...{ interest: [], demandedBy: 'officer-1' },
          },
        },
        {
          type: 'RepaymentReceived',
          data: {
            repaymentId,
            principal: euros(units),
            interest: euros(7),
            receivedOn: '2027-09-15',
            recordedBy: 'officer-1',
          },
        },
      ];
    case 'revoke':
      return [{ type: 'GrantRevoked', data: { reasonCode: 'misuse', notPaidOut: euros(0), revokedBy: 'approver-1' } }];
    case 'stand':
      return [
        {
          type: 'RecipientStandingChanged',
          data: {
            organisationId: ids.applicant,
            standing: 'suspended',
            survivorId: ids.donor,
            since: '2026-05-01T00:00:00Z',
          },
        },
      ];
  }
}
const paidData = paid.data;

/** By the deciders that pay and account, which know nothing of the register. */
function amountsInLog(events: readonly GrantEvent[]): Readonly<Record<string, number>> {
  const account = events.reduce(evolveAccount, noAccount);
  const requests = events.flatMap((event) => (event.type === 'ApplicationSubmitted' ? [event.data.requested] : []));
  const proposals = events.flatMap((event) => (event.type === 'DecisionProposed' ? [event.data.amount] : []));
  const { tranches, proof } = account;
  if (tranches.stage === 'none' || !('disbursed' in proof)) throw new Error('It has not been awarded.');
  const { spent, returned } = provedUse(account);
  const isOver = events.some(({ type }) => type === 'GrantRevoked');
  const received = [...proof.demands.values()].flatMap((demand) => demand.received.map(({ principal }) => principal));
  expect(returned).toEqual(sum(received, 'EUR'));
  return {
    requested: requests.at(-1)?.cents ?? 0,
    recommended: proposals.at(-1)?.cents ?? 0,
    awarded: tranches.awarded.cents,
    disbursed: proof.disbursed.cents,
    remaining: isOver ? 0 : Math.max(0, tranches.awarded.cents - proof.disbursed.cents),
    spent: spent.cents,
    returned: returned.cents,
  };
}

describe('money: sums checked in every projection against the log', () => {
  it('has for every grant the amounts that its events make up, whatever its history and however it is read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(twist, { maxLength: 12 }), fc.integer({ min: 1, max: 9 }), async (twists, batch) => {
        const events = historyOf(twists);
        expect(amountsIn(await projected(events, batch))).toEqual(amountsInLog(events));
      }),
      { numRuns: 40 },
    );
  });

  it('has the amounts of the glossary at the end of a grant', async () => {
    expect(amountsIn(await projected(aGrant({ upTo: 'closed' })))).toEqual({
      requested: 1_200_000,
      recommended: 1_000_000,
      awarded: 1_000_000,
      disbursed: 600_000,
      remaining: 0,
      spent: 550_000,
      returned: 50_000,
    });
    expect(amountsIn(await projected(aGrant({ upTo: 'paid' })))).toMatchObject({ remaining: 400_000 });
  });
});

describe('the register of grants', () => {
  it.each<[Step, string]>([
    ['drafted', 'draft'],
    ['submitted', 'submitted'],
    ['in-review', 'in-review'],
    ['reviewed', 'in-review'],
    ['recommended', 'recommended'],
    ['awarding', 'awarding'],
    ['awarded', 'awarded'],
    ['contracted', 'contracted'],
    ['ordered', 'contracted'],
    ['paid', 'paying'],
    ['report-due', 'report-due'],
    ['report-under-review', 'report-under-review'],
    ['report-accepted', 'report-accepted'],
    ['repayment-demanded', 'repayment-demanded'],
    ['repaid', 'repaid'],
    ['closed', 'closed'],
  ])('calls a grant that is %s %s', async (upTo, stage) => {
    expect((await projected(aGrant({ upTo }))).stage).toBe(stage);
  });

  it.each<[Step, GrantEvent, string]>([
    [
      'submitted',
      { type: 'InformationRequested', data: { items: ['budget'], requestedBy: 'officer-2' } },
      'information-requested',
    ],
    ['recommended', { type: 'GrantDeferred', data: { version: 1 } }, 'deferred'],
    ['recommended', { type: 'GrantRejected', data: { version: 1 } }, 'rejected'],
    [
      'awarding',
      { type: 'AwardBlocked', data: { attempt: 1, code: 'POT_INSUFFICIENT', detail: 'Too little.' } },
      'in-review',
    ],
    ['submitted', { type: 'GrantWithdrawn', data: { reasonCode: 'other-funds', withdrawnBy: 'r' } }, 'withdrawn'],
    [
      'paid',
      { type: 'GrantRevoked', data: { reasonCode: 'misuse', notPaidOut: euros(4_000), revokedBy: 'a' } },
      'revoked',
    ],
    [
      'report-under-review',
      {
        type: 'ReportReturned',
        data: { reportId: ids.report, version: 1, reasonCode: 'sums', items: [], reviewedBy: 'o' },
      },
      'report-due',
    ],
  ])('after %s and %j calls it %s', async (upTo, event, stage) => {
    expect((await projected([...aGrant({ upTo }), event])).stage).toBe(stage);
  });

  it('knows since when it stands where it stands, when the proof is due, how the recipient stands, and who is partial', async () => {
    const changed: GrantEvent = {
      type: 'RecipientStandingChanged',
      data: {
        organisationId: ids.applicant,
        standing: 'suspended',
        survivorId: ids.donor,
        since: '2026-05-01T00:00:00.000Z',
      },
    };
    const declared: GrantEvent = {
      type: 'ConflictDeclared',
      data: { subject: 'officer-7', kind: 'personal', declaredBy: 'officer-7' },
    };
    const events = [...aGrant({ upTo: 'report-due' }), declared, changed];
    const entry = await projected(events, 3);
    expect(entry).toMatchObject({
      title: theApplication.title,
      applicantId: ids.applicant,
      proofDueOn: '2027-06-30',
      standing: 'suspended',
      survivorId: ids.donor,
      standingSince: new Date('2026-05-01T00:00:00Z'),
      conflicted: ['officer-7'],
    });
    const since = aGrant({ upTo: 'report-due' }).findIndex(({ type }) => type === 'TrancheCancelled');
    expect(entry.stageSince).toEqual(new Date(inLog(events)[since]?.metadata.occurredAt ?? ''));
  });

  it('is filtered by stage, call, pot, applicant, field and region, and sorted, in pages', async () => {
    const [call, other] = [randomUUID(), randomUUID()];
    const named = async (title: string, upTo: Step, more: object = {}, applicant = ids.applicant) =>
      projected(
        aGrant({ upTo }).map((event) => {
          if (event.type === 'GrantDrafted') {
            return { ...event, data: { ...event.data, callId: call, applicantOrganisationId: applicant } };
          }
          if (event.type !== 'ApplicationRevised' && event.type !== 'ApplicationSubmitted') return event;
          const application = { ...event.data.application, title, ...more };
          return { ...event, data: { ...event.data, application } } as GrantEvent;
        }),
      );
    await named('A', 'submitted');
    await named('B', 'drafted', { fieldKeys: ['housing'] });
    await named('C', 'awarded', { regionKeys: ['08111000'] }, other);
    const titles = async (query: object, own?: readonly string[]) => {
      const byTitle = [{ field: 'title', direction: 'ascending' } as const];
      const page = await findGrants(database.manager, { call, order: byTitle, limit: 50, ...query }, own);
      return page.items.map(({ title }) => title).join('');
    };
    expect(await titles({})).toBe('ABC');
    expect(await titles({ stage: 'awarded' })).toBe('C');
    expect(await titles({ pot: ids.pot })).toBe('ABC');
    expect(await titles({ pot: other })).toBe('');
    expect(await titles({ applicantIds: [other] })).toBe('C');
    expect(await titles({}, [ids.applicant])).toBe('AB');
    expect(await titles({ field: 'housing' })).toBe('B');
    expect(await titles({ within: '09000000' })).toBe('AB');
    expect(await titles({ order: [{ field: 'awarded', direction: 'descending' }] })).toMatch(/^C/);
    const first = await findGrants(database.manager, { call, order: [], limit: 2 }, undefined);
    const rest = await findGrants(
      database.manager,
      { call, order: [], limit: 2, cursor: first.nextCursor ?? '' },
      undefined,
    );
    expect([first.items.length, rest.items.length, rest.nextCursor]).toEqual([2, 1, undefined]);
  });
});

describe('the lines that money is asked for', () => {
  it('are those of the last submission, of grants that may still be paid', async () => {
    const applicant = randomUUID();
    const applied = (upTo: Step, ...more: readonly GrantEvent[]) =>
      projected([
        ...aGrant({ upTo }).map((event) =>
          event.type === 'GrantDrafted'
            ? { ...event, data: { ...event.data, applicantOrganisationId: applicant } }
            : event,
        ),
        ...more,
      ]);
    await applied('drafted');
    const twice = await applied('submitted', {
      type: 'ApplicationSubmitted',
      data: { ...submissionData, application: { ...theApplication, lines: theApplication.lines.slice(1) } },
    });
    await applied('submitted', { type: 'GrantWithdrawn', data: { reasonCode: 'other-funds', withdrawnBy: 'r' } });
    await applied('recommended', { type: 'GrantRejected', data: { version: 1 } });
    const own = await applied('awarded');
    const found = await findFundedLines(database.manager, [applicant], own.id);
    const rent = { lineKey: 'rent', from: '2026-04-01', to: '2026-12-31', requested: euros(3_000) };
    expect(found).toEqual([{ grantId: twice.id, ...rent, stage: 'submitted' }]);
    expect(doubleFunding(theApplication.lines, found)).toEqual(found);
    expect(await findFundedLines(database.manager, [randomUUID()], own.id)).toEqual([]);
  });
});
