import type { CallFacts } from '../call/call.events';
import { evolveStanding, type StandingState, stricter } from '../standing';
import type { Application } from './application.events';
import { eligibilityBlockers, type EligibilityFacts } from './eligibility';
import type { Finding } from './finding';
import type { DataOf, GrantEvent } from './grant.events';

/** What the grant's own stream tells of its eligibility. */
export type EligibilityState = Pick<EligibilityFacts, 'call' | 'isInTime' | 'reasoned' | 'consented' | 'explained'> & {
  readonly call: CallFacts;
  readonly application: Application | undefined;
  readonly standing: StandingState | undefined;
};

/** What only others can tell: the registry, the call, and other grants. */
export type OutsideFacts = Pick<
  EligibilityFacts,
  'callIsClosed' | 'recipient' | 'structure' | 'structures' | 'doubleFunding'
>;

/** Judges with both, at the moment (ISO 8601, UTC). The finding names all blockers, whether they stop a step or not. */
export function findingOf(state: EligibilityState, outside: OutsideFacts, at: string): Finding {
  const recipient = stricter(state.standing, outside.recipient);
  const blockers = eligibilityBlockers({ ...state, ...outside, recipient, at });
  const { structures, doubleFunding } = outside;
  return { ...recipient, structures, doubleFunding: [...doubleFunding], blockers: [...blockers] };
}

/** A call carries what it asks for into the grant with its draft. */
export function eligibilityOf({ call }: DataOf<'GrantDrafted'>): EligibilityState {
  const nothingYet = { isInTime: false, reasoned: [], consented: [], explained: [] };
  return { ...nothingYet, call, application: undefined, standing: undefined };
}

export function evolveEligibility(before: EligibilityState, event: GrantEvent): EligibilityState {
  const state = { ...before, standing: evolveStanding(before.standing, event) };
  switch (event.type) {
    case 'ApplicationRevised':
      return { ...state, application: event.data.application };
    case 'ApplicationSubmitted': {
      const { application, eligibility, overlapReason } = event.data;
      const reasoned = overlapReason === undefined ? [] : eligibility.structures.overlaps;
      return { ...state, application, isInTime: true, reasoned, consented: [], explained: [] };
    }
    case 'FormalCheckPassed':
      return { ...state, consented: event.data.eligibility.structures.overlaps };
    case 'DecisionProposed':
      return { ...state, explained: event.data.doubleFunding };
    default:
      return state;
  }
}
