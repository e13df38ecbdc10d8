/** About 10 MB of identifiers; EventStoreDB keeps 8 MiB. */
const MAX_EVENTS = 50_000;

export interface RecentEvent {
  readonly streamName: string;
  readonly revision: number;
}

/** The latest events by their ids: what makes a repeated append without an expected revision recognisable, for a while. */
export class RecentEvents {
  private readonly events = new Map<string, RecentEvent>();

  add(id: string, event: RecentEvent): void {
    this.events.set(id, event);
    if (this.events.size <= MAX_EVENTS) return;
    for (const oldest of this.events.keys()) {
      this.events.delete(oldest);
      return;
    }
  }

  revision(id: string, streamName: string): number | undefined {
    const event = this.events.get(id);
    return event?.streamName === streamName ? event.revision : undefined;
  }
}
