import { randomUUID } from 'node:crypto';
import { currentSchemaVersion, type DomainEvent, type EventCatalogue } from '@alliance/event-sourcing';
import type { NewEvent } from '@alliance/event-store';

/** These events as nobody's decision has written them, at a time in UTC, ready to be appended. */
export function plantedEvents(
  catalogue: EventCatalogue,
  events: readonly DomainEvent[],
  occurredAt: string,
): readonly NewEvent[] {
  return events.map((event) => {
    const definition = catalogue.definitions[event.type];
    return {
      ...event,
      metadata: {
        ...{ eventId: randomUUID(), commandId: randomUUID(), correlationId: 'spec', causationId: 'spec' },
        ...{ actor: { subject: 'planted', roles: [] }, occurredAt },
        schemaVersion: definition === undefined ? 1 : currentSchemaVersion(definition),
      },
    };
  });
}
