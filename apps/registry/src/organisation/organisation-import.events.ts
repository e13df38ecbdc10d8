import { type EventOf, eventCatalogue, streamCategory } from '@alliance/event-sourcing';
import { type TProperties, Type } from '@sinclair/typebox';
import { facts, withoutParent } from './organisation.events';

const closed = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });

const uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
const line = Type.Integer({ minimum: 1 });
const detail = Type.String({ minLength: 1, maxLength: 1000 });

/** What was judged of a row. Only who is accepted is named: what was refused may be a person. */
const row = Type.Union([
  closed({ line, verdict: Type.Literal('accepted'), organisationId: uuid, facts }),
  closed({
    line,
    verdict: Type.Literal('duplicate'),
    detail,
    /** The organisation that has the same identifier, unless that is an earlier row's. */
    organisationId: Type.Optional(uuid),
  }),
  closed({ line, verdict: Type.Literal('refused'), code: Type.String({ minLength: 1, maxLength: 100 }), detail }),
]);

/**
 * One stream for each list of organisations (not named `organisation-import`: its streams would begin like those of
 * `organisation`). Its rows come in pieces, for one append is too small; they count from `OrganisationImportAccepted` on,
 * all of them, and without it not at all.
 */
export const organisationImportEvents = eventCatalogue(streamCategory('registry', 'membership-import'), {
  RowsListed: {
    schema: closed({ rows: Type.Array(row, { minItems: 1, maxItems: 20_000 }) }),
    upcasters: [withoutParent],
  },
  OrganisationImportAccepted: {
    schema: closed({
      rows: Type.Integer({ minimum: 1 }),
      accepted: Type.Integer({ minimum: 0 }),
      /** The rule that the rows were judged by. */
      minimumOperatingMonths: Type.Integer({ minimum: 0 }),
    }),
  },
});

export type OrganisationImportEvent = EventOf<typeof organisationImportEvents>;
export type JudgedRow = Extract<OrganisationImportEvent, { type: 'RowsListed' }>['data']['rows'][number];
