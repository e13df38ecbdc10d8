import type { LogPosition } from '@alliance/event-sourcing';
import type { FundRecord } from '@alliance/fund/events';
import type { Finding } from './invariant';

/** Approvals of one version of something, as the log tells them. */
export interface Ballot {
  version: number;
  needed: number;
  /** Cents of what is approved, where it is about an amount. */
  amount: number | undefined;
  /** Where this version was put to the vote. */
  since: LogPosition;
  /** By subject: where they approved. */
  readonly approvals: Map<string, LogPosition>;
}

export function newBallot(version: number, needed: number, amount: number | undefined, since: LogPosition): Ballot {
  return { version, needed, amount, since, approvals: new Map() };
}

/** What is wrong with an approval in itself; it is counted nevertheless only if it is of this version. */
export function castApproval(
  ballot: Ballot | undefined,
  requesters: ReadonlySet<string>,
  subject: string,
  version: number,
  { position, metadata: { actor } }: FundRecord,
): readonly Finding[] {
  const findings: Finding[] = [];
  if (actor.subject !== subject || !actor.roles.includes('approver')) {
    const words = `The approval in the name of ${subject} was given by ${actor.subject} with the roles ${actor.roles.join(', ') || 'none'}.`;
    findings.push({ words });
  }
  if (requesters.has(subject)) findings.push({ words: `${subject} approved what they requested or proposed.` });
  if (ballot === undefined || ballot.version !== version) {
    const words = `${subject} approved version ${version}; ${ballot === undefined ? 'none' : ballot.version} is put to the vote.`;
    findings.push({ words, because: ballot === undefined ? [] : [ballot.since] });
  } else ballot.approvals.set(subject, position);
  return findings;
}

/** What is wrong with something that was decided by these approvals. */
export function decided(
  ballot: Ballot | undefined,
  requesters: ReadonlySet<string>,
  version: number,
  amount: number | undefined,
): readonly Finding[] {
  if (ballot === undefined) return [{ words: 'It was decided without having been proposed or checked.' }];
  const because = [ballot.since, ...ballot.approvals.values()];
  const findings: Finding[] = [];
  if (version !== ballot.version) {
    findings.push({ words: `Version ${version} was decided; version ${ballot.version} is put to the vote.`, because });
  }
  if (amount !== ballot.amount) {
    findings.push({
      words: `${amount ?? 'no'} cents were decided; ${ballot.amount ?? 'none'} were approved.`,
      because,
    });
  }
  const standing = [...ballot.approvals.keys()].filter((subject) => !requesters.has(subject));
  if (standing.length < ballot.needed) {
    const words = `${standing.length} of ${ballot.needed} approvals were there by persons who had not requested it.`;
    findings.push({ words, because });
  }
  return findings;
}
