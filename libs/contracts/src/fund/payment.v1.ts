import { Type } from '@sinclair/typebox';
import { closedObject } from '../closed-object';
import type { Contract } from '../contract';
import { utcTime, uuid } from '../field-types';
import { infiniteTopic } from '../topic';

export const fundPaymentTopicV1 = infiniteTopic(
  'fund.payment.v1',
  'Payments of grants, from their request to their end. Keyed by grant.',
);

const topic = fundPaymentTopicV1.name;

export const paymentRequestedV1 = {
  type: 'fund.PaymentRequested.v1',
  topic,
  description: 'A payment of a grant to the organisation is pending from now on, until it is settled.',
  schema: closedObject({
    paymentId: uuid,
    grantId: uuid,
    organisationId: Type.String({ ...uuid, description: 'The recipient.' }),
    requestedAt: utcTime,
  }),
} as const satisfies Contract;

export const paymentSettledV1 = {
  type: 'fund.PaymentSettled.v1',
  topic,
  description: 'The payment has come to its end, one way or the other, and is no longer pending.',
  schema: closedObject({
    paymentId: uuid,
    outcome: Type.Union([Type.Literal('paid'), Type.Literal('failed'), Type.Literal('cancelled')]),
    settledAt: utcTime,
  }),
} as const satisfies Contract;
