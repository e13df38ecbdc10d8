import { type EventOf, eventCatalogue, streamCategory } from '@alliance/event-sourcing';
import { type TProperties, Type } from '@sinclair/typebox';
import { assurerRoles, factKinds, recordTypes } from './freshness';

const closed = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });
const oneOf = <const Values extends readonly string[]>(values: Values) =>
  Type.Union(values.map((value) => Type.Literal(value as Values[number])));

const uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const moment = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' });

/** A fact: of which kind, of what sort of record (its id is the stream's), and whose. */
const fact = {
  recordType: oneOf(recordTypes),
  organisationId: uuid,
  kind: oneOf(factKinds),
};
/** The assurance that has aged, and the rule by which it has. */
const aged = { ...fact, assuredAt: moment, halfLifeDays: Type.Integer({ minimum: 1 }) };

/** One stream for each record of the registry whose facts age, named by its id. */
export const assuranceEvents = eventCatalogue(streamCategory('registry', 'assurance'), {
  /** The fact holds, as it is recorded, at that time. A standing one holds until somebody says otherwise. */
  FactAssured: {
    schema: closed({
      ...fact,
      assuredAt: moment,
      assuredBy: closed({ role: oneOf(assurerRoles), organisationId: Type.Optional(uuid) }),
      standing: Type.Boolean(),
    }),
  },
  /** `staleOn` is the first day on which it can be marked stale, by the rule of today. */
  ReminderFellDue: { schema: closed({ ...aged, remindedAt: moment, staleOn: day }) },
  FactMarkedStale: { schema: closed(aged) },
  /** Nobody is asked for it any more: its record is no longer kept up. */
  FactRetired: { schema: closed(fact) },
});

export type AssuranceEvent = EventOf<typeof assuranceEvents>;
export type Assurer = Extract<AssuranceEvent, { type: 'FactAssured' }>['data']['assuredBy'];
