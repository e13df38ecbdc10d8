/** The part of JSON Schema (draft-07) that contracts may use: what the checks of this folder understand, and no more. */
export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: JsonSchema;
  readonly uniqueItems?: boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly deprecated?: boolean;
}

/** Keywords that say something to humans and nothing to a checker. */
export const annotations: ReadonlySet<string> = new Set(['title', 'description', 'examples', 'deprecated']);

const known: ReadonlySet<string> = new Set([
  ...annotations,
  ...['type', 'properties', 'required', 'additionalProperties', 'items', 'uniqueItems', 'anyOf', 'enum', 'const'],
  ...['pattern', 'minLength', 'maxLength', 'minItems', 'maxItems', 'minimum', 'maximum'],
]);

/** What keeps a schema from being published: each fault with its place. Empty when there is none. */
export function schemaFaults(schema: JsonSchema, at = 'data'): readonly string[] {
  const unknown = Object.keys(schema).filter((keyword) => !known.has(keyword));
  const open = schema.type === 'object' && schema.additionalProperties !== false;
  return [
    ...unknown.map((keyword) => `${at}: "${keyword}" is not among the keywords whose changes can be judged`),
    // Had a writer been free to add properties, a later one of that name could not be trusted to have its type.
    ...(open ? [`${at}: the object is open to properties of any name; make it a closedObject`] : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, each]) => schemaFaults(each, `${at}.${name}`)),
    ...(schema.items === undefined ? [] : schemaFaults(schema.items, `${at}[]`)),
    ...(schema.anyOf ?? []).flatMap((each, index) => schemaFaults(each, `${at}|${index}`)),
  ];
}
