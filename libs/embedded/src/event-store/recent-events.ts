/** Two generations of these are some 10 MB; EventStoreDB keeps 8 MiB. */
const GENERATION_EVENTS = 25_000;

interface RecentEvent {
  readonly streamName: string;
  readonly revision: number;
}

/**
 * The latest events by their ids: what makes a repeated append without an expected revision recognisable, for a while.
 * The older half is forgotten at once when the younger is full.
 */
export class RecentEvents {
  private younger = new Map<string, RecentEvent>();
  private older = new Map<string, RecentEvent>();

  add(id: string, event: RecentEvent): void {
    if (this.younger.size >= GENERATION_EVENTS) {
      this.older = this.younger;
      this.younger = new Map();
    }
    this.younger.set(id, event);
  }

  /** Where the event stands in the stream; `undefined` when it is not known to be there. */
  revision(id: string, streamName: string): number | undefined {
    const event = this.younger.get(id) ?? this.older.get(id);
    return event?.streamName === streamName ? event.revision : undefined;
  }
}
