import {
  type AllocationEvent,
  allocationEvents,
  type MatchingRoundEvent,
  type NeedEvent,
  needEvents,
  type OfferEvent,
  offerEvents,
} from '@alliance/capacity-matching/events';
import type { DomainEvent, RecordedEvent } from '@alliance/event-sourcing';

type Recorded<Event> = Event extends DomainEvent ? RecordedEvent<Event> : never;

/** Any event of offers, needs and allocations as it stands in the log. */
export type MatchingRecord = Recorded<OfferEvent> | Recorded<NeedEvent> | Recorded<AllocationEvent>;

export const matchingCatalogues = [offerEvents, needEvents, allocationEvents] as const;

/** Of matching rounds, too. */
export type RoundRecord = MatchingRecord | Recorded<MatchingRoundEvent>;
