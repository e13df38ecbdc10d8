import type { DomainEvent, EventCatalogue, RecordedEvent } from '@alliance/event-sourcing';

/** These events as they would stand in a log of their own: one stream, an hour from one to the next. */
export function recordedIn(catalogue: EventCatalogue, id: string, events: readonly DomainEvent[]): RecordedEvent[] {
  return events.map((event, index) => {
    const revision = BigInt(index);
    const numbered = (digit: number) => `${digit}0000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    return {
      ...event,
      streamName: catalogue.category.streamName(id),
      revision,
      position: { commit: revision, prepare: revision },
      metadata: {
        ...{ eventId: numbered(1), commandId: numbered(2), correlationId: 'spec', causationId: 'spec' },
        ...{ actor: { subject: 'somebody', roles: [] }, schemaVersion: 1 },
        occurredAt: new Date(Date.UTC(2026, 3, 1, index)).toISOString(),
      },
    };
  });
}
