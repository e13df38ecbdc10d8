import { comparePositions, type RecordedEvent } from '@alliance/event-sourcing';

/** An event with what led to it: another event, of whatever service, or the command that somebody gave. */
export interface Cause {
  readonly event: RecordedEvent;
  readonly causedBy: string | undefined;
}

/**
 * Where events come from, by the ids of what caused them. The id of an event is kept when it is published, so that the
 * chain goes through the contracts into other services.
 */
export class Causes {
  readonly #byId = new Map<string, RecordedEvent>();

  see(event: RecordedEvent): void {
    this.#byId.set(event.metadata.eventId, event);
  }

  eventOf(eventId: string | undefined): RecordedEvent | undefined {
    return eventId === undefined ? undefined : this.#byId.get(eventId);
  }

  /** The events, and everything that led to them, in the order of the log. */
  chainOf(events: readonly RecordedEvent[]): readonly Cause[] {
    const chain = new Map<string, RecordedEvent>();
    const open = [...events];
    for (let event = open.pop(); event !== undefined; event = open.pop()) {
      if (chain.has(event.metadata.eventId)) continue;
      chain.set(event.metadata.eventId, event);
      const cause = this.#byId.get(event.metadata.causationId);
      if (cause !== undefined) open.push(cause);
    }
    return [...chain.values()]
      .sort((a, b) => comparePositions(a.position, b.position))
      .map((event) => ({ event, causedBy: this.#byId.get(event.metadata.causationId)?.metadata.eventId }));
  }
}
