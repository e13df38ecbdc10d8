import type { RecordedEvent } from '@alliance/event-sourcing';
import { type ContactEvent, contactEvents } from './contact.events';

/** A wish that the vault holds nothing of a contact any more, and that the log says so. */
export interface SettleErasure {
  readonly type: 'SettleErasure';
  /** The contact. */
  readonly target: string;
  readonly data: Record<string, never>;
}

/** A withdrawn consent and a decision to erase both lead to the same. */
export function erasureAfter(fact: RecordedEvent): readonly SettleErasure[] {
  const { type, streamName } = fact as RecordedEvent & ContactEvent;
  if (type !== 'ConsentWithdrawn' && type !== 'ErasureDecided') return [];
  return [{ type: 'SettleErasure', target: contactEvents.category.idOf(streamName), data: {} }];
}
