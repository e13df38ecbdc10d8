import { type EventOf, eventCatalogue, streamCategory } from '@alliance/event-sourcing';
import { type TProperties, Type } from '@sinclair/typebox';
import { evidence } from '../organisation/organisation.events';

const closed = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });

const uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const utcTime = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$' });
const slug = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 });
const regionKey = Type.String({ pattern: '^\\d{8}$' });
const name = Type.String({ minLength: 1, maxLength: 200 });
/** Pseudonymous; never a name or an address. */
const subject = Type.String({ minLength: 1, maxLength: 255 });
/** Free text about structures. It must not name persons: who writes it is told so, and keeps to it. */
const reason = Type.String({ minLength: 1, maxLength: 1000 });
/** 0 (nothing in common) to 1 (the same). */
const score = Type.Number({ minimum: 0, maximum: 1 });

const facts = closed({
  name,
  fieldKeys: Type.Array(slug, { minItems: 1, maxItems: 50, uniqueItems: true }),
  /** All of Germany is the sixteen Länder. */
  regionKeys: Type.Array(regionKey, { minItems: 1, maxItems: 500, uniqueItems: true }),
  /** An open vocabulary; `everyone` is whoever comes. */
  targetGroups: Type.Array(slug, { minItems: 1, maxItems: 20, uniqueItems: true }),
  /** What is done for them, an open vocabulary: `legal-advice`. */
  service: slug,
  operatingSince: day,
});

const capacity = closed({
  quantity: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
  /** What is counted: `places`, `consultations-a-week`. */
  unit: slug,
  /** When it was last said to be so. */
  assuredAt: utcTime,
});

/** What the gate against double structures saw and by which settings it judged: why somebody was let through. */
const gate = closed({
  demands: Type.Union([Type.Literal('nothing'), Type.Literal('reason'), Type.Literal('consent')]),
  reasonFrom: score,
  consentFrom: score,
  /** What overlaps so much that it counts, most first, and not more than can be read. */
  overlaps: Type.Array(
    closed({
      structureId: uuid,
      name,
      organisationId: uuid,
      organisationName: Type.Optional(name),
      score,
      terms: closed({ field: score, region: score, targetGroup: score, service: score }),
    }),
    { maxItems: 20 },
  ),
});

const structure = {
  structureId: uuid,
  organisationId: uuid,
  facts,
  capacity: Type.Optional(capacity),
  sustainablySetUp: Type.Optional(evidence),
  /** The rule that `operatingSince` was judged by. */
  minimumOperatingMonths: Type.Integer({ minimum: 0 }),
  gate,
  /** Why it is no double structure, although others overlap. */
  reason: Type.Optional(reason),
  recordedBy: subject,
};

const revision = {
  facts,
  sustainablySetUp: Type.Optional(evidence),
  minimumOperatingMonths: Type.Integer({ minimum: 0 }),
  gate,
  reason: Type.Optional(reason),
  revisedBy: subject,
};

/** One stream for each structure (existing offer, project or service) of an organisation. */
export const structureEvents = eventCatalogue(streamCategory('registry', 'structure'), {
  /** Overlaps with others so much that it waits for the consent of a second person; nobody else is told of it. */
  StructureProposed: { schema: closed(structure) },
  /** Carries all facts, also when they were proposed before, since it is what others are told. */
  StructureRecorded: { schema: closed({ ...structure, consentedBy: Type.Optional(subject) }) },
  StructureConfirmed: {
    schema: closed({
      confirmedBy: subject,
      gate,
      /** Why it was confirmed, although others overlap that were not seen when it was recorded. */
      reason: Type.Optional(reason),
    }),
  },
  /** As with a structure that is proposed: the facts stay as they were until a second person consents. */
  RevisionProposed: { schema: closed(revision) },
  /** Ends the confirmation, which was of other facts. */
  StructureRevised: { schema: closed({ ...revision, consentedBy: Type.Optional(subject) }) },
  /** Of a structure or of a revision, whichever waited for consent. */
  ProposalWithdrawn: { schema: closed({ reasonCode: slug }) },
  CapacityAssured: { schema: closed({ capacity }) },
  StructureEnded: { schema: closed({ reasonCode: slug }) },
});

export type StructureEvent = EventOf<typeof structureEvents>;
export type DataOf<EventType extends StructureEvent['type']> = Extract<StructureEvent, { type: EventType }>['data'];
export type StructureFacts = DataOf<'StructureRecorded'>['facts'];
export type Capacity = DataOf<'CapacityAssured'>['capacity'];
export type GateFinding = DataOf<'StructureRecorded'>['gate'];
