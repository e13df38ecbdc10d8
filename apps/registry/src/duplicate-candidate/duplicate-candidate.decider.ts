import { type Aggregate, type Command, type Decision, refuse } from '@alliance/event-sourcing';
import { type DuplicateCandidateEvent, duplicateCandidateEvents, type Suspicion } from './duplicate-candidate.events';

export type DuplicateCandidateCommand =
  | Command<'SuspectDuplicate', Suspicion>
  | Command<'DismissDuplicate', { readonly reasonCode: string; readonly note?: string }>;

export type DuplicateCandidateState =
  | { readonly stage: 'none' }
  | { readonly stage: 'suspected'; readonly appliedBy: readonly string[] }
  | { readonly stage: 'dismissed' };

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
      if (state.appliedBy.includes(subject)) {
        const detail = 'No one decides on what they have applied for.';
        return refuse('forbidden', 'DUPLICATE_DECIDED_BY_APPLICANT', detail);
      }
      return [{ type: 'DuplicateDismissed', data: { ...command.data, dismissedBy: subject } }];
    }

    default:
      return command satisfies never;
  }
}

function evolve(_state: DuplicateCandidateState, event: DuplicateCandidateEvent): DuplicateCandidateState {
  switch (event.type) {
    case 'DuplicateSuspected':
      return { stage: 'suspected', appliedBy: event.data.appliedBy };
    case 'DuplicateDismissed':
      return { stage: 'dismissed' };
    default:
      return event satisfies never;
  }
}
