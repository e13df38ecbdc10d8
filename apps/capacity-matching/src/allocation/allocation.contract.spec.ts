import { Value } from '@sinclair/typebox/value';
import { recordedIn } from '../recorded-events.given';
import { allocationContracts, publishAllocation } from './allocation.contract';
import { type AllocationEvent, allocationEvents } from './allocation.events';

const allocationId = '30000000-0000-4000-8000-000000000001';
const proposal = {
  offerId: '10000000-0000-4000-8000-000000000001',
  needId: '40000000-0000-4000-8000-000000000001',
  supportingOrganisationId: '20000000-0000-4000-8000-000000000001',
  helpingOrganisationId: '20000000-0000-4000-8000-000000000002',
  weeks: [{ from: '2026-W15', to: '2026-W16', minutes: 300 }],
  roundId: '50000000-0000-4000-8000-000000000001',
};
const proposed: AllocationEvent = {
  type: 'AllocationProposed',
  data: { ...proposal, expiresAt: '2026-04-04T00:00:00.000Z' },
};
const hours = { week: '2026-W15', minutes: 280 };
const delivered: AllocationEvent[] = [
  proposed,
  { type: 'CapacitySecured', data: {} },
  { type: 'AllocationAccepted', data: { side: 'helping', acceptedBy: 'representative-2' } },
  { type: 'AllocationAccepted', data: { side: 'supporting', acceptedBy: 'representative-1' } },
  { type: 'AllocationStarted', data: {} },
  { type: 'HoursReported', data: { side: 'helping', ...hours, reportedBy: 'representative-2' } },
  { type: 'HoursReported', data: { side: 'supporting', ...hours, minutes: 300, reportedBy: 'representative-1' } },
  { type: 'DeliveryDisputed', data: { week: '2026-W15', helping: 280, supporting: 300 } },
  { type: 'AllocationDelivered', data: { minutes: 280 } },
];
const ends: readonly (readonly [AllocationEvent, object])[] = [
  [
    { type: 'AllocationDeclined', data: { side: 'helping', reasonCode: 'not-suited', declinedBy: 'representative-2' } },
    { outcome: 'declined', reasonCode: 'not-suited' },
  ],
  [{ type: 'AllocationExpired', data: { waitedFor: ['helping'] } }, { outcome: 'expired' }],
  [
    { type: 'AllocationReleased', data: { reasonCode: 'organisation-left', fromWeek: '2026-W16' } },
    { outcome: 'released', reasonCode: 'organisation-left', fromWeek: '2026-W16' },
  ],
  [
    { type: 'AllocationFailed', data: { reasonCode: 'capacity-taken' } },
    { outcome: 'failed', reasonCode: 'capacity-taken' },
  ],
];

const at = (hour: number) => `2026-04-01T0${hour}:00:00.000Z`;

const published = (events: readonly AllocationEvent[]) =>
  recordedIn(allocationEvents, allocationId, events).flatMap((event) => publishAllocation(event) ?? []);

describe('what is published of an allocation', () => {
  it('is its proposal, what the sides say of it, its start, and what was delivered', () => {
    expect(published(delivered).map(({ contract, data }) => [contract.type, data])).toEqual([
      ['capacity-matching.AllocationProposed.v1', { allocationId, ...proposal, proposedAt: at(0) }],
      ['capacity-matching.AllocationSecured.v1', { allocationId, securedAt: at(1) }],
      ['capacity-matching.AllocationAccepted.v1', { allocationId, side: 'helping', acceptedAt: at(2) }],
      ['capacity-matching.AllocationAccepted.v1', { allocationId, side: 'supporting', acceptedAt: at(3) }],
      ['capacity-matching.AllocationStarted.v1', { allocationId, startedAt: at(4) }],
      ['capacity-matching.HoursReported.v1', { allocationId, side: 'helping', ...hours, reportedAt: at(5) }],
      [
        'capacity-matching.HoursReported.v1',
        { allocationId, side: 'supporting', ...hours, minutes: 300, reportedAt: at(6) },
      ],
      ['capacity-matching.AllocationDelivered.v1', { allocationId, minutes: 280, deliveredAt: at(8) }],
    ]);
  });

  it.each(ends.map(([end, told]) => [end.type, end, told] as const))('is its end otherwise: %s', (_, end, told) => {
    expect(published([proposed, end]).slice(1)).toEqual([
      {
        contract: expect.objectContaining({ type: 'capacity-matching.AllocationEnded.v1' }),
        data: { allocationId, ...told, endedAt: '2026-04-01T01:00:00.000Z' },
      },
    ]);
  });

  it('satisfies its contracts, and names nobody', () => {
    const all = published([...delivered, ...ends.map(([end]) => end)]);
    expect(new Set(all.map(({ contract }) => contract))).toEqual(new Set(allocationContracts));
    for (const { contract, data } of all) {
      expect([...Value.Errors(contract.schema, data)]).toEqual([]);
      expect(JSON.stringify(data)).not.toMatch(/representative/);
    }
  });
});
