import { Value } from '@sinclair/typebox/value';
import { grantContracts, publishGrant } from './grant.contract';
import type { GrantEvent } from './grant.events';
import { aGrant, euros, ids, inLog, theApplication, who } from './grant.given';

const published = (events: readonly GrantEvent[]) =>
  inLog(events).flatMap((event) => {
    const publication = publishGrant(event);
    return publication === undefined ? [] : [{ ...publication, at: event.metadata.occurredAt }];
  });
const typesOf = (events: readonly GrantEvent[]) => published(events).map(({ contract }) => contract.type);
const withdrawn: GrantEvent = { type: 'GrantWithdrawn', data: { reasonCode: 'given-up', withdrawnBy: 'somebody' } };

describe('what is published of a grant', () => {
  it('begins with its award, and says what is funded where', () => {
    expect(published(aGrant({ upTo: 'awarding' }))).toEqual([]);
    const [awarded, ...rest] = published(aGrant({ upTo: 'awarded' }));
    expect(rest).toEqual([]);
    expect(awarded).toMatchObject({ contract: { type: 'fund.GrantAwarded.v1' } });
    expect(awarded?.data).toEqual({
      grantId: ids.grant,
      callId: ids.call,
      organisationId: ids.applicant,
      structureId: ids.structure,
      title: theApplication.title,
      fieldKeys: ['orientation'],
      regionKeys: ['09162000'],
      amount: euros(10_000),
      projectFrom: '2026-04-01',
      projectTo: '2026-12-31',
      awardedAt: awarded?.at,
    });
  });

  it('ends with its closing and the sums', () => {
    const closed = published(aGrant({ upTo: 'closed' })).at(-1);
    expect(closed?.data).toEqual({
      ...{ grantId: ids.grant, spent: euros(5_500), returned: euros(500) },
      closedAt: closed?.at,
    });
  });

  it('ends with a revocation, and so with a withdrawal after the award, but not with one before', () => {
    const revoked: GrantEvent = {
      type: 'GrantRevoked',
      data: { reasonCode: 'misused', notPaidOut: euros(10_000), revokedBy: who.officer },
    };
    const givenUp = { ...withdrawn, data: { ...withdrawn.data, notPaidOut: euros(10_000) } } as GrantEvent;
    const end = (event: GrantEvent) => published([...aGrant({ upTo: 'awarded' }), event]).slice(1);
    expect(end(revoked)).toMatchObject([{ data: { grantId: ids.grant, reasonCode: 'misused' } }]);
    expect(end(givenUp)).toMatchObject([
      { contract: { type: 'fund.GrantRevoked.v1' }, data: { reasonCode: 'given-up' } },
    ]);
    expect(typesOf([...aGrant({ upTo: 'submitted' }), withdrawn])).toEqual([]);
  });
});

describe('what is published of a payment', () => {
  const requested = aGrant({ upTo: 'requested' });
  const payment = { trancheId: ids.firstTranche, paymentId: ids.payment };
  const ends: readonly (readonly [string, GrantEvent[]])[] = [
    ['paid', aGrant({ upTo: 'paid' })],
    [
      'failed',
      [
        ...aGrant({ upTo: 'ordered' }),
        { type: 'PaymentFailed', data: { ...payment, reasonCode: 'account-closed', recordedBy: who.officer } },
        { type: 'TrancheCancelled', data: { trancheId: ids.firstTranche, reasonCode: 'not-needed' } },
      ],
    ],
    ['cancelled', [...requested, { type: 'TrancheCancelled', data: { ...payment, reasonCode: 'not-needed' } }]],
    ['cancelled', [...requested, { type: 'PaymentCancelled', data: { ...payment, reasonCode: 'recipient-merged' } }]],
  ];

  it('is its request, for the organisation that it goes to', () => {
    expect(published(requested).at(-1)?.data).toEqual({
      ...{ paymentId: ids.payment, grantId: ids.grant, organisationId: ids.applicant },
      requestedAt: published(requested).at(-1)?.at,
    });
  });

  it.each(ends)('is once that it is settled as %s', (outcome, events) => {
    const settled = published(events).filter(({ contract }) => contract.type === 'fund.PaymentSettled.v1');
    expect(settled).toEqual([
      expect.objectContaining({ data: { paymentId: ids.payment, outcome, settledAt: settled[0]?.at } }),
    ]);
  });

  it('is nothing of a tranche that was cancelled before anyone requested it', () => {
    const cancelled: GrantEvent = {
      type: 'TrancheCancelled',
      data: { trancheId: ids.secondTranche, reasonCode: 'not-needed' },
    };
    expect(typesOf([...aGrant({ upTo: 'planned' }), cancelled])).toEqual(['fund.GrantAwarded.v1']);
  });
});

it('satisfies its contracts, and names nobody', () => {
  const revoked = { reasonCode: 'misused', notPaidOut: euros(0), revokedBy: who.officer };
  const all = published([...aGrant({ upTo: 'closed' }), { type: 'GrantRevoked', data: revoked }]);
  expect(new Set(all.map(({ contract }) => contract))).toEqual(new Set(grantContracts));
  for (const { contract, data } of all) {
    expect([...Value.Errors(contract.schema, data)]).toEqual([]);
    expect(JSON.stringify(data)).not.toMatch(/officer|representative|approver/);
  }
});
