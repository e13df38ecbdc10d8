import { type Actor, type Refusal, refuse } from '@alliance/event-sourcing';
import { conflictOf, type Conflicts, type Person } from './conflicts';
import { atMost, type Money } from './money';

/**
 * Four eyes over one version of amount and terms: two distinct persons besides those who requested or proposed any
 * version of it, from a threshold on three; none with a conflict; and each change is a version that starts anew.
 */
export interface Endorsement {
  /** From 1; every change of amount or terms is the next. */
  readonly version: number;
  /** All who requested or proposed any version. It only grows, else two could pass each other's changes. */
  readonly requesters: readonly string[];
  readonly approvalsNeeded: 2 | 3;
  /** Of this version. */
  readonly approvals: readonly Person[];
}

/** The next version, which nobody has approved yet. */
export function proposed(
  before: Endorsement | undefined,
  by: readonly string[],
  approvalsNeeded: Endorsement['approvalsNeeded'],
): Endorsement {
  const requesters = [...new Set([...(before?.requesters ?? []), ...by])];
  return { version: (before?.version ?? 0) + 1, requesters, approvalsNeeded, approvals: [] };
}

/** By the setting from which amount on a third person is asked. */
export function approvalsNeeded(amount: Money, thirdFrom: Money): Endorsement['approvalsNeeded'] {
  return atMost(thirdFrom, amount) ? 3 : 2;
}

/**
 * Why the person may not approve what they have seen; `undefined` when they may. A role is asked for here too, since what
 * the service does by itself has none, and so never approves. `present` is shown to whoever comes with an old version, and so only to who
 * may see the content.
 */
export function approvalFault(
  { version, requesters, approvals }: Endorsement,
  { roles }: Pick<Actor, 'roles'>,
  by: Person,
  seenVersion: number,
  conflicts: Conflicts,
  present: Readonly<Record<string, unknown>>,
): Refusal | undefined {
  if (!roles.includes('approver')) {
    return refuse('forbidden', 'FOUR_EYES_NO_APPROVER', 'Only a person with the role of an approver approves.');
  }
  if (requesters.includes(by.subject)) {
    return refuse(
      'forbidden',
      'FOUR_EYES_REQUESTER',
      'No one approves what they requested or proposed any version of.',
    );
  }
  const conflict = conflictOf(by, conflicts);
  if (conflict !== undefined) {
    return refuse('forbidden', 'FOUR_EYES_CONFLICTED', 'No one with a conflict of interest approves.', { ...conflict });
  }
  if (!conflicts.cleared.includes(by.subject)) {
    return refuse(
      'forbidden',
      'FOUR_EYES_UNDECLARED',
      'Who approves has declared before to have no conflict of interest.',
    );
  }
  if (seenVersion !== version) {
    const detail = `It has changed since: version ${version} holds, not ${seenVersion}. Read it again and decide on that.`;
    return refuse('outdated', 'FOUR_EYES_VERSION_OUTDATED', detail, {
      seenVersion,
      presentVersion: version,
      present,
    });
  }
  if (approvals.some(({ subject }) => subject === by.subject)) {
    return refuse('conflict', 'FOUR_EYES_ALREADY_APPROVED', 'They have approved this version; somebody else has to.');
  }
  return undefined;
}

export function approved(endorsement: Endorsement, by: Person): Endorsement {
  return { ...endorsement, approvals: [...endorsement.approvals, by] };
}

export function approvalWithdrawn(endorsement: Endorsement, subject: string): Endorsement {
  return { ...endorsement, approvals: endorsement.approvals.filter((one) => one.subject !== subject) };
}

/** The approvals that count: those of who has come to be a requester or conflicted since no longer do. */
export function standingApprovals({ requesters, approvals }: Endorsement, conflicts: Conflicts): readonly Person[] {
  const persons = new Map(approvals.map((person) => [person.subject, person]));
  return [...persons.values()].filter(
    (person) =>
      !requesters.includes(person.subject) &&
      conflicts.cleared.includes(person.subject) &&
      conflictOf(person, conflicts) === undefined,
  );
}

export function isEndorsed(endorsement: Endorsement, conflicts: Conflicts): boolean {
  return standingApprovals(endorsement, conflicts).length >= endorsement.approvalsNeeded;
}
