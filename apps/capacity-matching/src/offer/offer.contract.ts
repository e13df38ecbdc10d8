import {
  offerPausedV1,
  offerPublishedV1,
  offerResumedV1,
  offerRevisedV1,
  offerWithdrawnV1,
  type Publication,
  publication,
} from '@alliance/contracts';
import type { RecordedEvent } from '@alliance/event-sourcing';
import { type OfferEvent, offerEvents, type OfferFacts } from './offer.events';

export const offerContracts = [
  offerPublishedV1,
  offerRevisedV1,
  offerPausedV1,
  offerResumedV1,
  offerWithdrawnV1,
] as const;

/** What others are told of an offer: what there is when and where. Neither whom it is kept from nor what is held of it. */
export function publishOffer(recorded: RecordedEvent): Publication | undefined {
  const { type, data } = recorded as RecordedEvent & OfferEvent;
  const offerId = offerEvents.category.idOf(recorded.streamName);
  const { occurredAt } = recorded.metadata;
  switch (type) {
    case 'OfferPublished': {
      const { organisationId, facts } = data;
      return publication(offerPublishedV1, { offerId, organisationId, ...told(facts), publishedAt: occurredAt });
    }
    case 'OfferRevised':
      return publication(offerRevisedV1, { offerId, ...told(data.facts), revisedAt: occurredAt });
    case 'OfferPaused':
      return publication(offerPausedV1, { offerId, reasonCode: data.reasonCode, pausedAt: occurredAt });
    case 'OfferResumed':
      return publication(offerResumedV1, { offerId, reasonCode: data.reasonCode, resumedAt: occurredAt });
    case 'OfferWithdrawn':
      return publication(offerWithdrawnV1, { offerId, reasonCode: data.reasonCode, withdrawnAt: occurredAt });
    default:
      return undefined;
  }
}

function told({ minimumBlockMinutes: _, leadTimeDays: __, excludedOrganisationIds: ___, ...facts }: OfferFacts) {
  return facts;
}
