import { type EventOf, eventCatalogue, streamCategory } from '@alliance/event-sourcing';
import { Type } from '@sinclair/typebox';
import { regionLevels } from '../region-key';

const key = Type.String({ pattern: '^\\d{8}$' });
const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

const region = Type.Object(
  {
    key,
    name: Type.String({ minLength: 1, maxLength: 120 }),
    levels: Type.Array(Type.Union(regionLevels.map((level) => Type.Literal(level))), {
      minItems: 1,
      uniqueItems: true,
    }),
    parentKey: Type.Optional(key),
    population: Type.Optional(Type.Integer({ minimum: 0 })),
    validFrom: day,
    validTo: Type.Optional(day),
    successorKeys: Type.Optional(Type.Array(key, { maxItems: 50 })),
  },
  { additionalProperties: false },
);

/** One stream for each region: what others are told of it, and its history. */
export const regionEvents = eventCatalogue(streamCategory('registry', 'region'), {
  RegionRecorded: { schema: region },
});

export const regionSources = ['gv100ad', 'csv', 'shipped'] as const;

/**
 * One stream for each import (not named `region-import`: its streams would begin like those of `region`). A file is too large for one append, so its regions are listed in pieces; they count from
 * `RegionImportAccepted` on, all of them at once, and without it not at all.
 */
export const regionImportEvents = eventCatalogue(streamCategory('registry', 'territory-import'), {
  RegionsListed: {
    schema: Type.Object(
      { regions: Type.Array(region, { minItems: 1, maxItems: 20_000 }) },
      { additionalProperties: false },
    ),
  },
  RegionImportAccepted: {
    schema: Type.Object(
      {
        source: Type.Union(regionSources.map((source) => Type.Literal(source))),
        regions: Type.Integer({ minimum: 1 }),
      },
      { additionalProperties: false },
    ),
  },
});

export type RegionEvent = EventOf<typeof regionEvents>;
export type RegionImportEvent = EventOf<typeof regionImportEvents>;
export type Region = RegionEvent['data'];
export type RegionSource = (typeof regionSources)[number];
