import { closedObject } from '../closed-object';
import { Type } from '@sinclair/typebox';
import type { Contract } from '../contract';
import { calendarDate, fieldKey, regionKey, uuid } from '../field-types';
import { infiniteTopic } from '../topic';

export const liaisonShortageTopicV1 = infiniteTopic(
  'public-sector-liaison.shortage.v1',
  'Shortages (Engpässe), as the situation reports of municipalities show them. Keyed by shortage.',
);

const topic = liaisonShortageTopicV1.name;

export const shortageDeclaredV1 = {
  type: 'public-sector-liaison.ShortageDeclared.v1',
  topic,
  description: 'In this field of action and region there is a shortage, until it eases.',
  schema: closedObject({
    shortageId: uuid,
    fieldKey,
    regionKey: Type.String({ ...regionKey, description: 'With all that lies within it.' }),
    declaredOn: calendarDate,
  }),
} as const satisfies Contract;

export const shortageEasedV1 = {
  type: 'public-sector-liaison.ShortageEased.v1',
  topic,
  description: 'It is over. A later one of the same field and region is another shortage.',
  schema: closedObject({ shortageId: uuid, easedOn: calendarDate }),
} as const satisfies Contract;
