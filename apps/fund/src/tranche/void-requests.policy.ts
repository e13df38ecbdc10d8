import type { Reaction } from '@alliance/event-bus';
import type { RecordedEvent } from '@alliance/event-sourcing';
import { type GrantEvent, grantEvents } from '../grant/grant.events';

export type VoidRequests = Reaction<'CancelVoidRequests', object>;

/** After whatever can end a grant or change its recipient; the grant decides which requests are void by that. */
export function voidRequestsAfter(fact: RecordedEvent): readonly VoidRequests[] {
  const { type } = fact as RecordedEvent & GrantEvent;
  if (type !== 'RecipientStandingChanged' && type !== 'GrantRevoked' && type !== 'GrantWithdrawn') return [];
  return [{ target: grantEvents.category.idOf(fact.streamName), type: 'CancelVoidRequests', data: {} }];
}
