import { Type } from '@sinclair/typebox';
import { closedObject } from '../closed-object';
import type { Contract } from '../contract';
import { calendarDate, fieldKey } from '../field-types';
import { infiniteTopic } from '../topic';

export const registryFieldOfActionTopicV1 = infiniteTopic(
  'registry.field-of-action.v1',
  'The fields of action (Handlungsfelder) that the alliance works in. Keyed by field.',
);

const topic = registryFieldOfActionTopicV1.name;

const field = {
  key: fieldKey,
  nameDe: Type.String({ minLength: 1 }),
  nameEn: Type.String({ minLength: 1 }),
  validFrom: calendarDate,
  validTo: Type.Optional(calendarDate),
};

export const fieldOfActionAddedV1 = {
  type: 'registry.FieldOfActionAdded.v1',
  topic,
  description: 'The alliance works in a new field of action.',
  schema: closedObject(field),
} as const satisfies Contract;

export const fieldOfActionRenamedV1 = {
  type: 'registry.FieldOfActionRenamed.v1',
  topic,
  description: 'A field of action has other names from now on; its key and what was recorded under it stay.',
  schema: closedObject(field),
} as const satisfies Contract;

export const fieldOfActionRetiredV1 = {
  type: 'registry.FieldOfActionRetired.v1',
  topic,
  description:
    'A field of action was split, merged or replaced: it ends on this day, and others take its place. What was recorded under its key stays there, and belongs to its successors too.',
  schema: closedObject({
    key: fieldKey,
    validTo: calendarDate,
    successorKeys: Type.Array(fieldKey, {
      minItems: 1,
      description: 'Several after a split; the same one for each of the merged. They may be told of later than this.',
    }),
  }),
} as const satisfies Contract;
