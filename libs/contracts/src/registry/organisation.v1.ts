import { Type } from '@sinclair/typebox';
import { closedObject } from '../closed-object';
import type { Contract } from '../contract';
import { fieldKey, reasonCode, regionKey, utcTime, uuid } from '../field-types';
import { infiniteTopic } from '../topic';

export const registryOrganisationTopicV1 = infiniteTopic(
  'registry.organisation.v1',
  'Who belongs to the alliance: admission, suspension, reinstatement, merging, leaving. Keyed by organisation.',
);

const topic = registryOrganisationTopicV1.name;

const identifier = closedObject({
  scheme: Type.Union([
    Type.Literal('vereinsregister'),
    Type.Literal('handelsregister'),
    Type.Literal('wirtschafts-id'),
    Type.Literal('stiftungsregister'),
    Type.Literal('lei'),
    Type.Literal('ags'),
  ]),
  court: Type.Optional(
    Type.String({ minLength: 1, description: 'The register court, without which a register number is not unique.' }),
  ),
  number: Type.String({ minLength: 1 }),
});

/** What the alliance is told of an organisation. */
const facts = {
  name: Type.String({ minLength: 1 }),
  kind: Type.Union([
    Type.Literal('civil-society'),
    Type.Literal('company'),
    Type.Literal('foundation'),
    Type.Literal('public-body'),
  ]),
  legalForm: Type.Optional(Type.String({ minLength: 1, description: 'As registered: "e.V.", "gGmbH".' })),
  regionKey: Type.Optional(regionKey),
  identifiers: Type.Array(identifier, { description: 'What the organisation is registered as; may be empty.' }),
  fieldKeys: Type.Array(fieldKey, { description: 'The fields of action it works in.' }),
  parentOrganisationId: Type.Optional(
    Type.String({
      ...uuid,
      description:
        'The organisation that it belongs to, such as the association of which it is a local branch. That one may have been merged into another since, and need not have been admitted.',
    }),
  ),
};

export const organisationAdmittedV1 = {
  type: 'registry.OrganisationAdmitted.v1',
  topic,
  description: 'The organisation has been verified and belongs to the alliance from now on.',
  schema: closedObject({ organisationId: uuid, ...facts, admittedAt: utcTime }),
} as const satisfies Contract;

export const organisationRevisedV1 = {
  type: 'registry.OrganisationRevised.v1',
  topic,
  description: 'These facts of the organisation hold from now on, in place of all that was told before.',
  schema: closedObject({ organisationId: uuid, ...facts, revisedAt: utcTime }),
} as const satisfies Contract;

export const organisationSuspendedV1 = {
  type: 'registry.OrganisationSuspended.v1',
  topic,
  description: 'The organisation may not take part until it is reinstated: payments, holds and memberships freeze.',
  schema: closedObject({
    organisationId: uuid,
    reasonCode,
    suspendedAt: utcTime,
  }),
} as const satisfies Contract;

export const organisationReinstatedV1 = {
  type: 'registry.OrganisationReinstated.v1',
  topic,
  description: 'The suspension has ended; the organisation takes part again as before.',
  schema: closedObject({
    organisationId: uuid,
    reinstatedAt: utcTime,
  }),
} as const satisfies Contract;

export const organisationLeftV1 = {
  type: 'registry.OrganisationLeft.v1',
  topic,
  description: 'The organisation no longer belongs to the alliance.',
  schema: closedObject({
    organisationId: uuid,
    leftAt: utcTime,
  }),
} as const satisfies Contract;

export const organisationMergedV1 = {
  type: 'registry.OrganisationMerged.v1',
  topic,
  description:
    'Both records mean one organisation. What refers to this one counts for the other from now on, which may itself be merged into a third; the surviving facts come under its own key.',
  schema: closedObject({
    organisationId: uuid,
    intoOrganisationId: Type.String({ ...uuid, description: 'The surviving one.' }),
    mergedAt: utcTime,
  }),
} as const satisfies Contract;

export const organisationMergeUndoneV1 = {
  type: 'registry.OrganisationMergeUndone.v1',
  topic,
  description: 'The merge was a mistake: the organisation is a member of its own again, with its facts as they were.',
  schema: closedObject({
    organisationId: uuid,
    fromOrganisationId: Type.String({ ...uuid, description: 'The one that it had been merged into.' }),
    undoneAt: utcTime,
  }),
} as const satisfies Contract;
