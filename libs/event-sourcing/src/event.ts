/** Who caused an event. The subject is a pseudonymous id; no name, no address. */
export interface Actor {
  readonly subject: string;
  readonly roles: readonly string[];
  /** The organisation the actor acts for, if the actor represents one. */
  readonly organisationId?: string;
}

/** What happened, in past tense. The type names the schema that `data` satisfies. */
export interface DomainEvent<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
}

/** What is recorded with every event, whatever it says. */
export interface EventMetadata {
  /** UUID; derived from the command's id and the event's place in the decision, so that a repeat is recognised. */
  readonly eventId: string;
  readonly commandId: string;
  readonly commandDigest?: string;
  /** The same through everything that one request of the outside sets in motion. */
  readonly correlationId: string;
  /** The id of the message (command or event) that directly led here. */
  readonly causationId: string;
  readonly actor: Actor;
  /** ISO 8601, UTC. */
  readonly occurredAt: string;
  /** Version of the event's schema at the time of writing, from 1. */
  readonly schemaVersion: number;
  /** W3C trace context of the command, if it was traced. */
  readonly traceparent?: string;
}

/** A place in the whole log. Both numbers are needed to resume. */
export interface LogPosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** An event as it stands in the log. */
export interface RecordedEvent<Event extends DomainEvent = DomainEvent> {
  readonly streamName: string;
  /** Place in its stream, from 0n. */
  readonly revision: bigint;
  readonly position: LogPosition;
  readonly type: Event['type'];
  readonly data: Event['data'];
  readonly metadata: EventMetadata;
}
