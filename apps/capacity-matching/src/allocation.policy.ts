import type { RecordedEvent } from '@alliance/event-sourcing';
import { type AllocationEvent, allocationEvents } from './allocation/allocation.events';

/** What an allocation, or its end, asks of its offer. The target is the allocation. */
export type SettleWithOffer =
  | { readonly type: 'SettleAllocation'; readonly target: string; readonly data: object }
  | {
      readonly type: 'ReleaseHold';
      readonly target: string;
      readonly data: { readonly reasonCode: string; readonly fromWeek?: string };
    };

/** What is proposed is held, what both sides have accepted is confirmed, and what has come to nothing is free again. */
export function settleWithOffer(fact: RecordedEvent): readonly SettleWithOffer[] {
  const event = fact as RecordedEvent & AllocationEvent;
  const target = allocationEvents.category.idOf(event.streamName);
  switch (event.type) {
    case 'AllocationProposed':
    case 'AllocationAccepted':
      return [{ type: 'SettleAllocation', target, data: {} }];
    case 'AllocationDeclined':
      return [{ type: 'ReleaseHold', target, data: { reasonCode: 'declined' } }];
    case 'AllocationExpired':
      return [{ type: 'ReleaseHold', target, data: { reasonCode: 'expired' } }];
    case 'AllocationFailed':
    case 'AllocationReleased':
      return [{ type: 'ReleaseHold', target, data: event.data }];
    default:
      return [];
  }
}
