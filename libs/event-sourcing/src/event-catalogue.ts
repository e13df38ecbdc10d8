import type { DomainEvent } from './event';
import type { StreamCategory } from './stream-name';

/** A JSON Schema whose TypeScript type is known (as TypeBox makes them); the kernel needs no more of it. */
export interface TypedSchema {
  readonly static: unknown;
}

/** Lifts the data of one schema version to the next. Pure. */
export type Upcaster = (data: never) => unknown;

/** One type of event as it lies on disk. */
export interface EventDefinition<Schema extends TypedSchema = TypedSchema> {
  readonly schema: Schema;
  /** One upcaster for each earlier version, oldest first; the present schema version is their number plus one. */
  readonly upcasters?: readonly Upcaster[];
}

/** Everything that may lie in the streams of one category. */
export interface EventCatalogue<
  Definitions extends Readonly<Record<string, EventDefinition>> = Readonly<Record<string, EventDefinition>>,
> {
  readonly category: StreamCategory;
  readonly definitions: Definitions;
}

/** The union of the events of a catalogue: `{ type, data }`, with the data typed by its schema. */
export type EventOf<Catalogue extends EventCatalogue> = {
  [Type in keyof Catalogue['definitions'] & string]: DomainEvent<
    Type,
    Catalogue['definitions'][Type]['schema']['static']
  >;
}[keyof Catalogue['definitions'] & string];

export function eventCatalogue<const Definitions extends Readonly<Record<string, EventDefinition>>>(
  category: StreamCategory,
  definitions: Definitions,
): EventCatalogue<Definitions> {
  return { category, definitions };
}

/** The schema version that a newly written event of this definition carries, from 1. */
export function currentSchemaVersion(definition: EventDefinition): number {
  return (definition.upcasters?.length ?? 0) + 1;
}
