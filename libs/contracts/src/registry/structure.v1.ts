import { Type } from '@sinclair/typebox';
import { closedObject } from '../closed-object';
import type { Contract } from '../contract';
import { calendarDate, fieldKey, regionKey, utcTime, uuid } from '../field-types';
import { infiniteTopic } from '../topic';

export const registryStructureTopicV1 = infiniteTopic(
  'registry.structure.v1',
  'What exists already: offers, projects and services of organisations; who does what where. Keyed by structure.',
);

const topic = registryStructureTopicV1.name;

const slug = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' });

const facts = {
  name: Type.String({ minLength: 1 }),
  fieldKeys: Type.Array(fieldKey, { minItems: 1 }),
  regionKeys: Type.Array(regionKey, {
    minItems: 1,
    description: 'Where it works, each with all beneath it; all of Germany is the sixteen Länder.',
  }),
  targetGroups: Type.Array(slug, {
    minItems: 1,
    description: 'An open list: a reader meets keys it does not know. `everyone` is whoever comes.',
  }),
  service: Type.String({
    pattern: slug.pattern,
    description: 'What it does for them, such as `legal-advice`. An open list.',
  }),
  operatingSince: calendarDate,
};

const capacity = closedObject({
  quantity: Type.Integer({ minimum: 0 }),
  unit: Type.String({ pattern: slug.pattern, description: 'What is counted, such as `places`. An open list.' }),
  assuredAt: Type.String({ ...utcTime, description: 'When the organisation last said so.' }),
});

export const structureRecordedV1 = {
  type: 'registry.StructureRecorded.v1',
  topic,
  description: 'An organisation of the alliance has this structure; nobody else has confirmed it yet.',
  schema: closedObject({
    structureId: uuid,
    organisationId: uuid,
    ...facts,
    capacity: Type.Optional(capacity),
    recordedAt: utcTime,
  }),
} as const satisfies Contract;

export const structureConfirmedV1 = {
  type: 'registry.StructureConfirmed.v1',
  topic,
  description: 'A coordinator has confirmed the structure with its present facts.',
  schema: closedObject({ structureId: uuid, confirmedAt: utcTime }),
} as const satisfies Contract;

export const structureRevisedV1 = {
  type: 'registry.StructureRevised.v1',
  topic,
  description: 'These facts replace those before; what was confirmed is to be confirmed again. The capacity stays.',
  schema: closedObject({ structureId: uuid, ...facts, revisedAt: utcTime }),
} as const satisfies Contract;

export const structureCapacityAssuredV1 = {
  type: 'registry.StructureCapacityAssured.v1',
  topic,
  description: 'The organisation says how much its structure can take at present; it replaces what it said before.',
  schema: closedObject({ structureId: uuid, capacity }),
} as const satisfies Contract;

export const structureEndedV1 = {
  type: 'registry.StructureEnded.v1',
  topic,
  description: 'The structure no longer exists.',
  schema: closedObject({
    structureId: uuid,
    reasonCode: Type.String({ pattern: slug.pattern, description: 'An open list, never free text.' }),
    endedAt: utcTime,
  }),
} as const satisfies Contract;
