import type { Aggregate, Command, DomainEvent, LogPosition, RecordedEvent, Refusal } from '@alliance/event-sourcing';
import type { EventStore } from './event-store';

/** The command was accepted and all it decided is durable in the log (or was already, when it came twice). */
export interface Accepted<Event extends DomainEvent = DomainEvent> {
  /** Revision of the stream's last event that this command knows of; `undefined` when the stream is empty. */
  readonly revision: bigint | undefined;
  /** Where the log stands after it: readers that wait for this position see the effect. */
  readonly position: LogPosition | undefined;
  /** What was recorded for this command; empty when all was already so. */
  readonly events: readonly RecordedEvent<Event>[];
}

/** Throws `RevisionMismatch` (expectedRevision given and not met), `TooMuchContention` (3 conflicts), `StoreUnavailable`. */
export declare function handleCommand<Cmd extends Command, State, Event extends DomainEvent>(
  store: EventStore,
  aggregate: Aggregate<Cmd, State, Event>,
  id: string,
  command: Cmd,
  options?: {
    /** The revision that the client saw (`If-Match`). */
    readonly expectedRevision?: bigint;
    /** The command begins a stream: tried on an empty stream first, which saves the read. */
    readonly startsStream?: boolean;
  },
): Promise<Accepted<Event> | Refusal>;
