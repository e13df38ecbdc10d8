import { formatPosition } from '@alliance/event-sourcing';
import type { FundRecord } from './grant-history';

/** One event for who reads a history: who did what, when, on which version, and why. */
export interface HistoryEntry {
  /** `commit/prepare`. */
  readonly position: string;
  readonly stream: string;
  readonly revision: string;
  readonly at: string;
  /** Pseudonymous; what the service did by itself is under its own name and has no roles. */
  readonly by: string;
  readonly roles: readonly string[];
  readonly event: string;
  /** Of amount and terms, where it was about one. */
  readonly version?: number;
  readonly reason?: string;
  readonly eventId: string;
  /** The event or command that led here. */
  readonly causationId: string;
  readonly data: FundRecord['data'];
}

const reasons = ['reason', 'rationale', 'note', 'overlapReason', 'detail', 'reasonCode'];

export function historyEntry({ position, streamName, revision, type, data, metadata }: FundRecord): HistoryEntry {
  const { occurredAt, actor, eventId, causationId } = metadata;
  const told: Readonly<Record<string, unknown>> = data;
  const reason = reasons.map((field) => told[field]).find((text) => typeof text === 'string');
  return {
    position: formatPosition(position),
    stream: streamName,
    revision: String(revision),
    at: occurredAt,
    by: actor.subject,
    roles: actor.roles,
    event: type,
    ...('version' in data && { version: data.version }),
    ...(typeof reason === 'string' && { reason }),
    eventId,
    causationId,
    data,
  };
}
