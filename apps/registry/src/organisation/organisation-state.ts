import { type Refusal, refuse } from '@alliance/event-sourcing';
import { type Identifier, registrationKey } from '../identifier';
import type { OrganisationEvent, OrganisationFacts } from './organisation.events';

/** What is known of every organisation that has applied; `attempts` counts the admissions decided for it. */
export interface Known {
  readonly organisationId: string;
  readonly appliedBy: string;
  readonly facts: OrganisationFacts;
  readonly attempts: number;
}

export type OrganisationState =
  | { readonly stage: 'none' }
  | (Known & { readonly stage: 'applied' })
  | (Known & { readonly stage: 'information-requested' })
  | (Known & { readonly stage: 'verified'; readonly blocked?: { identifier: Identifier; heldBy: string } })
  | (Known & { readonly stage: 'admitting' })
  | (Known & { readonly stage: 'admitted' })
  | (Known & { readonly stage: 'suspended' })
  | (Known & { readonly stage: 'refused' })
  | (Known & { readonly stage: 'left' });

export type OrganisationStage = OrganisationState['stage'];

/** The registrations that the organisation, in its present stage, is to hold: while it is being admitted and as a member. */
export function registrationsToHold(state: OrganisationState): ReadonlyMap<string, Identifier> {
  const holds = state.stage === 'admitting' || state.stage === 'admitted' || state.stage === 'suspended';
  return holds ? registrationsOf(state.facts.identifiers) : new Map();
}

/** In one order for all, so that of several organisations with common identifiers one always gets through. */
export function registrationsOf(identifiers: readonly Identifier[]): ReadonlyMap<string, Identifier> {
  const entries = identifiers.map((identifier) => [registrationKey(identifier), identifier] as const);
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The organisation after the event. */
export function evolve(state: OrganisationState, event: OrganisationEvent): OrganisationState {
  if (event.type === 'MembershipAppliedFor') {
    const { organisationId, appliedBy, facts } = event.data;
    return { stage: 'applied', organisationId, appliedBy, facts, attempts: 0 };
  }
  if (state.stage === 'none') throw new Error(`${event.type} before MembershipAppliedFor.`);
  const { organisationId, appliedBy, facts, attempts } = state;
  const known: Known = { organisationId, appliedBy, facts, attempts };
  switch (event.type) {
    case 'InformationRequested':
      return { ...known, stage: 'information-requested' };
    case 'InformationProvided':
      return {
        ...known,
        facts: { ...facts, identifiers: event.data.identifiers ?? facts.identifiers },
        stage: 'applied',
      };
    case 'OrganisationVerified':
      return { ...known, stage: 'verified' };
    case 'AdmissionDecided':
      return { ...known, attempts: event.data.attempt, stage: 'admitting' };
    case 'AdmissionBlocked':
      return { ...known, stage: 'verified', blocked: { identifier: event.data.identifier, heldBy: event.data.heldBy } };
    case 'OrganisationAdmitted':
    case 'OrganisationReinstated':
      return { ...known, stage: 'admitted' };
    case 'MembershipRefused':
      return { ...known, stage: 'refused' };
    case 'OrganisationSuspended':
      return { ...known, stage: 'suspended' };
    case 'OrganisationLeft':
      return { ...known, stage: 'left' };
    default:
      return event satisfies never;
  }
}

/** The refusal of a command that another stage would allow. */
export function wrongStage(state: OrganisationState, ...needed: readonly OrganisationStage[]): Refusal {
  return refuse(
    'conflict',
    'ORGANISATION_WRONG_STAGE',
    `The organisation would have to be ${needed.join(' or ')}; it is ${state.stage}.`,
    { stage: state.stage, needed },
  );
}
