import { Type } from '@sinclair/typebox';

/** A UUID of any version. */
export const uuid = Type.String({ pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' });

const id = Type.String({ minLength: 1, maxLength: 200 });

/**
 * What lies beside the data of each event on disk: the kernel's metadata but for the event's id, which the store holds
 * itself. Open to fields that a later version adds. Not doubled under the names `$correlationId` and `$causationId`:
 * only the server's own projection by correlation reads those, and it is off; the bytes would lie in the log for ever.
 */
export const storedMetadata = Type.Object({
  commandId: uuid,
  commandDigest: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  correlationId: id,
  causationId: id,
  actor: Type.Object({
    subject: id,
    roles: Type.Array(Type.String()),
    organisationId: Type.Optional(id),
  }),
  occurredAt: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$' }),
  schemaVersion: Type.Integer({ minimum: 1 }),
  traceparent: Type.Optional(Type.String({ pattern: '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}' })),
});
