import { matchingRoundEvents } from '@alliance/capacity-matching/events';
import type { EventCatalogue, RecordedEvent } from '@alliance/event-sourcing';
import { callEvents, type FundRecord, grantEvents, potEvents } from '@alliance/fund/events';
import { matchingCatalogues, type MatchingRecord } from '../matching-record';
import { fourEyesOnDecisions } from './four-eyes-on-decisions';
import { fourEyesOnPayments } from './four-eyes-on-payments';
import type { Examine, Invariant } from './invariant';
import { bothSidesConfirm } from './matching/both-sides-confirm';
import { hardRulesHeld } from './matching/hard-rules';
import { hoursWithinAllocation } from './matching/hours-within-allocation';
import { roundsWithinCapacity } from './matching/rounds-within-capacity';
import { offerNeverOversold } from './matching/offer-never-oversold';
import { noConflictedApprover } from './no-conflicted-approver';
import { paymentGate } from './payment-gate';
import { potNeverNegative } from './pot-never-negative';
import { reservationsAndAwards } from './reservations-and-awards';
import { reviewsOfTheVersion } from './reviews-of-the-version';
import { withinTheAward } from './within-the-award';

const ofFund: readonly Invariant<FundRecord>[] = [
  reviewsOfTheVersion,
  fourEyesOnDecisions,
  fourEyesOnPayments,
  noConflictedApprover,
  potNeverNegative,
  withinTheAward,
  paymentGate,
  reservationsAndAwards,
];
const ofMatching: readonly Invariant<MatchingRecord>[] = [
  offerNeverOversold,
  bothSidesConfirm,
  hardRulesHeld,
  hoursWithinAllocation,
];

const roundCatalogues = [...matchingCatalogues, matchingRoundEvents];

/** All that `check` proves; each looks at the events of the streams that it is about. */
export const invariants: readonly Invariant<RecordedEvent>[] = [
  ...ofFund.map((one) => about([grantEvents, potEvents, callEvents], one)),
  ...ofMatching.map((one) => about(matchingCatalogues, one)),
  about(roundCatalogues, roundsWithinCapacity),
];

/** The streams of all of them. */
export const checkedCatalogues: readonly EventCatalogue[] = [grantEvents, potEvents, callEvents, ...roundCatalogues];

function about<Event extends RecordedEvent>(
  catalogues: readonly EventCatalogue[],
  { begin, ...invariant }: Invariant<Event>,
): Invariant<RecordedEvent> {
  return {
    ...invariant,
    begin(): Examine<RecordedEvent> {
      const examine = begin();
      return (event) => {
        const isAbout = catalogues.some(({ category }) => event.streamName.startsWith(category.prefix));
        // The codec has checked type and data against the catalogue, whose events these are.
        return isAbout ? examine(event as Event) : [];
      };
    },
  };
}
