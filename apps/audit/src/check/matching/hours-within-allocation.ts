import type { LogPosition } from '@alliance/event-sourcing';
import type { MatchingRecord } from '../../matching-record';
import { type Finding, type Invariant, noteOf } from '../invariant';
import { leftBefore, minutesBy } from './weeks';

interface Note {
  minutes: Map<string, number>;
  started?: LogPosition;
  ended?: LogPosition;
  /** By week and side. */
  readonly reports: Map<string, { helping?: number; supporting?: number }>;
}

export const hoursWithinAllocation: Invariant<MatchingRecord> = {
  name: 'hours-within-allocation',
  says: 'Hours were reported only of weeks of an allocation under way, and delivered is what both sides said.',

  begin() {
    const notes = new Map<string, Note>();
    return (event): readonly Finding[] => {
      const note = () => noteOf(notes, event.streamName, (): Note => ({ minutes: new Map(), reports: new Map() }));
      switch (event.type) {
        case 'AllocationProposed':
          note().minutes = minutesBy(event.data.weeks);
          return [];
        case 'AllocationStarted':
          note().started = event.position;
          return [];
        case 'AllocationDeclined':
        case 'AllocationExpired':
        case 'AllocationFailed':
          note().ended = event.position;
          return [];
        case 'AllocationReleased':
          note().minutes = leftBefore(note().minutes, event.data.fromWeek);
          if (note().minutes.size === 0) note().ended = event.position;
          return [];
        case 'HoursReported': {
          const { side, week, minutes } = event.data;
          const { started, ended, reports, minutes: allocated } = note();
          reports.set(week, { ...reports.get(week), [side]: minutes });
          if (started === undefined) return [{ words: 'Hours were reported of what had not started.' }];
          if (ended !== undefined) return [{ words: 'Hours were reported of what had ended.', because: [ended] }];
          return allocated.has(week) ? [] : [{ words: `Hours were reported of ${week}, which is not allocated.` }];
        }
        case 'AllocationDelivered': {
          const { reports, minutes: allocated } = note();
          note().ended = event.position;
          const agreed = [...allocated.keys()].map((week) => {
            const { helping, supporting } = reports.get(week) ?? {};
            return helping === supporting ? helping : undefined;
          });
          if (agreed.includes(undefined)) return [{ words: 'It was delivered with weeks of which the sides differ.' }];
          const total = agreed.reduce((sum: number, minutes) => sum + (minutes ?? 0), 0);
          const { minutes } = event.data;
          return total === minutes
            ? []
            : [{ words: `${minutes} minutes were delivered; both sides had reported ${total}.` }];
        }
        default:
          return [];
      }
    };
  },
};
