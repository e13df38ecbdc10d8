import type { LogPosition } from '@alliance/event-sourcing';
import { type Finding, type Invariant, noteOf } from './invariant';

interface Note {
  awarded?: { readonly cents: number; readonly at: LogPosition };
  /** Cents by tranche, without the cancelled ones. */
  readonly planned: Map<string, number>;
  paid: number;
  returned: number;
}

export const withinTheAward: Invariant = {
  name: 'within-the-award',
  says: 'The tranches of a grant, and what was paid of it, never exceed its award; nothing came back that had not been paid.',

  begin() {
    const notes = new Map<string, Note>();
    return (event): readonly Finding[] => {
      const note = () => noteOf(notes, event.streamName, (): Note => ({ planned: new Map(), paid: 0, returned: 0 }));
      switch (event.type) {
        case 'GrantAwarded':
          note().awarded = { cents: event.data.amount.cents, at: event.position };
          return [];
        case 'TranchesPlanned':
          for (const { trancheId, amount } of event.data.tranches) note().planned.set(trancheId, amount.cents);
          return atMostAwarded(note(), plannedOf(note()), 'planned');
        case 'TrancheRevised':
          note().planned.set(event.data.trancheId, event.data.amount.cents);
          return atMostAwarded(note(), plannedOf(note()), 'planned');
        case 'TrancheCancelled':
          note().planned.delete(event.data.trancheId);
          return [];
        case 'TranchePaid':
          note().paid += event.data.amount.cents;
          return atMostAwarded(note(), note().paid, 'paid');
        case 'RepaymentReceived':
          note().returned += event.data.principal.cents;
          if (note().returned <= note().paid) return [];
          return [{ words: `${note().returned} cents came back of ${note().paid} that had been paid.` }];
        default:
          return [];
      }
    };
  },
};

function plannedOf({ planned }: Note): number {
  return [...planned.values()].reduce((total, cents) => total + cents, 0);
}

function atMostAwarded({ awarded }: Note, cents: number, what: string): readonly Finding[] {
  if (cents <= (awarded?.cents ?? 0)) return [];
  const words = `${cents} cents are ${what}; ${awarded?.cents ?? 0} are awarded.`;
  return [{ words, because: awarded === undefined ? [] : [awarded.at] }];
}
