import { type TObject, type TProperties, Type } from '@sinclair/typebox';

/**
 * An object that carries these properties and no others. Whoever writes is held to that; readers let pass what they do
 * not know yet (`readerSchema`), so that a property can be added later without asking them.
 */
export function closedObject<Properties extends TProperties>(properties: Properties): TObject<Properties> {
  return Type.Object(properties, { additionalProperties: false });
}
