import type { LogPosition } from '@alliance/event-sourcing';
import { type Ballot, castApproval, decided, newBallot } from './ballot';
import { type Finding, type Invariant, noteOf } from './invariant';

interface Note {
  readonly requesters: Set<string>;
  version: number;
  cents: number;
  ballot: Ballot | undefined;
  order?: { readonly paymentId: string; readonly cents: number; readonly at: LogPosition };
}

export const fourEyesOnPayments: Invariant = {
  name: 'four-eyes-on-payments',
  says: 'Each payment was ordered by enough approvals of that version and amount, and paid as it was ordered.',

  begin() {
    const notes = new Map<string, Note>();
    /** By grant: who drafted, revised or submitted the application. */
    const applicants = new Map<string, string[]>();
    return (event): readonly Finding[] => {
      const note = (trancheId: string) =>
        noteOf(notes, `${event.streamName} ${trancheId}`, (): Note => {
          return { requesters: new Set(applicants.get(event.streamName)), version: 0, cents: 0, ballot: undefined };
        });
      const applies = (subject: string) => noteOf(applicants, event.streamName, () => []).push(subject);
      switch (event.type) {
        case 'GrantDrafted':
          applies(event.data.draftedBy);
          return [];
        case 'ApplicationRevised':
          applies(event.data.revisedBy);
          return [];
        case 'ApplicationSubmitted':
          applies(event.data.submittedBy);
          return [];
        case 'TranchesPlanned':
          for (const { trancheId, amount } of event.data.tranches) {
            note(trancheId).requesters.add(event.data.plannedBy);
            Object.assign(note(trancheId), { version: 1, cents: amount.cents });
          }
          return [];
        case 'TrancheRevised': {
          const { trancheId, revisedBy, version, amount } = event.data;
          note(trancheId).requesters.add(revisedBy);
          Object.assign(note(trancheId), { version, cents: amount.cents, ballot: undefined });
          return [];
        }
        case 'TrancheRequested':
          note(event.data.trancheId).requesters.add(event.data.requestedBy);
          note(event.data.trancheId).ballot = undefined;
          return [];
        case 'TrancheChecked': {
          const { trancheId, version, approvalsNeeded, checkedBy } = event.data;
          const tranche = note(trancheId);
          tranche.requesters.add(checkedBy);
          tranche.ballot = newBallot(version, approvalsNeeded, tranche.cents, event.position);
          if (version === tranche.version) return [];
          return [{ words: `Version ${version} was checked; version ${tranche.version} holds.` }];
        }
        case 'PaymentApproved': {
          const { trancheId, version, approvedBy } = event.data;
          const { ballot, requesters } = note(trancheId);
          return castApproval(ballot, requesters, approvedBy, version, event);
        }
        case 'PaymentApprovalWithdrawn':
          note(event.data.trancheId).ballot?.approvals.delete(event.data.withdrawnBy);
          return [];
        case 'PaymentOrdered': {
          const { trancheId, paymentId, version, amount } = event.data;
          const tranche = note(trancheId);
          tranche.order = { paymentId, cents: amount.cents, at: event.position };
          return decided(tranche.ballot, tranche.requesters, version, amount.cents);
        }
        case 'TranchePaid': {
          const { trancheId, paymentId, amount } = event.data;
          const { order } = note(trancheId);
          if (order?.paymentId === paymentId && order.cents === amount.cents) return [];
          const words = `${amount.cents} cents were paid as ${paymentId}, which nobody ordered so.`;
          return [{ words, because: order === undefined ? [] : [order.at] }];
        }
        default:
          return [];
      }
    };
  },
};
