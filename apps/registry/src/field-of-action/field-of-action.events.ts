import { type EventOf, eventCatalogue, streamCategory } from '@alliance/event-sourcing';
import { Type } from '@sinclair/typebox';

const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const key = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 });
const names = {
  nameDe: Type.String({ minLength: 1, maxLength: 120 }),
  nameEn: Type.String({ minLength: 1, maxLength: 120 }),
};
const field = Type.Object(
  { key, ...names, validFrom: day, validTo: Type.Optional(day) },
  { additionalProperties: false },
);

/** The key is the id of the stream and never changes, so that what was recorded under it stays readable. */
export const fieldOfActionEvents = eventCatalogue(streamCategory('registry', 'field-of-action'), {
  FieldOfActionAdded: { schema: field },
  FieldOfActionRenamed: { schema: field },
  /** After its last day others take its place. */
  FieldOfActionRetired: {
    schema: Type.Object(
      { key, validTo: day, successorKeys: Type.Array(key, { minItems: 1, maxItems: 20, uniqueItems: true }) },
      { additionalProperties: false },
    ),
  },
});

/**
 * One stream for all successions, since only who sees them all can keep them free of circles: a field is split (one
 * predecessor, several successors), merged (the other way round) or replaced. A successor with names is new on that day.
 */
export const fieldSuccessionEvents = eventCatalogue(streamCategory('registry', 'field-succession'), {
  FieldsSucceeded: {
    schema: Type.Object(
      {
        effectiveOn: day,
        predecessorKeys: Type.Array(key, { minItems: 1, maxItems: 20, uniqueItems: true }),
        successors: Type.Array(
          Type.Object(
            { key, names: Type.Optional(Type.Object(names, { additionalProperties: false })) },
            { additionalProperties: false },
          ),
          { minItems: 1, maxItems: 20 },
        ),
      },
      { additionalProperties: false },
    ),
  },
});
/** The id of that one stream. */
export const FIELD_SUCCESSIONS = 'fields-of-action';

export type FieldOfActionEvent = EventOf<typeof fieldOfActionEvents>;
export type FieldOfAction = Extract<FieldOfActionEvent, { type: 'FieldOfActionAdded' }>['data'];
export type FieldSuccessionEvent = EventOf<typeof fieldSuccessionEvents>;
export type FieldSuccession = FieldSuccessionEvent['data'];
