import type { LogPosition } from '@alliance/event-sourcing';
import type { FundRecord } from '@alliance/fund/events';
import { type Finding, type Invariant, noteOf } from './invariant';

interface Approval {
  readonly organisationIds: readonly string[];
  readonly at: LogPosition;
}

interface Vote {
  readonly needed: number;
  readonly approvals: Map<string, Approval>;
}

interface Note {
  readonly cleared: Set<string>;
  /** By subject: where they declared it. */
  readonly conflicted: Map<string, LogPosition>;
  /** On the decision under `''`, on payments under their tranche. */
  readonly votes: Map<string, Vote>;
}

export const noConflictedApprover: Invariant = {
  name: 'no-conflicted-approver',
  says: 'Nobody approved who had a conflict of interest or had not declared to have none, and nothing was done by such approvals.',

  begin() {
    const notes = new Map<string, Note>();
    return (event): readonly Finding[] => {
      const note = () =>
        noteOf(notes, event.streamName, (): Note => {
          return { cleared: new Set(), conflicted: new Map(), votes: new Map() };
        });
      switch (event.type) {
        case 'NoConflictDeclared':
          note().cleared.add(event.data.subject);
          return [];
        case 'ConflictDeclared':
          note().conflicted.set(event.data.subject, event.position);
          return [];
        case 'DecisionProposed':
          note().votes.set('', { needed: event.data.approvalsNeeded, approvals: new Map() });
          return [];
        case 'TrancheChecked':
          note().votes.set(event.data.trancheId, { needed: event.data.approvalsNeeded, approvals: new Map() });
          return [];
        case 'DecisionApproved':
          return approve(note(), '', event);
        case 'PaymentApproved':
          return approve(note(), event.data.trancheId, event);
        case 'DecisionApprovalWithdrawn':
          note().votes.get('')?.approvals.delete(event.data.withdrawnBy);
          return [];
        case 'PaymentApprovalWithdrawn':
          note().votes.get(event.data.trancheId)?.approvals.delete(event.data.withdrawnBy);
          return [];
        case 'AwardDecided':
        case 'GrantRejected':
        case 'GrantDeferred':
          return useOf(note(), '', []);
        case 'GrantAwarded':
          return useOf(note(), '', event.data.interestedOrganisationIds);
        case 'PaymentOrdered':
          return useOf(note(), event.data.trancheId, []);
        default:
          return [];
      }
    };
  },
};

function approve(
  { cleared, conflicted, votes }: Note,
  about: string,
  { position, data }: Extract<FundRecord, { type: 'DecisionApproved' | 'PaymentApproved' }>,
): readonly Finding[] {
  const { approvedBy, organisationIds, interestedOrganisationIds } = data;
  votes.get(about)?.approvals.set(approvedBy, { organisationIds, at: position });
  const declared = conflicted.get(approvedBy);
  if (declared !== undefined) {
    return [{ words: `${approvedBy} approved in spite of the conflict they had declared.`, because: [declared] }];
  }
  const employer = organisationIds.find((id) => interestedOrganisationIds.includes(id));
  if (employer !== undefined) {
    return [{ words: `${approvedBy} approved, who is employed by the interested organisation ${employer}.` }];
  }
  return cleared.has(approvedBy)
    ? []
    : [{ words: `${approvedBy} approved without having declared to have no conflict of interest.` }];
}

/** Whether enough are left of the approvals by which something is done at this moment. */
function useOf({ conflicted, votes }: Note, about: string, interested: readonly string[]): readonly Finding[] {
  const vote = votes.get(about);
  if (vote === undefined) return [];
  const partial = [...vote.approvals].filter(
    ([subject, { organisationIds }]) =>
      conflicted.has(subject) || organisationIds.some((organisationId) => interested.includes(organisationId)),
  );
  if (partial.length === 0 || vote.approvals.size - partial.length >= vote.needed) return [];
  const because = partial.flatMap(([subject, { at }]) => [at, conflicted.get(subject) ?? []].flat());
  const names = partial.map(([subject]) => subject).join(', ');
  return [{ words: `It was done by approvals of ${names}, who had a conflict of interest by then.`, because }];
}
