import type { RecordedEvent } from '@alliance/event-sourcing';
import { type OrganisationEvent, organisationEvents } from './organisation.events';
import { type RegistrationEvent, registrationEvents } from './registration.events';

/** A wish to bring the registrations that an organisation holds into line with its stage. */
export interface SettleRegistrations {
  readonly type: 'SettleRegistrations';
  /** The organisation. */
  readonly target: string;
  /** A registration to look at besides those of its present identifiers. */
  readonly data: { readonly registrationKey?: string };
}

/**
 * What has to be looked after: an admission under way, one that was blocked, a member that left; and every claim, since
 * it may come from a request that was slow and claims for an admission that has ended meanwhile.
 */
export function settleAfter(fact: RecordedEvent): readonly SettleRegistrations[] {
  const event = fact as RecordedEvent & (OrganisationEvent | RegistrationEvent);
  switch (event.type) {
    case 'AdmissionDecided':
    case 'AdmissionBlocked':
    case 'OrganisationLeft':
      return [{ type: 'SettleRegistrations', target: organisationEvents.category.idOf(event.streamName), data: {} }];
    case 'RegistrationClaimed': {
      const registrationKey = registrationEvents.category.idOf(event.streamName);
      return [{ type: 'SettleRegistrations', target: event.data.organisationId, data: { registrationKey } }];
    }
    default:
      return [];
  }
}
