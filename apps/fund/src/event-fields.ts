import { type TProperties, Type } from '@sinclair/typebox';

/** What the events of the fund are made of. */

export const closed = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });
export const oneOf = <const Values extends readonly string[]>(values: Values) =>
  Type.Union(values.map((value) => Type.Literal(value as Values[number])));

export const uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
export const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
export const utcTime = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$' });
export const slug = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 });
const regionKey = Type.String({ pattern: '^\\d{8}$' });
/** Pseudonymous; never a name or an address. */
export const subject = Type.String({ minLength: 1, maxLength: 255 });
export const name = Type.String({ minLength: 1, maxLength: 200 });
/** Free text. It must not name persons: who writes it is told so, and keeps to it. */
export const reason = Type.String({ minLength: 1, maxLength: 1000 });
/** Where a document can be found, never the document; it must not name persons. */
export const reference = Type.String({ minLength: 1, maxLength: 500 });
/** Of amount and terms, from 1. */
export const version = Type.Integer({ minimum: 1 });

/** Where something applies: fields of action and regions. */
export const scope = {
  fieldKeys: Type.Array(slug, { minItems: 1, maxItems: 50, uniqueItems: true }),
  /** All of Germany is the sixteen Länder. */
  regionKeys: Type.Array(regionKey, { minItems: 1, maxItems: 500, uniqueItems: true }),
};

/**
 * Who approved or reviewed: whom the person is employed by (of the token and of the call's panel), and which
 * organisations had an interest of their own in the grant at that moment.
 */
export const independence = {
  organisationIds: Type.Array(uuid, { maxItems: 20, uniqueItems: true }),
  interestedOrganisationIds: Type.Array(uuid, { maxItems: 10_000, uniqueItems: true }),
};
