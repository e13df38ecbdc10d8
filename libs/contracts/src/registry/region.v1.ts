import { Type } from '@sinclair/typebox';
import { closedObject } from '../closed-object';
import type { Contract } from '../contract';
import { calendarDate, regionKey } from '../field-types';
import { infiniteTopic } from '../topic';

export const registryRegionTopicV1 = infiniteTopic(
  'registry.region.v1',
  'The regions of Germany as the registry knows them. Keyed by region.',
);

export const regionRecordedV1 = {
  type: 'registry.RegionRecorded.v1',
  topic: registryRegionTopicV1.name,
  description: 'A region was recorded or its facts changed; the newest of a key replaces what was known of it.',
  schema: closedObject({
    key: regionKey,
    name: Type.String({ minLength: 1 }),
    levels: Type.Array(
      Type.Union([
        Type.Literal('land'),
        Type.Literal('regierungsbezirk'),
        Type.Literal('kreis'),
        Type.Literal('gemeinde'),
      ]),
      {
        minItems: 1,
        uniqueItems: true,
        description: 'A set: Berlin is Land, Kreis and Gemeinde at once. Not to be inferred from the key.',
      },
    ),
    parentKey: Type.Optional(regionKey),
    population: Type.Optional(Type.Integer({ minimum: 0 })),
    validFrom: calendarDate,
    validTo: Type.Optional(calendarDate),
    successorKeys: Type.Optional(Type.Array(regionKey, { description: 'The regions that its territory went to.' })),
  }),
} as const satisfies Contract;
