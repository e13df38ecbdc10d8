import { randomUUID } from 'node:crypto';
import type { GrantEvent } from '@alliance/fund/events';
import { AuditWorld } from './audit.given';
import { before, breachesOf, change, type Ids, type Planting, without } from './breach.given';
import { aTale, euros } from './tale.given';

const conflict = (subject: string) => (): GrantEvent => {
  return { type: 'ConflictDeclared', data: { subject, kind: 'personal', declaredBy: subject } };
};
const suspended = ({ applicant }: Ids): GrantEvent => {
  const standing = { standing: 'suspended' as const, survivorId: applicant, since: '2026-03-02T00:00:00.000Z' };
  return { type: 'RecipientStandingChanged', data: { organisationId: applicant, ...standing } };
};
const another = (approvedBy: string) => ({
  by: approvedBy,
  roles: ['approver'],
});

/** What must not have been ordered was not to be paid either. */
const orderedAndPaid = [
  ['payment-gate', 'ordered'],
  ['payment-gate', 'paid'],
] as const;

const breaches: readonly Planting[] = [
  {
    says: 'an award by one approval',
    mend: without('approved 2'),
    broken: [['four-eyes-on-decisions', 'decided']],
  },
  {
    says: 'an award approved twice by one person',
    mend: change('approved 2', () => ({ approvedBy: 'approver-1' }), another('approver-1')),
    broken: [['four-eyes-on-decisions', 'decided']],
  },
  {
    says: 'an award approved by who drafted the application',
    mend: (tale, ids) =>
      change(
        'approved 2',
        () => ({ approvedBy: 'approver-3' }),
        another('approver-3'),
      )(change('drafted', () => ({ draftedBy: 'approver-3' }))(tale, ids), ids),
    broken: [
      ['four-eyes-on-decisions', 'approved 2'],
      ['four-eyes-on-decisions', 'decided'],
    ],
  },
  {
    says: 'an approval in the name of another person',
    mend: change('approved 2', () => ({}), another('approver-3')),
    broken: [['four-eyes-on-decisions', 'approved 2']],
  },
  {
    says: 'an approval by somebody who is no approver',
    mend: change('approved 2', () => ({}), { roles: ['fund-officer'] }),
    broken: [['four-eyes-on-decisions', 'approved 2']],
  },
  {
    says: 'an approval of an old version',
    mend: change('proposed', () => ({ version: 2 })),
    broken: [
      ['four-eyes-on-decisions', 'approved 1'],
      ['four-eyes-on-decisions', 'approved 2'],
      ['four-eyes-on-decisions', 'decided'],
      ['four-eyes-on-decisions', 'decided'],
    ],
  },
  {
    says: 'an amount that nobody approved',
    mend: change('proposed', () => ({ amount: euros(9_000) })),
    broken: [['four-eyes-on-decisions', 'decided']],
  },
  {
    says: 'an award that nobody decided',
    mend: change('awarded', () => ({ version: 2 })),
    broken: [['four-eyes-on-decisions', 'awarded']],
  },
  {
    says: 'a rejection without approvals',
    mend: (tale) => {
      const upTo = tale.slice(
        0,
        tale.findIndex(({ key }) => key === 'approved 1'),
      );
      const model = tale.find(({ key }) => key === 'decided');
      const rejected: GrantEvent = { type: 'GrantRejected', data: { version: 1 } };
      return model === undefined ? [] : [...upTo, { ...model, key: 'rejected', event: rejected }];
    },
    broken: [
      ['four-eyes-on-decisions', 'rejected'],
      ['four-eyes-on-decisions', 'rejected'],
    ],
  },
  {
    says: 'an order by one approval',
    mend: without('payment approved 2'),
    broken: [['four-eyes-on-payments', 'ordered']],
  },
  {
    says: 'a payment approved by who checked it',
    mend: change('checked', () => ({ checkedBy: 'approver-2' })),
    broken: [
      ['four-eyes-on-payments', 'payment approved 2'],
      ['four-eyes-on-payments', 'ordered'],
    ],
  },
  ...(
    [
      ['drafted', 'draftedBy'],
      ['submitted', 'submittedBy'],
    ] as const
  ).map(([key, by]): Planting => ({
    says: `a payment approved by who ${key} the application`,
    mend: (tale, ids) =>
      change(
        'payment approved 2',
        () => ({ approvedBy: 'approver-3' }),
        another('approver-3'),
      )(change(key, () => ({ [by]: 'approver-3' }))(tale, ids), ids),
    broken: [
      ['four-eyes-on-payments', 'payment approved 2'],
      ['four-eyes-on-payments', 'ordered'],
    ],
  })),
  {
    says: 'a tranche changed after it was approved',
    mend: before('ordered', ({ first }) => ({
      type: 'TrancheRevised',
      data: {
        ...{ trancheId: first, amount: euros(6_000), dueOn: '2026-04-01', requiresReport: false },
        ...{ version: 2, revisedBy: 'officer-1' },
      },
    })),
    broken: [['four-eyes-on-payments', 'ordered']],
  },
  {
    says: 'a payment of another amount than was ordered',
    mend: change('paid', () => ({ amount: euros(5_999) })),
    broken: [['four-eyes-on-payments', 'paid']],
  },
  {
    says: 'a payment that nobody ordered',
    mend: without('ordered'),
    broken: [['four-eyes-on-payments', 'paid']],
  },
  {
    says: 'an approval by who declared a conflict',
    mend: before('approved 2', conflict('approver-2')),
    broken: [
      ['no-conflicted-approver', 'approved 2'],
      ['no-conflicted-approver', 'decided'],
      ['no-conflicted-approver', 'awarded'],
      ['no-conflicted-approver', 'payment approved 2'],
      ['no-conflicted-approver', 'ordered'],
    ],
  },
  {
    says: 'an award in spite of a conflict declared after the approval',
    mend: (tale, ids) =>
      before('awarded', conflict('approver-1'))(
        without(
          'payment approved 1',
          'ordered',
          'paid',
          'cancelled',
          'report due',
          'demanded',
          'repaid',
          'returned',
          'closed',
          'not paid out',
        )(tale, ids),
        ids,
      ),
    broken: [['no-conflicted-approver', 'awarded']],
  },
  {
    says: 'an approval by the employee of an interested organisation',
    mend: change('payment approved 1', ({ donor }) => ({ organisationIds: [donor] })),
    broken: [['no-conflicted-approver', 'payment approved 1']],
  },
  {
    says: 'an approval by who has declared nothing',
    mend: without('cleared approver-1'),
    broken: [
      ['no-conflicted-approver', 'approved 1'],
      ['no-conflicted-approver', 'payment approved 1'],
    ],
  },
  {
    says: 'an order by an approver conflicted since',
    mend: before('ordered', conflict('approver-1')),
    broken: [['no-conflicted-approver', 'ordered']],
  },
  {
    says: 'a reservation of more than the pot had',
    mend: change('contribution', () => ({ amount: euros(9_999) })),
    broken: [['pot-never-negative', 'reserved']],
  },
  {
    says: 'a reservation covered by less than it is of',
    mend: change('reserved', ({ contribution }) => ({
      cover: [{ contributionId: contribution, amount: euros(9_000) }],
    })),
    broken: [['pot-never-negative', 'reserved']],
  },
  {
    says: 'money given back twice',
    mend: (tale) =>
      tale.flatMap((one) => (one.key === 'returned' ? [one, { ...one, key: 'again', eventId: randomUUID() }] : [one])),
    broken: [
      ['pot-never-negative', 'again'],
      ['reservations-and-awards', 'again'],
    ],
  },
  {
    says: 'money given back that was not committed',
    mend: change('not paid out', () => ({ amount: euros(10_000) })),
    broken: [
      ['pot-never-negative', 'not paid out'],
      ['reservations-and-awards', 'not paid out'],
    ],
  },
  {
    says: 'tranches beyond the award',
    mend: (tale, ids) =>
      before('cancelled', ({ second }) => ({
        type: 'TrancheRevised',
        data: {
          ...{ trancheId: second, amount: euros(4_001), dueOn: '2026-09-01', requiresReport: false },
          ...{ version: 2, revisedBy: 'officer-1' },
        },
      }))(tale, ids),
    broken: [['within-the-award', 'planted']],
  },
  {
    says: 'more paid back than was paid',
    mend: change('repaid', () => ({ principal: euros(6_001) })),
    broken: [
      ['within-the-award', 'repaid'],
      ['reservations-and-awards', 'returned'],
    ],
  },
  {
    says: 'a payment to a suspended recipient, untold',
    mend: before('ordered', suspended),
    broken: orderedAndPaid,
  },
  {
    says: 'a payment that the officer recorded despite a suspension',
    mend: (tale, ids) =>
      change('paid', () => ({ despite: [{ code: 'RECIPIENT_SUSPENDED', words: 'The recipient is suspended.' }] }))(
        before('paid', suspended)(tale, ids),
        ids,
      ),
    broken: [['payment-gate', 'paid']],
  },
  {
    says: 'an order before the contract',
    mend: without('contracted'),
    broken: orderedAndPaid,
  },
  {
    says: 'an order without proof of tax-exempt status',
    mend: change('tax', () => ({ issuedOn: '2021-03-02' })),
    broken: orderedAndPaid,
  },
  {
    says: 'an order long before the money is needed',
    mend: change('requested', () => ({ neededBy: '2026-08-01' })),
    broken: orderedAndPaid,
  },
  {
    says: 'an order without a proof of tax-exempt status but the word that it is a body of public law',
    mend: change('tax', () => ({ kind: 'public-law-body' })),
    broken: orderedAndPaid,
  },
  {
    says: 'an order in spite of a report that is due',
    mend: (tale, ids) =>
      before('requested', () => ({
        type: 'ReportDue',
        data: { reportId: randomUUID(), kind: 'interim', dueOn: '2026-03-01' },
      }))(
        change('planned', ({ first, second }) => ({
          tranches: [first, second].map((trancheId, index) => ({
            ...{ trancheId, amount: euros([6_000, 4_000][index] ?? 0), dueOn: '2026-04-01', requiresReport: true },
          })),
        }))(tale, ids),
        ids,
      ),
    broken: orderedAndPaid,
  },
  {
    says: 'an order of a payment whose request had been cancelled',
    mend: before('ordered', ({ first, payment }) => ({
      type: 'PaymentCancelled',
      data: { trancheId: first, paymentId: payment, reasonCode: 'recipient-merged' },
    })),
    broken: orderedAndPaid,
  },
  {
    says: 'a payment to an organisation that has been merged',
    mend: change('requested', () => ({ recipientOrganisationId: randomUUID() })),
    broken: orderedAndPaid,
  },
  {
    says: 'a payment before the pot had committed the money',
    mend: without('confirmed', 'returned', 'not paid out'),
    broken: orderedAndPaid,
  },
  {
    says: 'a payment recorded for a day before its order',
    mend: change('paid', () => ({ paidOn: '2026-03-01' })),
    broken: [
      ['payment-gate', 'paid'],
      ['payment-gate', 'paid'],
    ],
  },
  {
    says: 'an award without a reservation',
    mend: without(
      'reserved',
      'confirmed',
      'contracted',
      'planned',
      'requested',
      'checked',
      'payment approved 1',
      'payment approved 2',
      'ordered',
      'paid',
      'cancelled',
      'report due',
      'demanded',
      'repaid',
      'returned',
      'closed',
      'not paid out',
    ),
    broken: [['reservations-and-awards', 'awarded']],
  },
  {
    says: 'a reservation that nobody decided',
    mend: (tale) => tale.filter(({ key }) => ['call', 'pot', 'contribution', 'drafted', 'reserved'].includes(key)),
    broken: [['reservations-and-awards', 'reserved']],
  },
  {
    says: 'money given back for no reason',
    mend: change('returned', () => ({ settlementId: randomUUID() })),
    broken: [['reservations-and-awards', 'returned']],
  },
];

describe('check replays everything and proves the invariants from the log alone', () => {
  let world: AuditWorld;
  beforeAll(async () => (world = await AuditWorld.start()));
  afterAll(() => world.stop());

  it('finds no breach in a log without one', async () => {
    await world.plant(aTale().tale);
    const { exitCode, lines } = await world.run(['check']);
    expect(lines.at(-1)).toMatch(/^3\d events checked, 0 breaches\.$/);
    expect(exitCode).toBe(0);
  });

  it.each(breaches)('finds $says, where it lies, and nothing else of that grant', async ({ mend, broken }) => {
    expect(await breachesOf(world, mend)).toEqual(broken.map((one) => one.join(' ')).sort());
  });

  it('says so by its exit code, and lists breaches page by page', async () => {
    const { tale, ids } = aTale();
    await world.plant(without('approved 2', 'payment approved 2')(tale, ids));
    const { exitCode, lines } = await world.run(['check', '--limit', '1']);
    expect(exitCode).toBe(1);
    const [first] = lines;
    expect(first).toMatch(/^[a-z-]+ at \d+\/\d+ in fund\.(grant|pot)-/);
    const after = lines.find((line) => line.startsWith('More: --after '))?.slice('More: --after '.length) ?? '';
    const next = await world.run(['check', '--limit', '1', '--after', after]);
    expect(next.lines[0]).not.toBe(first);
  });
});
