import { Value } from '@sinclair/typebox/value';
import { recordedIn } from '../recorded-events.given';
import { offerContracts, publishOffer } from './offer.contract';
import { type OfferEvent, offerEvents, type OfferFacts } from './offer.events';

const offerId = '10000000-0000-4000-8000-000000000001';
const organisationId = '20000000-0000-4000-8000-000000000001';
const refusedId = '20000000-0000-4000-8000-000000000002';
const allocationId = '30000000-0000-4000-8000-000000000001';
const needId = '40000000-0000-4000-8000-000000000001';
const told = {
  skills: [{ key: 'counselling', level: 3 }],
  languages: [{ tag: 'uk', level: 'B2' as const }],
  fieldKeys: ['accommodation'],
  regionKeys: ['09162000'],
  isRemotePossible: false,
  ...{ from: '2026-04-06', until: '2026-04-26', minutesPerWeek: 600, weekdays: ['mon' as const], seats: 2 },
};
const facts: OfferFacts = {
  ...told,
  ...{ minimumBlockMinutes: 60, leadTimeDays: 3, excludedOrganisationIds: [refusedId] },
};
const run = { from: '2026-W15', to: '2026-W16', minutes: 300 };
const life: OfferEvent[] = [
  { type: 'OfferPublished', data: { organisationId, facts, publishedBy: 'representative-1' } },
  {
    type: 'QualificationProved',
    data: { key: 'children', evidence: 'file 7', validUntil: '2027-01-01', checkedBy: 'coordinator-1' },
  },
  { type: 'OfferRevised', data: { facts: { ...facts, seats: 3 }, revisedBy: 'representative-1' } },
  { type: 'OfferAssured', data: { assuredBy: 'representative-1' } },
  { type: 'CapacityHeld', data: { allocationId, needId, weeks: [run], expiresAt: '2026-04-04T00:00:00.000Z' } },
  { type: 'HoldConfirmed', data: { allocationId } },
  { type: 'HoldReleased', data: { allocationId, reasonCode: 'given-up', fromWeek: '2026-W16' } },
  { type: 'HoldDeclined', data: { allocationId, reasonCode: 'capacity-taken', short: [] } },
  { type: 'OfferPaused', data: { reasonCode: 'stale' } },
  { type: 'OfferResumed', data: { reasonCode: 'stale' } },
  { type: 'OfferWithdrawn', data: { reasonCode: 'given-up' } },
];

const published = recordedIn(offerEvents, offerId, life).flatMap((event) => publishOffer(event) ?? []);

describe('what is published of an offer', () => {
  it('is what there is, when and where, its pauses and its end', () => {
    expect(published.map(({ contract, data }) => [contract.type, data])).toEqual([
      [
        'capacity-matching.OfferPublished.v1',
        { offerId, organisationId, ...told, publishedAt: '2026-04-01T00:00:00.000Z' },
      ],
      ['capacity-matching.OfferRevised.v1', { offerId, ...told, seats: 3, revisedAt: '2026-04-01T02:00:00.000Z' }],
      ['capacity-matching.OfferPaused.v1', { offerId, reasonCode: 'stale', pausedAt: '2026-04-01T08:00:00.000Z' }],
      ['capacity-matching.OfferResumed.v1', { offerId, reasonCode: 'stale', resumedAt: '2026-04-01T09:00:00.000Z' }],
      [
        'capacity-matching.OfferWithdrawn.v1',
        { offerId, reasonCode: 'given-up', withdrawnAt: '2026-04-01T10:00:00.000Z' },
      ],
    ]);
  });

  it('satisfies its contracts, and names neither persons nor whom the offer is kept from', () => {
    expect(new Set(published.map(({ contract }) => contract))).toEqual(new Set(offerContracts));
    for (const { contract, data } of published) {
      expect([...Value.Errors(contract.schema, data)]).toEqual([]);
      expect(JSON.stringify(data)).not.toMatch(new RegExp(`representative|coordinator|${refusedId}`));
    }
  });
});
