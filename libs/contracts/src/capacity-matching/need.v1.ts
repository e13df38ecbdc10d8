import { Type } from '@sinclair/typebox';
import { closedObject } from '../closed-object';
import type { Contract } from '../contract';
import { calendarDate, fieldKey, reasonCode, regionKey, utcTime, uuid } from '../field-types';
import { infiniteTopic } from '../topic';
import { languages, severity, skills, weeklyWindow } from './dimensions';

export const matchingNeedTopicV1 = infiniteTopic(
  'capacity-matching.need.v1',
  'What time of others helping organisations need. Keyed by need.',
);

const topic = matchingNeedTopicV1.name;

const facts = {
  mustSkills: skills,
  niceSkills: skills,
  languages,
  fieldKeys: Type.Array(fieldKey, { description: 'One of them is enough for an offer.' }),
  regionKey,
  isRemotePossible: Type.Boolean(),
  ...weeklyWindow,
  neededBy: Type.String({ ...calendarDate, description: 'By when help must have begun.' }),
  severity: { ...severity, description: 'As the organisation says. 3: somebody is harmed if nobody comes.' },
};

export const needOpenedV1 = {
  type: 'capacity-matching.NeedOpened.v1',
  topic,
  description: 'An organisation needs so much time of others.',
  schema: closedObject({
    needId: uuid,
    organisationId: Type.String({ ...uuid, description: 'The helping organisation.' }),
    ...facts,
    openedAt: utcTime,
  }),
} as const satisfies Contract;

export const needRevisedV1 = {
  type: 'capacity-matching.NeedRevised.v1',
  topic,
  description: 'The need says this from now on: whatever it said before is replaced.',
  schema: closedObject({ needId: uuid, ...facts, revisedAt: utcTime }),
} as const satisfies Contract;

export const needPrioritisedV1 = {
  type: 'capacity-matching.NeedPrioritised.v1',
  topic,
  description: 'A coordinator, who looks over all needs, gives it this severity.',
  schema: closedObject({ needId: uuid, severity, reasonCode, prioritisedAt: utcTime }),
} as const satisfies Contract;

export const needClosedV1 = {
  type: 'capacity-matching.NeedClosed.v1',
  topic,
  description: 'Nothing more is looked for: it is fulfilled, here or elsewhere, or nobody needs it any more.',
  schema: closedObject({ needId: uuid, reasonCode, closedAt: utcTime }),
} as const satisfies Contract;
