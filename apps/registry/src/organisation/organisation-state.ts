import { type Refusal, refuse } from '@alliance/event-sourcing';
import { type Identifier, registrationKey } from '../identifier';
import { type FactsFrom, mergeableStages, type OrganisationEvent, type OrganisationFacts } from './organisation.events';

/** What is known of every organisation that has applied. */
export interface Known {
  readonly organisationId: string;
  readonly appliedBy: string;
  /** As it has stated them itself. */
  readonly ownFacts: OrganisationFacts;
  /** As they count: its own, and over them what was taken from those that it has absorbed. */
  readonly facts: OrganisationFacts;
  /** Those that are merged into it, in the order of the merges. */
  readonly absorbed: readonly Absorbed[];
  /** Counts the admissions and the merges decided for it. */
  readonly attempts: number;
  readonly lastMerge?: { readonly into: string; readonly blocked?: { readonly code: string; readonly detail: string } };
}

/** An organisation that was merged into this one in its nth attempt, with its facts as they were. */
export interface Absorbed {
  readonly organisationId: string;
  readonly attempt: number;
  readonly facts: OrganisationFacts;
  readonly factsFrom: FactsFrom;
}

/** A merge from the side of the organisation that goes; `before` is what an undo brings back. */
export interface Merge {
  readonly into: string;
  readonly factsFrom: FactsFrom;
  readonly before: Mergeable;
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
  | (Known & { readonly stage: 'left' })
  | (Known & { readonly stage: 'merging'; readonly merge: Merge })
  | (Known & { readonly stage: 'merged'; readonly merge: Merge });

export type OrganisationStage = OrganisationState['stage'];
export type Mergeable = Extract<OrganisationState, { stage: (typeof mergeableStages)[number] }>;

export function isMergeable(state: OrganisationState): state is Mergeable {
  return mergeableStages.some((stage) => stage === state.stage);
}

/**
 * The registrations that the organisation, in its present stage, is to hold: those of its own identifiers, while it is
 * being admitted and as a member. One that is merged goes on holding what it held, for as long as the surviving one is
 * in the alliance, so that an undo finds it; an applicant holds what the surviving record takes from it.
 */
export function registrationsToHold(state: OrganisationState): ReadonlyMap<string, Identifier> {
  return isHolder(state) ? registrationsOf(state.ownFacts.identifiers) : new Map();
}

function isHolder(state: OrganisationState): state is Exclude<OrganisationState, { stage: 'none' }> {
  switch (state.stage) {
    case 'admitting':
    case 'admitted':
    case 'suspended':
      return true;
    case 'merging':
    case 'merged':
      return state.merge.before.stage === 'admitted' || state.merge.factsFrom.identifiers !== 'survivor';
    case 'none':
    case 'applied':
    case 'information-requested':
    case 'verified':
    case 'refused':
    case 'left':
      return false;
    default:
      return state satisfies never;
  }
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
    return { stage: 'applied', organisationId, appliedBy, ownFacts: facts, facts, absorbed: [], attempts: 0 };
  }
  if (state.stage === 'none') throw new Error(`${event.type} before MembershipAppliedFor.`);
  const { organisationId, appliedBy, ownFacts, facts, absorbed, attempts, lastMerge } = state;
  const known: Known = { organisationId, appliedBy, ownFacts, facts, absorbed, attempts, lastMerge };
  switch (event.type) {
    case 'InformationRequested':
      return { ...known, stage: 'information-requested' };
    case 'InformationProvided': {
      const corrected = { ...ownFacts, identifiers: event.data.identifiers ?? ownFacts.identifiers };
      return { ...known, ownFacts: corrected, facts: corrected, stage: 'applied' };
    }
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
    case 'MergeDecided': {
      if (!isMergeable(state)) throw new Error(`MergeDecided while the organisation is ${state.stage}.`);
      const { attempt, intoOrganisationId: into, factsFrom } = event.data;
      const merge: Merge = { into, factsFrom, before: state };
      return { ...known, attempts: attempt, lastMerge: { into }, stage: 'merging', merge };
    }
    case 'OrganisationMerged':
      return { ...known, stage: 'merged', merge: mergeOf(state) };
    case 'MergeBlocked': {
      const { intoOrganisationId: into, code, detail } = event.data;
      return { ...mergeOf(state).before, attempts, lastMerge: { into, blocked: { code, detail } } };
    }
    case 'MergeUndone':
      return { ...mergeOf(state).before, attempts, lastMerge };
    case 'OrganisationAbsorbed': {
      const { organisationId: absorbedId, attempt, absorbedFacts, factsFrom } = event.data;
      const one: Absorbed = { organisationId: absorbedId, attempt, facts: absorbedFacts, factsFrom };
      return { ...state, facts: event.data.facts, absorbed: [...absorbed, one] };
    }
    case 'AbsorptionDeclined':
      return state;
    case 'AbsorptionUndone': {
      const rest = absorbed.filter((one) => one.organisationId !== event.data.organisationId);
      return { ...state, facts: event.data.facts, absorbed: rest };
    }
    default:
      return event satisfies never;
  }
}

function mergeOf(state: OrganisationState): Merge {
  if (state.stage === 'merging' || state.stage === 'merged') return state.merge;
  throw new Error(`The organisation is ${state.stage}, and no merge is decided for it.`);
}

/** The refusal of a command that another stage would allow. */
export function wrongStage(state: OrganisationState, ...needed: readonly OrganisationStage[]): Refusal {
  return refuse(
    'conflict',
    'ORGANISATION_WRONG_STAGE',
    `The organisation would have to be ${needed.join(' or ')}; it is ${state.stage}.`,
    { stage: state.stage, needed, ...(state.stage === 'merged' && { mergedInto: state.merge.into }) },
  );
}

/** The refusal of a decision by the person whom it benefits. */
export function decidedByApplicant(): Refusal {
  return refuse('forbidden', 'ORGANISATION_DECIDED_BY_APPLICANT', 'No one decides on what they have applied for.');
}
