import { type Aggregate, type Command, type Refusal, refuse } from '@alliance/event-sourcing';
import type { Member } from '../call/call.events';
import {
  conflictOf,
  conflictsFrom,
  type ConflictState as Declared,
  evolveConflicts,
  noConflicts,
  personOf,
} from '../conflicts';
import { type GrantEvent, grantEvents } from '../grant/grant.events';
import type { ConflictKind } from './conflict.events';

export type ConflictCommand =
  /** For oneself. `panel` is that of the call, the organisations are those with an interest of their own at present. */
  | Command<
      'DeclareNoConflict',
      { readonly panel: readonly Member[]; readonly interestedOrganisationIds: readonly string[] }
    >
  /** At any time; for oneself, and by coordinators for anybody. */
  | Command<'DeclareConflict', { readonly subject: string; readonly kind: ConflictKind }>;

export type ConflictState = { readonly stage: 'none' } | { readonly stage: 'drafted'; readonly declared: Declared };

/** Who says to be impartial about a grant, and who is known not to be. */
export const grantConflicts: Aggregate<ConflictCommand, ConflictState, GrantEvent> = {
  catalogue: grantEvents,
  decider: { initialState: { stage: 'none' }, decide, evolve },
};

function decide(command: ConflictCommand, state: ConflictState): readonly GrantEvent[] | Refusal {
  if (state.stage === 'none') return refuse('not-found', 'GRANT_UNKNOWN', 'There is no such grant.');
  const { declared } = state;
  const { actor } = command.context;

  switch (command.type) {
    case 'DeclareNoConflict': {
      const { panel, interestedOrganisationIds } = command.data;
      const conflict = conflictOf(personOf(actor, panel), conflictsFrom(declared, interestedOrganisationIds));
      if (conflict !== undefined) {
        const detail = 'A conflict of interest is for good, and follows from an employer whatever is declared.';
        return refuse('forbidden', 'CONFLICT_STANDS', detail, { ...conflict });
      }
      if (declared.cleared.includes(actor.subject)) return [];
      return [{ type: 'NoConflictDeclared', data: { subject: actor.subject } }];
    }

    case 'DeclareConflict': {
      const { subject, kind } = command.data;
      if (subject !== actor.subject && !actor.roles.includes('coordinator')) {
        const detail = 'Everyone declares their own conflicts of interest; a coordinator declares those of others.';
        return refuse('forbidden', 'CONFLICT_OF_ANOTHER', detail);
      }
      if (declared.conflicted.get(subject) === kind) return [];
      return [{ type: 'ConflictDeclared', data: { subject, kind, declaredBy: actor.subject } }];
    }

    default:
      return command satisfies never;
  }
}

function evolve(state: ConflictState, event: GrantEvent): ConflictState {
  if (event.type === 'GrantDrafted') return { stage: 'drafted', declared: noConflicts };
  if (state.stage === 'none') throw new Error(`${event.type} before GrantDrafted.`);
  return { ...state, declared: evolveConflicts(state.declared, event) };
}
