import { type EventOf, eventCatalogue, streamCategory } from '@alliance/event-sourcing';
import { Type } from '@sinclair/typebox';

const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const field = Type.Object(
  {
    key: Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 }),
    nameDe: Type.String({ minLength: 1, maxLength: 120 }),
    nameEn: Type.String({ minLength: 1, maxLength: 120 }),
    validFrom: day,
    validTo: Type.Optional(day),
  },
  { additionalProperties: false },
);

/** The key is the id of the stream and never changes, so that what was recorded under it stays readable. */
export const fieldOfActionEvents = eventCatalogue(streamCategory('registry', 'field-of-action'), {
  FieldOfActionAdded: { schema: field },
  FieldOfActionRenamed: { schema: field },
});

export type FieldOfActionEvent = EventOf<typeof fieldOfActionEvents>;
export type FieldOfAction = FieldOfActionEvent['data'];
