import { isDayUpTo } from '@alliance/calendar';
import { type Aggregate, type Command, type CommandContext, refuse, type Refusal } from '@alliance/event-sourcing';
import { type Identifier, isIdentifierFault, normaliseIdentifier } from '../identifier';
import { evidenceMisdated, operatingFault } from '../operating-rule';
import { decideMerge, type MergeCommand } from './merge.decider';
import {
  type Evidence,
  type OrganisationEvent,
  organisationEvents,
  type OrganisationFacts,
  type OrganisationKind,
  type VerificationCheck,
} from './organisation.events';
import {
  decidedByApplicant,
  evolve,
  type Known,
  type OrganisationState,
  registrationsOf,
  wrongStage,
} from './organisation-state';

/** What an applicant says; `private-person` can be said, so that it can be refused by name. */
export interface Application {
  readonly facts: Omit<OrganisationFacts, 'kind'> & { readonly kind: OrganisationKind | 'private-person' };
  readonly sustainablySetUp?: Evidence;
}

export type OrganisationCommand =
  | Command<
      'ApplyForMembership',
      Application & { readonly organisationId: string; readonly minimumOperatingMonths: number }
    >
  | Command<'RequestInformation', { readonly question: string }>
  | Command<'ProvideInformation', { readonly answer: string; readonly identifiers?: readonly Identifier[] }>
  | Command<'VerifyOrganisation', { readonly checks: readonly VerificationCheck[] }>
  | Command<'DecideAdmission', Record<string, never>>
  | Command<'BlockAdmission', { readonly attempt: number; readonly identifier: Identifier; readonly heldBy: string }>
  | Command<'CompleteAdmission', { readonly attempt: number }>
  | Command<'RefuseMembership', { readonly reasonCode: string; readonly note?: string }>
  | Command<'SuspendOrganisation', { readonly reasonCode: string; readonly note?: string }>
  | Command<'ReinstateOrganisation', { readonly note?: string }>
  | Command<'LeaveAlliance', { readonly reasonCode?: string }>
  | MergeCommand;

export const organisation: Aggregate<OrganisationCommand, OrganisationState, OrganisationEvent> = {
  catalogue: organisationEvents,
  decider: { initialState: { stage: 'none' }, decide, evolve },
};

function decide(command: OrganisationCommand, state: OrganisationState): readonly OrganisationEvent[] | Refusal {
  if (command.type === 'ApplyForMembership') {
    if (state.stage !== 'none') {
      return refuse('conflict', 'ORGANISATION_ALREADY_APPLIED', 'The organisation has applied before.');
    }
    return apply(command.data, command.context);
  }
  if (state.stage === 'none') return refuse('not-found', 'ORGANISATION_UNKNOWN', 'There is no such organisation.');
  const { actor } = command.context;

  switch (command.type) {
    case 'RequestInformation':
      if (state.stage !== 'applied' && state.stage !== 'verified') return wrongStage(state, 'applied', 'verified');
      return [{ type: 'InformationRequested', data: command.data }];

    case 'ProvideInformation': {
      if (!actsFor(command.context, state)) return notYours();
      if (state.stage !== 'information-requested') return wrongStage(state, 'information-requested');
      const { answer, identifiers } = command.data;
      if (identifiers === undefined) return [{ type: 'InformationProvided', data: { answer } }];
      const normalised = normalise(identifiers, state.facts.kind);
      if ('refused' in normalised) return normalised;
      return [{ type: 'InformationProvided', data: { answer, identifiers: normalised.identifiers } }];
    }

    case 'VerifyOrganisation': {
      if (state.stage !== 'applied') return wrongStage(state, 'applied');
      if (actor.subject === state.appliedBy) return decidedByApplicant();
      const checks = [...command.data.checks];
      const misdated = checks.find(({ evidence }) => !isDayUpTo(evidence.issuedOn, command.context.at));
      if (misdated !== undefined) return evidenceMisdated('ORGANISATION', misdated.evidence);
      return [{ type: 'OrganisationVerified', data: { checks, verifiedBy: actor.subject } }];
    }

    case 'DecideAdmission':
      if (state.stage === 'admitting' || state.stage === 'admitted') return [];
      if (state.stage !== 'verified') return wrongStage(state, 'verified');
      if (actor.subject === state.appliedBy) return decidedByApplicant();
      return [{ type: 'AdmissionDecided', data: { attempt: state.attempts + 1, decidedBy: actor.subject } }];

    case 'BlockAdmission':
    case 'CompleteAdmission': {
      const { attempt } = command.data;
      // The stream of the organisation is the one place where an attempt ends: who comes second changes nothing.
      if (state.stage !== 'admitting' || attempt !== state.attempts) return [];
      return command.type === 'BlockAdmission'
        ? [{ type: 'AdmissionBlocked', data: command.data }]
        : [
            {
              type: 'OrganisationAdmitted',
              data: { attempt, organisationId: state.organisationId, facts: state.facts },
            },
          ];
    }

    case 'RefuseMembership':
      if (state.stage === 'refused') return [];
      if (state.stage !== 'applied' && state.stage !== 'information-requested' && state.stage !== 'verified') {
        return wrongStage(state, 'applied', 'information-requested', 'verified');
      }
      if (actor.subject === state.appliedBy) return decidedByApplicant();
      return [{ type: 'MembershipRefused', data: command.data }];

    case 'SuspendOrganisation':
      if (state.stage === 'suspended') return [];
      if (state.stage !== 'admitted') return wrongStage(state, 'admitted');
      return [{ type: 'OrganisationSuspended', data: command.data }];

    case 'ReinstateOrganisation':
      if (state.stage === 'admitted') return [];
      if (state.stage !== 'suspended') return wrongStage(state, 'suspended');
      return [{ type: 'OrganisationReinstated', data: command.data }];

    case 'LeaveAlliance':
      if (!actsFor(command.context, state)) return notYours();
      if (state.stage === 'left') return [];
      if (state.stage !== 'admitted' && state.stage !== 'suspended') return wrongStage(state, 'admitted', 'suspended');
      return [{ type: 'OrganisationLeft', data: command.data }];

    case 'MergeIntoOrganisation':
    case 'CompleteMerge':
    case 'BlockMerge':
    case 'RestoreOrganisation':
    case 'AbsorbOrganisation':
    case 'UndoMerge':
      return decideMerge(command, state);

    default:
      return command satisfies never;
  }
}

type ApplyData = Extract<OrganisationCommand, { type: 'ApplyForMembership' }>['data'];

const PERSONAL_LEGAL_FORM = /^(privatperson|private[ -]person|natürliche person|natural person)$/i;

function apply(data: ApplyData, context: CommandContext): readonly OrganisationEvent[] | Refusal {
  const { facts, sustainablySetUp, minimumOperatingMonths } = data;
  const { kind, operatingSince } = facts;
  if (kind === 'private-person' || PERSONAL_LEGAL_FORM.test(facts.legalForm?.trim() ?? '')) {
    return refuse(
      'unprocessable',
      'ORGANISATION_PRIVATE_PERSON',
      'The alliance binds organisations, companies, foundations and public bodies; a private person cannot join it.',
    );
  }
  if (facts.parentOrganisationId === data.organisationId) {
    const detail = 'An organisation belongs to another one, not to itself; leave out parentOrganisationId.';
    return refuse('unprocessable', 'ORGANISATION_PARENT_ITSELF', detail, { field: 'parentOrganisationId' });
  }
  const normalised = normalise(facts.identifiers, kind);
  if ('refused' in normalised) return normalised;
  const fault = operatingFault(
    'ORGANISATION',
    { operatingSince, sustainablySetUp, minimumOperatingMonths },
    context.at,
  );
  if (fault !== undefined) return fault;
  const applied = { ...facts, kind, fieldKeys: [...new Set(facts.fieldKeys)], identifiers: normalised.identifiers };
  return [{ type: 'MembershipAppliedFor', data: { ...data, facts: applied, appliedBy: context.actor.subject } }];
}

/** The identifiers in their one spelling and each once, or a refusal that lists every fault. */
function normalise(
  given: readonly Identifier[],
  kind: OrganisationKind,
): { readonly identifiers: Identifier[] } | Refusal {
  const results = given.map((identifier) =>
    identifier.scheme === 'ags' && kind !== 'public-body'
      ? { reason: 'only a public body is identified by the AGS of its territory' }
      : normaliseIdentifier(identifier),
  );
  const faults = results.flatMap((result, index) => (isIdentifierFault(result) ? [{ index, ...result }] : []));
  if (faults.length > 0) {
    return refuse(
      'unprocessable',
      'ORGANISATION_IDENTIFIER_INVALID',
      faults.map(({ index, reason }) => `Identifier ${index + 1}: ${reason}.`).join(' '),
      { faults },
    );
  }
  const identifiers = results.filter((result): result is Identifier => !isIdentifierFault(result));
  return { identifiers: [...registrationsOf(identifiers).values()] };
}

/** Coordinators act for any organisation; everyone else for the one they represent or have applied for. */
function actsFor({ actor }: CommandContext, state: Known): boolean {
  return (
    actor.roles.includes('coordinator') ||
    actor.organisationId === state.organisationId ||
    actor.subject === state.appliedBy
  );
}

function notYours(): Refusal {
  return refuse('forbidden', 'ORGANISATION_NOT_YOURS', 'A representative acts for their own organisation only.');
}
