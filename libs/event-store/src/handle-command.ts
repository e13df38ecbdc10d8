import type {
  Aggregate,
  Command,
  CommandContext,
  DomainEvent,
  EventCatalogue,
  LogPosition,
  RecordedEvent,
  Refusal,
} from '@alliance/event-sourcing';
import { currentSchemaVersion, isRefusal } from '@alliance/event-sourcing';
import { deriveId } from './derive-id';
import { CommandIdReused, RevisionConflict, RevisionMismatch, TooMuchContention } from './errors';
import type { NewEvent } from './event-codec';
import type { EventStore } from './event-store';

/** The command was accepted and all it decided is durable in the log (or was already, when it came twice). */
export interface Accepted<Event extends DomainEvent = DomainEvent> {
  /** Revision of the stream's last event that this command knows of; `undefined` when the stream is empty. */
  readonly revision: bigint | undefined;
  /** Where the log stands after it: readers that wait for this position see the effect. */
  readonly position: LogPosition | undefined;
  /** What was recorded for this command; empty when all was already so. */
  readonly events: readonly Event[];
}

/** How often a command is decided anew when others write between its read and its append. */
const MOST_RETRIES = 3;

/**
 * Reads the stream, folds, decides and appends. A refusal is returned; nothing is written for it.
 *
 * The same command (by its id) sent again gives the same answer and changes nothing, also when the reply to the first
 * was lost: its events are found in the stream, and should the first append still be under way, the event ids derived
 * from the command's id let the store recognise the second.
 *
 * Throws `CommandIdReused` (the digests of the two are known and differ), `RevisionMismatch` (expectedRevision given and not met), `TooMuchContention` (a conflict after three retries),
 * `EventRejected`, `EventUnreadable`, `StreamDeleted`, `StoreUnavailable`.
 */
export async function handleCommand<Cmd extends Command, State, Event extends DomainEvent>(
  store: EventStore,
  aggregate: Aggregate<Cmd, State, Event>,
  id: string,
  command: Cmd,
  options: {
    /** The revision that the client saw (`If-Match`). */
    readonly expectedRevision?: bigint;
    /** The command begins a stream: tried on an empty stream first, which saves the read. */
    readonly startsStream?: boolean;
  } = {},
): Promise<Accepted<Event> | Refusal> {
  const { catalogue, decider } = aggregate;
  const streamName = catalogue.category.streamName(id);
  const { commandId, commandDigest } = command.context;
  const recorded: Event[] = [];
  let recordedUpTo: RecordedEvent | undefined;
  let last: RecordedEvent | undefined;
  let state = decider.initialState;

  for (let attempt = 1; ; attempt += 1) {
    if (attempt > 1 || !options.startsStream) {
      const fromRevision = last && last.revision + 1n;
      for await (const stored of store.readStream<Event>(streamName, catalogue, { fromRevision })) {
        // The codec has checked type and data against the catalogue, whose events these are.
        const event = stored as RecordedEvent<Event> & Event;
        state = decider.evolve(state, event);
        last = event;
        if (event.metadata.commandId === commandId) {
          const known = event.metadata.commandDigest;
          if (known !== undefined && commandDigest !== undefined && known !== commandDigest) {
            throw new CommandIdReused(streamName, commandId);
          }
          recordedUpTo = event;
          recorded.push(plain(event));
        }
      }
      if (recordedUpTo) return { revision: recordedUpTo.revision, position: recordedUpTo.position, events: recorded };
    }
    if (options.expectedRevision !== undefined && options.expectedRevision !== last?.revision) {
      throw new RevisionMismatch(streamName, options.expectedRevision, last?.revision ?? 'no-stream');
    }
    const decision = decider.decide(command, state);
    if (isRefusal(decision)) return decision;
    if (decision.length === 0) return { revision: last?.revision, position: last?.position, events: [] };
    try {
      const events = decision.map((event, index) => toNewEvent(event, index, streamName, catalogue, command.context));
      const appended = await store.append(streamName, catalogue, events, last?.revision ?? 'no-stream');
      return { ...appended, events: decision };
    } catch (error) {
      if (!(error instanceof RevisionConflict)) throw error;
      if (attempt > MOST_RETRIES) throw new TooMuchContention(streamName, attempt);
    }
  }
}

function plain<Event extends DomainEvent>({ type, data }: Event): Event {
  return { type, data } as Event;
}

function toNewEvent(
  event: DomainEvent,
  index: number,
  streamName: string,
  catalogue: EventCatalogue,
  context: CommandContext,
): NewEvent {
  const definition = catalogue.definitions[event.type];
  const { commandId, commandDigest, correlationId, causationId, actor, at, traceparent } = context;
  // With the digest, for the store takes events of the same ids for the same events.
  const place = commandDigest === undefined ? `${index}` : `${index}/${commandDigest}`;
  return {
    type: event.type,
    data: event.data,
    metadata: {
      eventId: deriveId(commandId, `${streamName}/${place}`),
      commandId,
      ...(commandDigest !== undefined && { commandDigest }),
      correlationId,
      causationId,
      actor,
      occurredAt: at,
      schemaVersion: definition ? currentSchemaVersion(definition) : 1,
      ...(traceparent !== undefined && { traceparent }),
    },
  };
}
