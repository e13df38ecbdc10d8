import { Value } from '@sinclair/typebox/value';
import { euros, ids } from '../grant/grant.given';
import { type Cover, type Earmark, type PotEvent, potEvents } from './pot.events';

const contributionId = 'e0e0e0e0-1111-4222-8333-444444444444';
const earmark: Earmark = { regionKeys: ['09000000'] };
const cover: Cover = [{ contributionId, amount: euros(100) }];
const attempt = { grantId: ids.grant, attempt: 1 };
const history: readonly PotEvent[] = [
  { type: 'PotOpened', data: { name: 'Soforthilfe', currency: 'EUR', openedBy: 'officer-1' } },
  {
    type: 'ContributionReceived',
    data: {
      contributionId,
      donorOrganisationId: ids.donor,
      amount: euros(150),
      receivedOn: '2026-01-15',
      earmark,
      recordedBy: 'officer-1',
    },
  },
  { type: 'AmountReserved', data: { ...attempt, amount: euros(100), cover } },
  { type: 'AwardConfirmed', data: attempt },
  { type: 'ReservationDeclined', data: { ...attempt, attempt: 2, amount: euros(100), coverable: euros(50) } },
  { type: 'ReservationReleased', data: { ...attempt, attempt: 3, reasonCode: 'award-blocked' } },
  {
    type: 'CommitmentReduced',
    data: { grantId: ids.grant, settlementId: contributionId, amount: euros(5), cause: 'returned' },
  },
];

describe('the events of a pot', () => {
  it('are all told of here, and satisfy their schemas', () => {
    expect(history.map(({ type }) => type).sort()).toEqual(Object.keys(potEvents.definitions).sort());
    for (const { type, data } of history) {
      expect([...Value.Errors(potEvents.definitions[type].schema, data)]).toEqual([]);
    }
  });

  it('have no room for a private person as donor, nor for an earmark on nothing', () => {
    const { schema } = potEvents.definitions.ContributionReceived;
    const received = history[1]?.data;
    expect(Value.Check(schema, { ...received, donorOrganisationId: undefined, donor: 'somebody' })).toBe(false);
    expect(Value.Check(schema, { ...received, earmark: { fieldKeys: [] } })).toBe(false);
  });
});
