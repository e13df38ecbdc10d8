import { type Static } from '@sinclair/typebox';
import { closed, oneOf, subject } from '../event-fields';

export const conflictKinds = ['collaborator', 'adviser', 'institutional', 'personal', 'other'] as const;
const conflictKind = oneOf(conflictKinds);
export type ConflictKind = Static<typeof conflictKind>;

export const conflictDefinitions = {
  /** Opens the content of the application. */
  NoConflictDeclared: { schema: closed({ subject }) },
  /** For good: what somebody was partial in once is not given back. No words, which would name persons. */
  ConflictDeclared: { schema: closed({ subject, kind: conflictKind, declaredBy: subject }) },
};
