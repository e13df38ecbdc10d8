import { berlinDayOf, weekOf } from '@alliance/calendar';
import type { OfferFacts } from '@alliance/capacity-matching/events';
import type { LogPosition } from '@alliance/event-sourcing';
import type { MatchingRecord } from '../../matching-record';
import { type Finding, type Invariant, noteOf } from '../invariant';
import { leftBefore, minutesBy, minutesIn } from './weeks';

interface Hold {
  minutes: Map<string, number>;
  readonly expiresAt: string;
  isConfirmed: boolean;
  readonly at: LogPosition;
}

interface Note {
  /** What is offered of the weeks from one on, in the order of revisions: none changes a week that was over. */
  readonly offered: { readonly from: string; readonly facts: OfferFacts }[];
  readonly pausedFor: Map<string, LogPosition>;
  withdrawn?: LogPosition;
  /** By allocation. */
  readonly holds: Map<string, Hold>;
}

export const offerNeverOversold: Invariant<MatchingRecord> = {
  name: 'offer-never-oversold',
  says: 'Of no week of an offer more was held and confirmed than it has, and nothing of one that was paused or withdrawn.',

  begin() {
    const notes = new Map<string, Note>();
    return (event): readonly Finding[] => {
      const note = () =>
        noteOf(notes, event.streamName, (): Note => ({ offered: [], pausedFor: new Map(), holds: new Map() }));
      const at = event.metadata.occurredAt;
      switch (event.type) {
        case 'OfferPublished':
          note().offered.push({ from: '', facts: event.data.facts });
          return [];
        case 'OfferRevised':
          note().offered.push({ from: weekOf(berlinDayOf(at)), facts: event.data.facts });
          return oversold(note(), at);
        case 'OfferPaused':
          note().pausedFor.set(event.data.reasonCode, event.position);
          return [];
        case 'OfferResumed':
          note().pausedFor.delete(event.data.reasonCode);
          return [];
        case 'OfferWithdrawn':
          note().withdrawn = event.position;
          return [];
        case 'CapacityHeld': {
          const { allocationId, weeks, expiresAt } = event.data;
          const { holds, pausedFor, withdrawn } = note();
          const findings: Finding[] = [];
          const shut = [...pausedFor.values(), ...(withdrawn === undefined ? [] : [withdrawn])];
          if (shut.length > 0) {
            const words = `Minutes were held for the allocation ${allocationId} of an offer that gave none.`;
            findings.push({ words, because: shut });
          }
          const before = holds.get(allocationId);
          if (before !== undefined) {
            findings.push({
              words: `Minutes were held twice for the allocation ${allocationId}.`,
              because: [before.at],
            });
          }
          holds.set(allocationId, { minutes: minutesBy(weeks), expiresAt, isConfirmed: false, at: event.position });
          return [...findings, ...oversold(note(), at, new Set(minutesBy(weeks).keys()))];
        }
        case 'HoldConfirmed': {
          const { allocationId } = event.data;
          const hold = note().holds.get(allocationId);
          if (hold === undefined || hold.minutes.size === 0) {
            return [{ words: `Minutes were confirmed for the allocation ${allocationId}, for which none were held.` }];
          }
          hold.isConfirmed = true;
          return oversold(note(), at, new Set(hold.minutes.keys()));
        }
        case 'HoldReleased': {
          const { allocationId, fromWeek } = event.data;
          const hold = note().holds.get(allocationId);
          if (hold !== undefined) hold.minutes = leftBefore(hold.minutes, fromWeek);
          return [];
        }
        default:
          return [];
      }
    };
  },
};

/** Of these weeks, of all when absent. What was only held counts until it expires, by the times of the events. */
function oversold({ offered, holds }: Note, at: string, concerned?: ReadonlySet<string>): Finding[] {
  const taken = new Map<string, { minutes: number; because: LogPosition[] }>();
  for (const hold of holds.values()) {
    if (!hold.isConfirmed && hold.expiresAt <= at) continue;
    for (const [week, minutes] of hold.minutes) {
      if (concerned !== undefined && !concerned.has(week)) continue;
      const { minutes: before, because } = taken.get(week) ?? { minutes: 0, because: [] };
      taken.set(week, { minutes: before + minutes, because: [...because, hold.at] });
    }
  }
  return [...taken].flatMap(([week, { minutes, because }]) => {
    const facts = offered.findLast(({ from }) => from <= week)?.facts;
    const most = facts === undefined ? 0 : minutesIn(facts, week);
    if (minutes <= most) return [];
    return [{ words: `${minutes} minutes of ${week} were taken of ${most} that are offered.`, because }];
  });
}
