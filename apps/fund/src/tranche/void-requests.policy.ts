import type { RecordedEvent } from '@alliance/event-sourcing';
import { type GrantEvent, grantEvents } from '../grant/grant.events';

/** A wish that requests which are void by now are cancelled. */
export interface VoidRequests {
  readonly type: 'CancelVoidRequests';
  /** The grant. */
  readonly target: string;
  readonly data: Record<string, never>;
}

/** After whatever can end a grant or change its recipient; the grant decides which requests are void by that. */
export function voidRequestsAfter(fact: RecordedEvent): readonly VoidRequests[] {
  const { type } = fact as RecordedEvent & GrantEvent;
  if (type !== 'RecipientStandingChanged' && type !== 'GrantRevoked' && type !== 'GrantWithdrawn') return [];
  return [{ target: grantEvents.category.idOf(fact.streamName), type: 'CancelVoidRequests', data: {} }];
}
