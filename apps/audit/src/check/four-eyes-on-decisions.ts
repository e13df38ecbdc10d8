import type { LogPosition } from '@alliance/event-sourcing';
import { type Ballot, castApproval, decided, newBallot } from './ballot';
import { type Finding, type Invariant, noteOf } from './invariant';

interface Note {
  readonly requesters: Set<string>;
  ballot?: Ballot | undefined;
  award?: { readonly attempt: number; readonly version: number; readonly cents: number; readonly at: LogPosition };
}

export const fourEyesOnDecisions: Invariant = {
  name: 'four-eyes-on-decisions',
  says: 'Each decision was approved, on the version that was decided, by enough persons who had no part in asking for it.',

  begin() {
    const notes = new Map<string, Note>();
    return (event): readonly Finding[] => {
      const note = () => noteOf(notes, event.streamName, (): Note => ({ requesters: new Set() }));
      switch (event.type) {
        case 'GrantDrafted':
          note().requesters.add(event.data.draftedBy);
          return [];
        case 'ApplicationRevised':
          note().requesters.add(event.data.revisedBy);
          return [];
        case 'ApplicationSubmitted':
          note().requesters.add(event.data.submittedBy);
          return [];
        // What was proposed is of an old version of the application from here on.
        case 'InformationRequested':
          note().ballot = undefined;
          return [];
        case 'DecisionProposed': {
          const { version, approvalsNeeded, amount, proposedBy } = event.data;
          note().requesters.add(proposedBy);
          note().ballot = newBallot(version, approvalsNeeded, amount?.cents, event.position);
          return [];
        }
        case 'DecisionApproved': {
          const { approvedBy, version } = event.data;
          return castApproval(note().ballot, note().requesters, approvedBy, version, event);
        }
        case 'DecisionApprovalWithdrawn':
          note().ballot?.approvals.delete(event.data.withdrawnBy);
          return [];
        case 'GrantRejected':
        case 'GrantDeferred':
          return decided(note().ballot, note().requesters, event.data.version, undefined);
        case 'AwardDecided': {
          const { attempt, version, amount } = event.data;
          note().award = { attempt, version, cents: amount.cents, at: event.position };
          return decided(note().ballot, note().requesters, version, amount.cents);
        }
        case 'GrantAwarded': {
          const { attempt, version, amount } = event.data;
          const { award } = note();
          if (award?.attempt === attempt && award.version === version && award.cents === amount.cents) return [];
          const words = `${amount.cents} cents were awarded by version ${version} in attempt ${attempt}, which nobody decided.`;
          return [{ words, because: award === undefined ? [] : [award.at] }];
        }
        default:
          return [];
      }
    };
  },
};
