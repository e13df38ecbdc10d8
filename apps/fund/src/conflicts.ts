import type { Actor } from '@alliance/event-sourcing';
import type { Member } from './call/call.events';
import type { ConflictKind } from './conflict-of-interest/conflict.events';
import type { GrantEvent } from './grant/grant.events';

/** Somebody who has a part in a grant, and the organisations that employ them. */
export interface Person {
  readonly subject: string;
  readonly organisationIds: readonly string[];
}

/** What is declared about a grant; nobody is in both. */
export interface ConflictState {
  /** Who declared to have no conflict, and has none since. */
  readonly cleared: readonly string[];
  readonly conflicted: ReadonlyMap<string, ConflictKind>;
}

/** What is declared, and which organisations have an interest of their own at present. */
export interface Conflicts {
  readonly cleared: readonly string[];
  readonly declared: readonly string[];
  readonly interestedOrganisationIds: readonly string[];
}

export type Conflict =
  { readonly kind: 'declared' } | { readonly kind: 'institutional'; readonly organisationId: string };

export const noConflicts: ConflictState = { cleared: [], conflicted: new Map() };

/** A conflict is for good: who is conflicted is not cleared by a later word. */
export function evolveConflicts(state: ConflictState, event: GrantEvent): ConflictState {
  switch (event.type) {
    case 'NoConflictDeclared': {
      const { subject } = event.data;
      if (state.conflicted.has(subject) || state.cleared.includes(subject)) return state;
      return { ...state, cleared: [...state.cleared, subject] };
    }
    case 'ConflictDeclared': {
      const { subject, kind } = event.data;
      return {
        cleared: state.cleared.filter((one) => one !== subject),
        conflicted: new Map([...state.conflicted, [subject, kind]]),
      };
    }
    default:
      return state;
  }
}

export function conflictsFrom(state: ConflictState, interestedOrganisationIds: readonly string[]): Conflicts {
  return { cleared: state.cleared, declared: [...state.conflicted.keys()], interestedOrganisationIds };
}

/** Who acts, with every employer that is known of: by the verified token, and by the panel of the call. */
export function personOf({ subject, organisationId }: Actor, panel: readonly Member[]): Person {
  const known = panel.filter((member) => member.subject === subject).map((member) => member.organisationId);
  const organisationIds = new Set([organisationId, ...known].filter((id) => id !== undefined));
  return { subject, organisationIds: [...organisationIds].sort() };
}

/** Why the person has no part in deciding on the grant; `undefined` where nothing is known that speaks against it. */
export function conflictOf(person: Person, conflicts: Conflicts): Conflict | undefined {
  if (conflicts.declared.includes(person.subject)) return { kind: 'declared' };
  const organisationId = person.organisationIds.find((id) => conflicts.interestedOrganisationIds.includes(id));
  return organisationId === undefined ? undefined : { kind: 'institutional', organisationId };
}
