import {
  currentSchemaVersion,
  type DomainEvent,
  type EventCatalogue,
  type EventDefinition,
  type EventMetadata,
  type RecordedEvent,
} from '@alliance/event-sourcing';
import type { TSchema } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler';
import { type EventFault, EventRejected, EventUnreadable } from './errors';
import { storedMetadata, uuid } from './event-metadata';
import type { StoredEvent } from './read-answer';

/** An event about to be written. */
export interface NewEvent<Event extends DomainEvent = DomainEvent> {
  readonly type: Event['type'];
  readonly data: Event['data'];
  readonly metadata: EventMetadata;
}

/** An event as the wire takes it: data and metadata are JSON text. */
export interface EncodedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

const MOST_FAULTS = 20;

const eventIdCheck = TypeCompiler.Compile(uuid);
const metadataCheck = TypeCompiler.Compile(storedMetadata);
const codecs = new WeakMap<EventCatalogue, EventCodec>();

/** The codec of a catalogue; made once, since compiling a schema costs about a millisecond and checking none. */
export function codecOf(catalogue: EventCatalogue): EventCodec {
  const known = codecs.get(catalogue);
  if (known) return known;
  const codec = new EventCodec(catalogue);
  codecs.set(catalogue, codec);
  return codec;
}

/** The door between the log and the code: nothing passes it, in either direction, that its schema does not allow. */
export class EventCodec {
  readonly #catalogue: EventCatalogue;
  readonly #types = new Map<string, KnownType>();
  /** What every stream name of the catalogue begins with. */
  readonly prefix: string;

  constructor(catalogue: EventCatalogue) {
    this.#catalogue = catalogue;
    this.prefix = catalogue.category.prefix;
  }

  /** Throws `EventRejected`, and an ordinary error for a stream of another category. */
  encode(streamName: string, { type, data, metadata }: NewEvent): EncodedEvent {
    this.#catalogue.category.idOf(streamName);
    const known = this.#typeNamed(type);
    if (!known) throw new EventRejected(streamName, type, [this.#unknownType()]);
    const { eventId, ...stored } = metadata;
    const faults = [
      ...faultsOf(known.check, data, '/data'),
      ...faultsOf(metadataCheck, stored, '/metadata'),
      ...faultsOf(eventIdCheck, eventId, '/metadata/eventId'),
    ];
    if (stored.schemaVersion !== known.version) {
      faults.push({ field: '/metadata/schemaVersion', reason: `new events are written in version ${known.version}` });
    }
    if (faults.length > 0) throw new EventRejected(streamName, type, faults);
    return { id: eventId, type, data: JSON.stringify(data), metadata: JSON.stringify(stored) };
  }

  /** In the present schema, whatever version it was written in. Throws `EventUnreadable`. */
  decode<Event extends DomainEvent>(stored: StoredEvent): RecordedEvent<Event> {
    const { streamName, revision, position, type } = stored;
    const known = this.#typeNamed(type);
    if (!known) throw unreadable(stored, [this.#unknownType()]);
    const metadata = jsonOf(stored.metadata);
    if (!metadataCheck.Check(metadata)) throw unreadable(stored, faultsOf(metadataCheck, metadata, '/metadata'));
    const written = jsonOf(stored.data);
    const data = metadata.schemaVersion === known.version ? written : this.#lift(stored, written, known, metadata);
    if (!known.check.Check(data)) throw unreadable(stored, faultsOf(known.check, data, '/data'));
    // This object was parsed just now, for us alone: completing it in place spares a copy for each event ever read.
    const complete: EventMetadata = Object.assign(metadata, { eventId: stored.id });
    return { streamName, revision, position, type, data, metadata: complete };
  }

  #lift(
    stored: StoredEvent,
    written: unknown,
    known: KnownType,
    { schemaVersion }: { readonly schemaVersion: number },
  ): unknown {
    if (schemaVersion > known.version) {
      const reason = `written in version ${schemaVersion}, this code knows versions up to ${known.version}`;
      throw unreadable(stored, [{ field: '/metadata/schemaVersion', reason }]);
    }
    try {
      return known.upcasters.slice(schemaVersion - 1).reduce<unknown>((data, lift) => lift(data as never), written);
    } catch (error) {
      const reason = `lifting it from version ${schemaVersion} failed: ${String(error)}`;
      throw unreadable(stored, [{ field: '/data', reason }], error);
    }
  }

  #typeNamed(type: string): KnownType | undefined {
    const known = this.#types.get(type);
    if (known) return known;
    if (!Object.hasOwn(this.#catalogue.definitions, type)) return undefined;
    const definition = this.#catalogue.definitions[type];
    if (!definition) return undefined;
    const compiled = new KnownType(definition);
    this.#types.set(type, compiled);
    return compiled;
  }

  #unknownType(): EventFault {
    return { field: '', reason: `${this.prefix}… knows no event of this type` };
  }
}

class KnownType {
  readonly check: TypeCheck<TSchema>;
  readonly version: number;
  readonly upcasters: NonNullable<EventDefinition['upcasters']>;

  constructor(definition: EventDefinition) {
    // The kernel knows no schema library; that its schemas are TypeBox's is the project's convention.
    this.check = TypeCompiler.Compile(definition.schema as TSchema);
    this.version = currentSchemaVersion(definition);
    this.upcasters = definition.upcasters ?? [];
  }
}

/** `undefined`, which no schema allows, for a text that is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function faultsOf(check: TypeCheck<TSchema>, value: unknown, at: string): EventFault[] {
  if (check.Check(value)) return [];
  const faults: EventFault[] = [];
  for (const { path, message } of check.Errors(value)) {
    faults.push({ field: at + path, reason: message });
    if (faults.length === MOST_FAULTS) break;
  }
  return faults;
}

function unreadable(stored: StoredEvent, faults: readonly EventFault[], cause?: unknown): EventUnreadable {
  return new EventUnreadable(stored.streamName, stored.revision, stored.type, faults, { cause });
}
