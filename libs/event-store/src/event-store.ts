import type {
  DomainEvent,
  EventCatalogue,
  EventLog,
  EventMetadata,
  LogPosition,
  RecordedEvent,
} from '@alliance/event-sourcing';

/** An event about to be written. */
export interface NewEvent<Event extends DomainEvent = DomainEvent> {
  readonly type: Event['type'];
  readonly data: Event['data'];
  readonly metadata: EventMetadata;
}

export declare class EventStore {
  /** Does not wait for the server; the first call does. `esdb://…` as the client knows it. */
  static connect(options: { readonly connectionString: string; readonly deadlineMs?: number }): EventStore;
  /** `expectedRevision: 'no-stream'` for a stream that must be empty. Throws `RevisionConflict`, `EventRejected`, `StoreUnavailable`. */
  append(
    streamName: string,
    catalogue: EventCatalogue,
    events: readonly NewEvent[],
    expectedRevision: bigint | 'no-stream',
  ): Promise<{ readonly revision: bigint; readonly position: LogPosition }>;
  /** In order, upcast and validated; an absent stream has no events. */
  readStream<Event extends DomainEvent>(
    streamName: string,
    catalogue: EventCatalogue,
    options?: { readonly fromRevision?: bigint },
  ): AsyncIterable<RecordedEvent<Event>>;
  /** The log for followers: events of these catalogues are upcast and validated; those of others are passed over. */
  log(catalogues: readonly EventCatalogue[]): EventLog;
  /** Resolves when the server answers; rejects with `StoreUnavailable`. For the readiness probe. */
  check(): Promise<void>;
  close(): Promise<void>;
}
