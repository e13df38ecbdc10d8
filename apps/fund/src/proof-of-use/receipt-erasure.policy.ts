import type { RecordedEvent } from '@alliance/event-sourcing';
import type { GrantEvent } from '../grant/grant.events';

/** A wish that the vault holds no receipts of a report any more. */
export interface EraseReceipts {
  readonly type: 'EraseReceipts';
  /** The report. */
  readonly target: string;
  readonly data: Record<string, never>;
}

export function erasureAfter(fact: RecordedEvent): readonly EraseReceipts[] {
  const { type, data } = fact as RecordedEvent & GrantEvent;
  return type === 'ReceiptErasureDecided' ? [{ type: 'EraseReceipts', target: data.reportId, data: {} }] : [];
}
