import { Type } from '@sinclair/typebox';
import { closedObject } from '../closed-object';
import type { Contract } from '../contract';
import { fieldKey, reasonCode, regionKey, utcTime, uuid } from '../field-types';
import { infiniteTopic } from '../topic';
import { languages, skills, weeklyWindow } from './dimensions';

export const matchingOfferTopicV1 = infiniteTopic(
  'capacity-matching.offer.v1',
  'Time (Zeitkapazität) that organisations offer to others: of anonymous seats, never of named employees. Keyed by offer.',
);

const topic = matchingOfferTopicV1.name;

const facts = {
  skills,
  languages,
  fieldKeys: Type.Array(fieldKey),
  regionKeys: Type.Array(regionKey, {
    description: 'Where help can be given in person, each with all that lies within; none when it is remote only.',
  }),
  isRemotePossible: Type.Boolean(),
  ...weeklyWindow,
  seats: Type.Integer({ minimum: 1, description: '`minutesPerWeek` are those of all seats together.' }),
};

export const offerPublishedV1 = {
  type: 'capacity-matching.OfferPublished.v1',
  topic,
  description: 'An organisation offers so much of its time. What of it is still free is not told.',
  schema: closedObject({
    offerId: uuid,
    organisationId: Type.String({ ...uuid, description: 'The supporting organisation.' }),
    ...facts,
    publishedAt: utcTime,
  }),
} as const satisfies Contract;

export const offerRevisedV1 = {
  type: 'capacity-matching.OfferRevised.v1',
  topic,
  description: 'The offer says this from now on: whatever it said before is replaced. What is allocated of it stays.',
  schema: closedObject({ offerId: uuid, ...facts, revisedAt: utcTime }),
} as const satisfies Contract;

export const offerPausedV1 = {
  type: 'capacity-matching.OfferPaused.v1',
  topic,
  description: 'For this reason nothing new is allocated of it. It can be paused for several reasons at once.',
  schema: closedObject({ offerId: uuid, reasonCode, pausedAt: utcTime }),
} as const satisfies Contract;

export const offerResumedV1 = {
  type: 'capacity-matching.OfferResumed.v1',
  topic,
  description: 'It is no longer paused for this reason; it is there again when it is paused for no other.',
  schema: closedObject({ offerId: uuid, reasonCode, resumedAt: utcTime }),
} as const satisfies Contract;

export const offerWithdrawnV1 = {
  type: 'capacity-matching.OfferWithdrawn.v1',
  topic,
  description: 'Nothing is allocated of it any more, for good.',
  schema: closedObject({ offerId: uuid, reasonCode, withdrawnAt: utcTime }),
} as const satisfies Contract;
