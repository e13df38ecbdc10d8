import type { Cover } from '@alliance/fund/events';
import type { LogPosition } from '@alliance/event-sourcing';
import { type Finding, type Invariant, noteOf } from './invariant';

interface Hold {
  cover: Cover;
  committed: boolean;
}

interface Note {
  /** Cents by contribution: what was given, less what is promised of it. */
  readonly free: Map<string, number>;
  /** By grant. */
  readonly holds: Map<string, Hold>;
  readonly settled: Map<string, LogPosition>;
}

export const potNeverNegative: Invariant = {
  name: 'pot-never-negative',
  says: 'Nothing was promised of a pot, or of one contribution to it, that was not there and free; nothing went back twice.',

  begin() {
    const notes = new Map<string, Note>();
    return (event): readonly Finding[] => {
      const note = () =>
        noteOf(notes, event.streamName, (): Note => ({ free: new Map(), holds: new Map(), settled: new Map() }));
      switch (event.type) {
        case 'ContributionReceived':
          note().free.set(event.data.contributionId, event.data.amount.cents);
          return [];
        case 'AmountReserved': {
          const { grantId, amount, cover } = event.data;
          const findings = take(note(), cover);
          if (totalOf(cover) !== amount.cents) {
            findings.push({ words: `${amount.cents} cents were reserved, and ${totalOf(cover)} named to cover them.` });
          }
          if (totalOf(note().holds.get(grantId)?.cover ?? []) > 0) {
            findings.push({ words: `Money was reserved for the grant ${grantId}, which held some already.` });
          }
          note().holds.set(grantId, { cover, committed: false });
          return findings;
        }
        case 'AwardConfirmed': {
          const hold = note().holds.get(event.data.grantId);
          if (hold !== undefined) hold.committed = true;
          return [];
        }
        case 'ReservationReleased': {
          const { grantId } = event.data;
          const hold = note().holds.get(grantId);
          if (hold === undefined || hold.committed) {
            return [{ words: `What was released for the grant ${grantId} was not reserved.` }];
          }
          giveBack(note(), hold, totalOf(hold.cover));
          return [];
        }
        case 'CommitmentReduced': {
          const { grantId, amount, settlementId } = event.data;
          const before = note().settled.get(settlementId);
          note().settled.set(settlementId, event.position);
          if (before !== undefined) return [{ words: `${settlementId} was settled before.`, because: [before] }];
          const hold = note().holds.get(grantId);
          if (hold?.committed && amount.cents <= totalOf(hold.cover)) {
            giveBack(note(), hold, amount.cents);
            return [];
          }
          const committed = hold?.committed ? totalOf(hold.cover) : 0;
          return [{ words: `${amount.cents} cents went back of ${committed} committed to the grant ${grantId}.` }];
        }
        default:
          return [];
      }
    };
  },
};

function take({ free }: Note, cover: Cover): Finding[] {
  return cover.flatMap(({ contributionId, amount: { cents } }) => {
    const before = free.get(contributionId) ?? 0;
    free.set(contributionId, before - cents);
    if (cents <= before) return [];
    return [
      { words: `${cents} cents were taken of the contribution ${contributionId}, of which ${before} were free.` },
    ];
  });
}

/** In the reverse order of the cover, as the pot does. */
function giveBack({ free }: Note, hold: Hold, cents: number): void {
  let left = cents;
  hold.cover = hold.cover
    .toReversed()
    .map(({ contributionId, amount }) => {
      const back = Math.min(left, amount.cents);
      left -= back;
      free.set(contributionId, (free.get(contributionId) ?? 0) + back);
      return { contributionId, amount: { ...amount, cents: amount.cents - back } };
    })
    .toReversed();
}

function totalOf(cover: Cover): number {
  return cover.reduce((total, { amount }) => total + amount.cents, 0);
}
