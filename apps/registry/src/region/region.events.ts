import { type EventOf, eventCatalogue, streamCategory } from '@alliance/event-sourcing';
import { Type } from '@sinclair/typebox';
import { regionLevels } from '../region-levels';

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
 * One stream for each import (not named `region-import`: its streams would begin like those of `region`). What it changes
 * is too large for one append, so its regions are listed in pieces; they count once the import is accepted.
 */
export const regionImportEvents = eventCatalogue(streamCategory('registry', 'territory-import'), {
  RegionsListed: {
    schema: Type.Object(
      { regions: Type.Array(region, { minItems: 1, maxItems: 20_000 }) },
      { additionalProperties: false },
    ),
  },
  /** How imports were accepted before they had an order; read from old logs, not written any more. */
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

const uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });

/**
 * One stream for all accepted imports, in their order. Each names the one it follows, so that its changes are those that
 * were shown, whoever else imports at the same time. Its regions appear all at once, and without it not at all.
 */
export const territoryEvents = eventCatalogue(streamCategory('registry', 'territory-version'), {
  TerritoryImported: {
    schema: Type.Object(
      {
        importId: uuid,
        follows: Type.Optional(uuid),
        source: Type.Union(regionSources.map((source) => Type.Literal(source))),
        regions: Type.Integer({ minimum: 1 }),
        /** Of an official file: the day of the territory. */
        statedOn: Type.Optional(day),
      },
      { additionalProperties: false },
    ),
  },
});
/** The id of that one stream. */
export const TERRITORY = 'germany';

export type RegionEvent = EventOf<typeof regionEvents>;
export type RegionImportEvent = EventOf<typeof regionImportEvents>;
export type TerritoryEvent = EventOf<typeof territoryEvents>;
export type TerritoryImport = TerritoryEvent['data'];
export type Region = RegionEvent['data'];
export type RegionSource = (typeof regionSources)[number];
