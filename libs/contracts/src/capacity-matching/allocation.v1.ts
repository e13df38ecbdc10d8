import { Type } from '@sinclair/typebox';
import { closedObject } from '../closed-object';
import type { Contract } from '../contract';
import { reasonCode, utcTime, uuid } from '../field-types';
import { infiniteTopic } from '../topic';
import { week } from './dimensions';

export const matchingAllocationTopicV1 = infiniteTopic(
  'capacity-matching.allocation.v1',
  'Which offer helps which need, from the proposal to the hours that both sides confirm. Keyed by allocation.',
);

const topic = matchingAllocationTopicV1.name;

const side = Type.Union(
  (['helping', 'supporting'] as const).map((one) => Type.Literal(one)),
  { description: 'Of the two organisations.' },
);

export const allocationProposedV1 = {
  type: 'capacity-matching.AllocationProposed.v1',
  topic,
  description: 'A proposal only: both organisations have yet to accept it, and it may come to nothing.',
  schema: closedObject({
    allocationId: uuid,
    offerId: uuid,
    needId: uuid,
    supportingOrganisationId: uuid,
    helpingOrganisationId: uuid,
    weeks: Type.Array(
      closedObject({ from: week, to: week, minutes: Type.Integer({ minimum: 1, description: 'Of each week.' }) }),
      { description: 'Runs of weeks, each from one to another, both included, in the order of time.' },
    ),
    roundId: Type.Optional(
      Type.String({ ...uuid, description: 'The matching round that proposed it; a coordinator when absent.' }),
    ),
    proposedAt: utcTime,
  }),
} as const satisfies Contract;

export const allocationSecuredV1 = {
  type: 'capacity-matching.AllocationSecured.v1',
  topic,
  description: 'The offer holds the minutes until the proposal expires: both sides can accept it.',
  schema: closedObject({ allocationId: uuid, securedAt: utcTime }),
} as const satisfies Contract;

export const allocationAcceptedV1 = {
  type: 'capacity-matching.AllocationAccepted.v1',
  topic,
  description: 'One side has accepted.',
  schema: closedObject({ allocationId: uuid, side, acceptedAt: utcTime }),
} as const satisfies Contract;

export const allocationStartedV1 = {
  type: 'capacity-matching.AllocationStarted.v1',
  topic,
  description: 'Both sides have accepted. Nothing is said yet of hours that were worked.',
  schema: closedObject({ allocationId: uuid, startedAt: utcTime }),
} as const satisfies Contract;

export const hoursReportedV1 = {
  type: 'capacity-matching.HoursReported.v1',
  topic,
  description:
    'What one side says was worked in a week; its later word replaces its earlier one. Delivered are the minutes of the weeks of which both sides say the same, as long as these are allocated.',
  schema: closedObject({
    allocationId: uuid,
    side,
    week,
    minutes: Type.Integer({ minimum: 0 }),
    reportedAt: utcTime,
  }),
} as const satisfies Contract;

export const allocationDeliveredV1 = {
  type: 'capacity-matching.AllocationDelivered.v1',
  topic,
  description: 'Help has been given: both sides say the same of every week.',
  schema: closedObject({
    allocationId: uuid,
    minutes: Type.Integer({ minimum: 0, description: 'Of all weeks together, as both sides confirm.' }),
    deliveredAt: utcTime,
  }),
} as const satisfies Contract;

export const allocationEndedV1 = {
  type: 'capacity-matching.AllocationEnded.v1',
  topic,
  description:
    'It ends otherwise than by having been delivered. Where it had started, the weeks before `fromWeek` may still be delivered.',
  schema: closedObject({
    allocationId: uuid,
    outcome: Type.Union(
      (['declined', 'expired', 'released', 'failed'] as const).map((outcome) => Type.Literal(outcome)),
      {
        description:
          'declined: by a side; expired: not accepted in time; released: given up by who had proposed or accepted it; failed: the offer did not have the minutes any more.',
      },
    ),
    reasonCode: Type.Optional(reasonCode),
    fromWeek: Type.Optional({ ...week, description: 'From this week on; altogether when absent.' }),
    endedAt: utcTime,
  }),
} as const satisfies Contract;
