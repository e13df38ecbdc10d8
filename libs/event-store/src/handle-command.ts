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

interface HandleOptions {
  /** The revision that the client saw (`If-Match`). */
  readonly expectedRevision?: bigint;
  /** The command begins a stream: tried on an empty stream first, which saves the read. */
  readonly startsStream?: boolean;
}

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
export function handleCommand<Cmd extends Command, State, Event extends DomainEvent>(
  store: EventStore,
  aggregate: Aggregate<Cmd, State, Event>,
  id: string,
  command: Cmd,
  options: HandleOptions = {},
): Promise<Accepted<Event> | Refusal> {
  return new CommandSequence(store, aggregate, id, [command]).handle(command, options);
}

/**
 * Commands on one stream, each handled as by `handleCommand` and one after the other. The stream is read for the first of
 * them; after that what is decided is folded as it is appended, and only what others write meanwhile is read.
 */
export class CommandSequence<Cmd extends Command, State, Event extends DomainEvent> {
  private readonly streamName: string;
  /** By command of the sequence. */
  private readonly known: ReadonlyMap<string, { readonly digest: string | undefined; recorded?: Accepted<Event> }>;
  private state: State;
  private last: Pick<RecordedEvent, 'revision' | 'position'> | undefined;
  private isRead = false;

  constructor(
    private readonly store: EventStore,
    private readonly aggregate: Aggregate<Cmd, State, Event>,
    id: string,
    commands: readonly Cmd[],
  ) {
    this.streamName = aggregate.catalogue.category.streamName(id);
    this.state = aggregate.decider.initialState;
    this.known = new Map(
      commands.map(({ context: { commandId, commandDigest } }) => [commandId, { digest: commandDigest }]),
    );
  }

  /** One of the commands that the sequence was made for. */
  async handle(command: Cmd, options: HandleOptions = {}): Promise<Accepted<Event> | Refusal> {
    const { catalogue, decider } = this.aggregate;
    const { streamName } = this;
    for (let attempt = 1; ; attempt += 1) {
      if (attempt > 1 || !(this.isRead || options.startsStream)) await this.readOn();
      const known = this.known.get(command.context.commandId);
      if (known?.recorded) return known.recorded;
      const { last } = this;
      if (options.expectedRevision !== undefined && options.expectedRevision !== last?.revision) {
        throw new RevisionMismatch(streamName, options.expectedRevision, last?.revision ?? 'no-stream');
      }
      const decision = decider.decide(command, this.state);
      if (isRefusal(decision)) return decision;
      if (decision.length === 0) return { revision: last?.revision, position: last?.position, events: [] };
      try {
        const events = decision.map((event, index) => toNewEvent(event, index, streamName, catalogue, command.context));
        const appended = await this.store.append(streamName, catalogue, events, last?.revision ?? 'no-stream');
        for (const event of decision) this.state = decider.evolve(this.state, event);
        this.last = appended;
        this.isRead = true;
        const accepted = { ...appended, events: decision };
        if (known) known.recorded = accepted;
        return accepted;
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error;
        if (attempt > MOST_RETRIES) throw new TooMuchContention(streamName, attempt);
      }
    }
  }

  /** What is in the stream after what is known of it. */
  private async readOn(): Promise<void> {
    const { catalogue, decider } = this.aggregate;
    const fromRevision = this.last && this.last.revision + 1n;
    for await (const stored of this.store.readStream<Event>(this.streamName, catalogue, { fromRevision })) {
      // The codec has checked type and data against the catalogue, whose events these are.
      const event = stored as Stored<Event>;
      this.state = decider.evolve(this.state, event);
      this.last = event;
      const { commandId, commandDigest } = event.metadata;
      const known = this.known.get(commandId);
      if (known === undefined) continue;
      if (commandDigest !== undefined && known.digest !== undefined && commandDigest !== known.digest) {
        throw new CommandIdReused(this.streamName, commandId);
      }
      const { revision, position } = event;
      known.recorded = { revision, position, events: [...(known.recorded?.events ?? []), plain<Event>(event)] };
    }
    this.isRead = true;
  }
}

type Stored<Event extends DomainEvent> = RecordedEvent<Event> & Event;

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
