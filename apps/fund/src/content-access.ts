import type { Actor } from '@alliance/event-sourcing';
import { conflictOf, type Conflicts, type Person } from './conflicts';

/**
 * How much of a grant somebody sees: all of it; of their own organisation's what is said to applicants (not what is
 * thought of it: reviews and papers of the decision); number, title and applicant only; or not even that it exists.
 */
export type Access = 'content' | 'own' | 'outline' | 'nothing';

/** All roles that have a part in what becomes of grants. */
const deciding: readonly string[] = ['fund-officer', 'coordinator', 'reviewer', 'approver'];

/** Auditors see everything, but not what they might decide on: with another role in it they see as much as that one. */
export function isAuditing(roles: readonly string[]): boolean {
  return roles.includes('auditor') && !deciding.some((role) => roles.includes(role));
}

/**
 * Who judges sees the content when they have declared to have no conflict of interest, and who works on it unless they
 * have one. `applicantIds` are all that count as the applicant. Ask with what the log says, which cannot lag.
 */
export function accessTo(
  { roles, organisationId }: Actor,
  person: Person,
  { conflicts, applicantIds }: { readonly conflicts: Conflicts; readonly applicantIds: readonly string[] },
): Access {
  const has = (...some: readonly string[]) => some.some((role) => roles.includes(role));
  if (isAuditing(roles)) return 'content';
  const isFree = conflictOf(person, conflicts) === undefined;
  if (isFree && has('fund-officer', 'coordinator')) return 'content';
  if (isFree && has('reviewer', 'approver') && conflicts.cleared.includes(person.subject)) return 'content';
  if (has('representative') && organisationId !== undefined && applicantIds.includes(organisationId)) return 'own';
  return has(...deciding) ? 'outline' : 'nothing';
}
