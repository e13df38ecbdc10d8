import { Type } from '@sinclair/typebox';
import { closedObject } from '../closed-object';
import type { Contract } from '../contract';
import { utcTime, uuid } from '../field-types';
import { infiniteTopic } from '../topic';
import { week } from './dimensions';

export const matchingRoundTopicV1 = infiniteTopic(
  'capacity-matching.round.v1',
  'Matching rounds: how much of what is needed can be met by what is offered. Keyed by round.',
);

const count = Type.Integer({ minimum: 0 });

export const roundSolvedV1 = {
  type: 'capacity-matching.RoundSolved.v1',
  topic: matchingRoundTopicV1.name,
  description:
    'A round has ended with proposals, which organisations have yet to accept, each as an allocation of its own.',
  schema: closedObject({
    roundId: uuid,
    weeks: Type.Array(
      closedObject({
        from: week,
        to: week,
        servedMinutes: Type.Array(count, { description: 'Of each week, by severity, the least severe first.' }),
        objective: count,
        bound: Type.Integer({ minimum: 0, description: 'More than this cannot be reached in each of these weeks.' }),
        isOptimal: Type.Boolean({
          description:
            'False where the time limit ended it. That it is the best, a bound that equals the objective proves.',
        }),
      }),
      { description: 'Runs of weeks in which all the same is wanted and free.' },
    ),
    proposals: count,
    unserved: Type.Integer({ minimum: 0, description: 'Needs that go without some of what they ask for.' }),
    milliseconds: count,
    solvedAt: utcTime,
  }),
} as const satisfies Contract;
