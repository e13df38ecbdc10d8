import type { TSchema } from '@sinclair/typebox';

/** Where schemas stand within a schema. */
interface Parts {
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
  readonly anyOf?: readonly TSchema[];
}

/**
 * The schema as readers apply it: like the one that writers are held to, but properties that it does not name are let
 * pass. So a reader goes on undisturbed when a property is added to a published type.
 */
export function readerSchema<Schema extends TSchema>(schema: Schema): Schema {
  const { properties, items, anyOf } = schema as Parts;
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, readerSchema(each)])),
      additionalProperties: true,
    }),
    ...(items && { items: readerSchema(items) }),
    ...(anyOf && { anyOf: anyOf.map((each) => readerSchema(each)) }),
  };
}
