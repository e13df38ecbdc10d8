import type { TSchema } from '@sinclair/typebox';

/**
 * The schema as readers apply it: like the one that writers are held to, but properties that it does not name are let
 * pass. So a reader goes on undisturbed when a property is added to a published type.
 */
export function readerSchema<Schema extends TSchema>(schema: Schema): Schema {
  const open: TSchema = { ...schema };
  if (schema.properties !== undefined) {
    const properties = Object.entries<TSchema>(schema.properties);
    open.properties = Object.fromEntries(properties.map(([name, each]) => [name, readerSchema(each)]));
    open.additionalProperties = true;
  }
  if (schema.items !== undefined) open.items = readerSchema<TSchema>(schema.items);
  if (schema.anyOf !== undefined) open.anyOf = schema.anyOf.map((each: TSchema) => readerSchema(each));
  return open as Schema;
}
