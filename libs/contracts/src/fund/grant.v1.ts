import { Type } from '@sinclair/typebox';
import { closedObject } from '../closed-object';
import type { Contract } from '../contract';
import { calendarDate, fieldKey, money, reasonCode, regionKey, utcTime, uuid } from '../field-types';
import { infiniteTopic } from '../topic';

export const fundGrantTopicV1 = infiniteTopic(
  'fund.grant.v1',
  'Grants from their award to their end: what is funded where. Keyed by grant.',
);

const topic = fundGrantTopicV1.name;

export const grantAwardedV1 = {
  type: 'fund.GrantAwarded.v1',
  topic,
  description: 'The grant has been decided on and its amount is set aside for it.',
  schema: closedObject({
    grantId: uuid,
    callId: uuid,
    organisationId: Type.String({ ...uuid, description: 'The recipient; never a private person.' }),
    structureId: Type.String({ ...uuid, description: 'The existing structure that it strengthens.' }),
    title: Type.String({ minLength: 1 }),
    fieldKeys: Type.Array(fieldKey),
    regionKeys: Type.Array(regionKey),
    amount: { ...money, description: 'Awarded; what is paid of it can be less.' },
    projectFrom: calendarDate,
    projectTo: Type.String({ ...calendarDate, description: 'The last day.' }),
    awardedAt: utcTime,
  }),
} as const satisfies Contract;

export const grantRevokedV1 = {
  type: 'fund.GrantRevoked.v1',
  topic,
  description: 'The award no longer holds, or was given up before a contract; nothing further is paid.',
  schema: closedObject({
    grantId: uuid,
    reasonCode,
    revokedAt: utcTime,
  }),
} as const satisfies Contract;

export const grantClosedV1 = {
  type: 'fund.GrantClosed.v1',
  topic,
  description: 'The use of the grant is proved and nothing is owed any more.',
  schema: closedObject({
    grantId: uuid,
    spent: { ...money, description: 'By the accepted proof of use.' },
    returned: { ...money, description: 'Paid back, without interest.' },
    closedAt: utcTime,
  }),
} as const satisfies Contract;
