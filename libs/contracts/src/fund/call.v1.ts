import { Type } from '@sinclair/typebox';
import { closedObject } from '../closed-object';
import type { Contract } from '../contract';
import { fieldKey, money, reasonCode, regionKey, utcTime, uuid } from '../field-types';
import { infiniteTopic } from '../topic';

export const fundCallTopicV1 = infiniteTopic(
  'fund.call.v1',
  'Calls (Förderaufrufe) of the fund: for what, where and until when it can be applied. Keyed by call.',
);

const topic = fundCallTopicV1.name;

export const callPublishedV1 = {
  type: 'fund.CallPublished.v1',
  topic,
  description: 'Within its window it can be applied for grants. What it says is never revised.',
  schema: closedObject({
    callId: uuid,
    title: Type.String({ minLength: 1 }),
    opensAt: utcTime,
    closesAt: utcTime,
    fieldKeys: Type.Array(fieldKey, { description: 'The fields of action it is for.' }),
    regionKeys: Type.Array(regionKey, { description: 'The regions it is for, with all that lies within them.' }),
    minimum: money,
    maximum: money,
    publishedAt: utcTime,
  }),
} as const satisfies Contract;

export const callClosedV1 = {
  type: 'fund.CallClosed.v1',
  topic,
  description: 'Closed before its time: it can no longer be applied for.',
  schema: closedObject({
    callId: uuid,
    reasonCode,
    closedAt: utcTime,
  }),
} as const satisfies Contract;
