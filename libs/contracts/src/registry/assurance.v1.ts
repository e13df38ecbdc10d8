import { Type } from '@sinclair/typebox';
import { closedObject } from '../closed-object';
import type { Contract } from '../contract';
import { calendarDate, utcTime, uuid } from '../field-types';
import { infiniteTopic } from '../topic';

export const registryAssuranceTopicV1 = infiniteTopic(
  'registry.assurance.v1',
  'How fresh the facts of the registry are: assured, due to be confirmed, stale. Keyed by the record that they are of.',
);

const topic = registryAssuranceTopicV1.name;

const slug = (description: string) => Type.String({ pattern: '^[a-z]+(-[a-z]+)*$', description });

const fact = {
  recordType: slug('What the fact is recorded of: `organisation`, `structure`. An open list.'),
  recordId: uuid,
  organisationId: Type.String({ ...uuid, description: 'Whose fact it is, and who is asked to confirm it.' }),
  kind: slug('`identity`, `seat`, `fields` of an organisation; `offer`, `capacity` of a structure. An open list.'),
};
const halfLifeDays = Type.Integer({
  minimum: 1,
  description: 'The rule at that time: confidence halves in so many days.',
});

export const factAssuredV1 = {
  type: 'registry.FactAssured.v1',
  topic,
  description: 'The fact holds, as it is recorded. It is fresh again, whatever was said of it before.',
  schema: closedObject({
    ...fact,
    assuredAt: utcTime,
    assuredBy: closedObject({
      role: slug('`representative` or `coordinator`. An open list.'),
      organisationId: Type.Optional(uuid),
    }),
    standing: Type.Boolean({ description: 'It does not age until somebody says otherwise.' }),
  }),
} as const satisfies Contract;

export const reminderFellDueV1 = {
  type: 'registry.ReminderFellDue.v1',
  topic,
  description: 'Confidence in the fact has fallen to a half: its organisation is to be asked whether it still holds.',
  schema: closedObject({
    ...fact,
    assuredAt: utcTime,
    halfLifeDays,
    remindedAt: utcTime,
    staleOn: Type.String({ ...calendarDate, description: 'Unless it is assured until then, it will be marked stale.' }),
  }),
} as const satisfies Contract;

export const factMarkedStaleV1 = {
  type: 'registry.FactMarkedStale.v1',
  topic,
  description: 'Nobody has confirmed the fact: it is shown as stale, and not deleted.',
  schema: closedObject({ ...fact, assuredAt: utcTime, halfLifeDays, staleSince: utcTime }),
} as const satisfies Contract;

export const factRetiredV1 = {
  type: 'registry.FactRetired.v1',
  topic,
  description: 'Nobody is asked for the fact any more: its record is no longer kept up.',
  schema: closedObject(fact),
} as const satisfies Contract;
