import { type EventOf, eventCatalogue, streamCategory } from '@alliance/event-sourcing';
import { type TProperties, type TSchema, Type } from '@sinclair/typebox';
import { identifierSchemes } from '../identifier';

const closed = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false });
const oneOf = <const Values extends readonly string[]>(values: Values) =>
  Type.Union(values.map((value) => Type.Literal(value as Values[number])));

const uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const slug = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 });
const regionKey = Type.String({ pattern: '^\\d{8}$' });
/** Pseudonymous; never a name or an address. */
const subject = Type.String({ minLength: 1, maxLength: 255 });
/** Free text about the organisation. It must not name persons: who writes it is told so, and keeps to it. */
const note = Type.String({ minLength: 1, maxLength: 1000 });

export const organisationKinds = ['civil-society', 'company', 'foundation', 'public-body'] as const;
export type OrganisationKind = (typeof organisationKinds)[number];

export const evidenceKinds = [
  'register-extract',
  'notice-of-exemption',
  'statutes',
  'public-register',
  'annual-report',
  'other-document',
] as const;

const identifier = closed({
  scheme: oneOf(identifierSchemes),
  court: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
  number: Type.String({ minLength: 1, maxLength: 40 }),
});

/** Where the proof can be found: a reference, never the file. */
export const evidence = closed({
  kind: oneOf(evidenceKinds),
  reference: Type.String({ minLength: 1, maxLength: 200 }),
  issuedOn: day,
});

/** Where the office of the organisation is; not the home of a person. */
const address = closed({
  street: Type.String({ minLength: 1, maxLength: 120, description: 'With the number of the house.' }),
  postcode: Type.String({ pattern: '^\\d{5}$' }),
  city: Type.String({ minLength: 1, maxLength: 80 }),
});
export const mostIdentifiers = 10;
export const mostFields = 50;

export const facts = closed({
  name: Type.String({ minLength: 1, maxLength: 200 }),
  kind: oneOf(organisationKinds),
  legalForm: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
  operatingSince: day,
  regionKey: Type.Optional(regionKey),
  identifiers: Type.Array(identifier, { maxItems: mostIdentifiers }),
  fieldKeys: Type.Array(slug, { maxItems: mostFields, uniqueItems: true }),
  website: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  address: Type.Optional(address),
  /** The organisation that it belongs to, such as the association of which it is a local branch. */
  parentOrganisationId: Type.Optional(uuid),
});

/** Events of before the facts could have an address. */
const withoutAddress = <Data>(data: Data): Data => data;
/** Events of before the facts could name a parent. */
export const withoutParent = <Data>(data: Data): Data => data;
/** Merges of before: there was nothing to take from the other record. */
const withParentOfSurvivor = <Data extends { readonly factsFrom: object }>(data: Data) => ({
  ...data,
  factsFrom: { ...data.factsFrom, parentOrganisationId: 'survivor' },
});

/** The two records of a merge. */
export const sides = ['survivor', 'absorbed'] as const;
const side = oneOf(sides);
const sideOrBoth = oneOf([...sides, 'both']);

/** Of which record each fact of the surviving one is taken. */
const factsFrom = closed({
  name: side,
  kind: side,
  legalForm: side,
  operatingSince: side,
  regionKey: side,
  identifiers: sideOrBoth,
  fieldKeys: sideOrBoth,
  website: side,
  address: side,
  parentOrganisationId: side,
} satisfies Record<keyof typeof facts.properties, TSchema>);

/** The stages from which an organisation can be merged, and to which it is brought back. */
export const mergeableStages = ['applied', 'information-requested', 'verified', 'admitted'] as const;

const attempt = Type.Integer({ minimum: 1 });
const refusal = { code: Type.String({ minLength: 1, maxLength: 60 }), detail: note };

export const organisationEvents = eventCatalogue(streamCategory('registry', 'organisation'), {
  MembershipAppliedFor: {
    schema: closed({
      organisationId: uuid,
      facts,
      sustainablySetUp: Type.Optional(evidence),
      /** The rule that the application was judged by. */
      minimumOperatingMonths: Type.Integer({ minimum: 0 }),
      appliedBy: subject,
    }),
    upcasters: [withoutAddress, withoutParent],
  },
  InformationRequested: { schema: closed({ question: note }) },
  InformationProvided: {
    schema: closed({ answer: note, identifiers: Type.Optional(Type.Array(identifier, { maxItems: mostIdentifiers })) }),
  },
  OrganisationVerified: {
    schema: closed({
      checks: Type.Array(closed({ checked: slug, evidence }), { minItems: 1, maxItems: 20 }),
      verifiedBy: subject,
    }),
  },
  /** From here on its registrations are claimed; no one sees it as admitted yet. */
  AdmissionDecided: {
    schema: closed({ attempt: Type.Integer({ minimum: 1 }), decidedBy: subject }),
  },
  AdmissionBlocked: {
    schema: closed({ attempt: Type.Integer({ minimum: 1 }), identifier, heldBy: uuid }),
  },
  /** Carries the facts as they were on that day, since it is what others are told. */
  OrganisationAdmitted: {
    schema: closed({ attempt: Type.Integer({ minimum: 1 }), organisationId: uuid, facts }),
    upcasters: [withoutAddress, withoutParent],
  },
  MembershipRefused: { schema: closed({ reasonCode: slug, note: Type.Optional(note) }) },
  OrganisationSuspended: { schema: closed({ reasonCode: slug, note: Type.Optional(note) }) },
  OrganisationReinstated: { schema: closed({ note: Type.Optional(note) }) },
  OrganisationLeft: { schema: closed({ reasonCode: Type.Optional(slug) }) },

  // Of the organisation that is merged into another one:
  /** From here on nothing else can happen to it until the surviving one has spoken. */
  MergeDecided: {
    schema: closed({
      attempt,
      intoOrganisationId: uuid,
      factsFrom,
      reasonCode: slug,
      note: Type.Optional(note),
      decidedBy: subject,
    }),
    upcasters: [withParentOfSurvivor],
  },
  MergeBlocked: { schema: closed({ attempt, intoOrganisationId: uuid, ...refusal }) },
  OrganisationMerged: { schema: closed({ attempt, intoOrganisationId: uuid, fromStage: oneOf(mergeableStages) }) },
  MergeUndone: { schema: closed({ attempt, fromOrganisationId: uuid, toStage: oneOf(mergeableStages) }) },

  // Of the surviving one, whose stream alone says how a merge ended:
  /** Carries the facts of the other as they are left behind, and those of the surviving record from now on. */
  OrganisationAbsorbed: {
    schema: closed({ organisationId: uuid, attempt, absorbedFacts: facts, factsFrom, facts }),
    upcasters: [withParentOfSurvivor],
  },
  AbsorptionDeclined: { schema: closed({ organisationId: uuid, attempt, ...refusal }) },
  /** Carries the facts of the surviving record without those of the other. */
  AbsorptionUndone: {
    schema: closed({
      organisationId: uuid,
      attempt,
      facts,
      reasonCode: slug,
      note: Type.Optional(note),
      undoneBy: subject,
    }),
    upcasters: [withoutParent],
  },
});

export type OrganisationEvent = EventOf<typeof organisationEvents>;
type DataOf<EventType extends OrganisationEvent['type']> = Extract<OrganisationEvent, { type: EventType }>['data'];
export type Evidence = NonNullable<DataOf<'MembershipAppliedFor'>['sustainablySetUp']>;
export type VerificationCheck = DataOf<'OrganisationVerified'>['checks'][number];
export type OrganisationFacts = DataOf<'MembershipAppliedFor'>['facts'];
export type Address = NonNullable<OrganisationFacts['address']>;
export type FactsFrom = DataOf<'MergeDecided'>['factsFrom'];
export const factNames = Object.keys(facts.properties) as readonly (keyof OrganisationFacts)[];
