import { type Aggregate, type Command, type Decision, refuse } from '@alliance/event-sourcing';
import { type DuplicateCandidateEvent, duplicateCandidateEvents, type Suspicion } from './duplicate-candidate.events';

export type DuplicateCandidateCommand =
  | Command<'SuspectDuplicate', Suspicion>
  | Command<'DismissDuplicate', { readonly reasonCode: string; readonly note?: string }>
  /** They count as one since a merge. */
  | Command<'ConfirmDuplicate', Record<string, never>>
  /** They do not any more. */
  | Command<'ReopenDuplicate', Record<string, never>>;

export type DuplicateCandidateState =
  | { readonly stage: 'none' }
  | { readonly stage: 'suspected' | 'dismissed' | 'confirmed'; readonly appliedBy: readonly string[] };

/** Two organisations that look like one: found by the machine, judged by a human, who is not asked twice. */
export const duplicateCandidate: Aggregate<
  DuplicateCandidateCommand,
  DuplicateCandidateState,
  DuplicateCandidateEvent
> = {
  catalogue: duplicateCandidateEvents,
  decider: { initialState: { stage: 'none' }, decide, evolve },
};

function decide(command: DuplicateCandidateCommand, state: DuplicateCandidateState): Decision<DuplicateCandidateEvent> {
  switch (command.type) {
    case 'SuspectDuplicate':
      return state.stage === 'none' ? [{ type: 'DuplicateSuspected', data: command.data }] : [];

    case 'DismissDuplicate': {
      const { subject } = command.context.actor;
      if (state.stage === 'none') {
        return refuse('not-found', 'DUPLICATE_UNKNOWN', 'These two were never found to be alike.');
      }
      if (state.stage === 'dismissed') return [];
      if (state.stage === 'confirmed') {
        const detail = 'They are merged into one; when they are two, undo the merge first.';
        return refuse('conflict', 'DUPLICATE_MERGED', detail);
      }
      if (state.appliedBy.includes(subject)) {
        const detail = 'No one decides on what they have applied for.';
        return refuse('forbidden', 'DUPLICATE_DECIDED_BY_APPLICANT', detail);
      }
      return [{ type: 'DuplicateDismissed', data: { ...command.data, dismissedBy: subject } }];
    }

    case 'ConfirmDuplicate':
      return state.stage === 'suspected' ? [{ type: 'DuplicateConfirmed', data: {} }] : [];

    case 'ReopenDuplicate':
      return state.stage === 'confirmed' ? [{ type: 'DuplicateReopened', data: {} }] : [];

    default:
      return command satisfies never;
  }
}

const STAGE_AFTER = {
  DuplicateDismissed: 'dismissed',
  DuplicateConfirmed: 'confirmed',
  DuplicateReopened: 'suspected',
} as const;

function evolve(state: DuplicateCandidateState, event: DuplicateCandidateEvent): DuplicateCandidateState {
  if (event.type === 'DuplicateSuspected') return { stage: 'suspected', appliedBy: event.data.appliedBy };
  if (state.stage === 'none') throw new Error(`${event.type} before DuplicateSuspected.`);
  return { ...state, stage: STAGE_AFTER[event.type] };
}
