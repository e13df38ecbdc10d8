import { type EventOf, eventCatalogue, streamCategory } from '@alliance/event-sourcing';
import { type TProperties, Type } from '@sinclair/typebox';

const closed = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });

const uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const slug = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 });

/** Of a document in a file: too narrow for a name as people write it, and for any address. */
export const EVIDENCE_REFERENCE = '^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$';

/** Why somebody may decide to erase a contact. */
export const requestedErasureReasons = ['requested', 'purpose-ended', 'recorded-in-error'] as const;
export type RequestedErasureReason = (typeof requestedErasureReasons)[number];
export const erasureReasons = [...requestedErasureReasons, 'consent-withdrawn', 'organisation-gone'] as const;
export type ErasureReason = (typeof erasureReasons)[number];
const erasureReason = Type.Union(erasureReasons.map((reason) => Type.Literal(reason)));

/** For how many days the contacts of an organisation that is gone were kept, counted from when. */
const retention = closed({
  countedFrom: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' }),
  days: Type.Integer({ minimum: 0 }),
});

/** What allows the data to be held, and until when nobody has to ask whether they still are needed. */
const holding = {
  /** Words of the setting `CONTACT_PURPOSES`; data are read for one of these only. */
  purposes: Type.Array(slug, { minItems: 1, maxItems: 10, uniqueItems: true }),
  consent: closed({ givenOn: day, evidence: Type.String({ pattern: EVIDENCE_REFERENCE }) }),
  reviewOn: day,
};

/** How much of it was erased in a table of the service. */
const erasedRows = closed({
  table: Type.String({ pattern: '^[a-z]+(_[a-z]+)*$' }),
  rows: Type.Integer({ minimum: 0 }),
});

/**
 * A contact person of an organisation, without the person: name, e-mail address and phone number lie in the vault,
 * under the id of the contact.
 */
export const contactEvents = eventCatalogue(streamCategory('registry', 'contact'), {
  ContactRecorded: { schema: closed({ contactId: uuid, organisationId: uuid, ...holding }) },
  /** What is held may have changed with it, or its grounds only: the event does not say, the vault has the newest. */
  ContactRevised: { schema: closed(holding) },
  /** Recorded before anything is given out. By whom: the actor in the metadata. */
  PersonalDataRead: { schema: closed({ organisationId: uuid, purpose: slug }) },
  /** Ends what the data were held by: their erasure follows. */
  ConsentWithdrawn: { schema: closed({}) },
  /** From here on nothing is given out any more. With the retention by which the clock decided, where nobody did. */
  ErasureDecided: { schema: closed({ reason: erasureReason, retention: Type.Optional(retention) }) },
  /** The vault holds nothing any more, and will not again. */
  ContactErased: { schema: closed({ reason: erasureReason, erased: Type.Array(erasedRows, { minItems: 1 }) }) },
});

export type ContactEvent = EventOf<typeof contactEvents>;
type DataOf<EventType extends ContactEvent['type']> = Extract<ContactEvent, { type: EventType }>['data'];
export type Consent = DataOf<'ContactRevised'>['consent'];
export type Retention = NonNullable<DataOf<'ErasureDecided'>['retention']>;
export type ErasedRows = DataOf<'ContactErased'>['erased'][number];
