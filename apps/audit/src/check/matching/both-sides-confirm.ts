import type { LogPosition } from '@alliance/event-sourcing';
import { allocationEvents } from '@alliance/capacity-matching/events';
import type { MatchingRecord } from '../../matching-record';
import { type Finding, type Invariant, noteOf } from '../invariant';

interface Acceptance {
  readonly by: string;
  readonly organisationId: string | undefined;
  readonly at: LogPosition;
}

interface Note {
  helping?: Acceptance;
  supporting?: Acceptance;
  /** By the offer. */
  confirmed?: LogPosition;
  ended?: LogPosition;
}

export const bothSidesConfirm: Invariant<MatchingRecord> = {
  name: 'both-sides-confirm',
  says: 'Each allocation that started had been accepted by two persons, one of each organisation, and confirmed by the offer.',

  begin() {
    const notes = new Map<string, Note>();
    return (event): readonly Finding[] => {
      switch (event.type) {
        case 'AllocationAccepted': {
          const { side, acceptedBy } = event.data;
          const { actor } = event.metadata;
          const acceptance = { by: acceptedBy, organisationId: actor.organisationId, at: event.position };
          noteOf(notes, idOf(event), (): Note => ({}))[side] = acceptance;
          if (actor.subject === acceptedBy) return [];
          return [{ words: `${actor.subject} accepted for the ${side} side in the name of ${acceptedBy}.` }];
        }
        case 'AllocationDeclined':
        case 'AllocationExpired':
        case 'AllocationFailed':
        case 'AllocationReleased':
          noteOf(notes, idOf(event), (): Note => ({})).ended = event.position;
          return [];
        case 'HoldConfirmed':
          noteOf(notes, event.data.allocationId, (): Note => ({})).confirmed = event.position;
          return [];
        case 'AllocationStarted':
          return startFaults(noteOf(notes, idOf(event), (): Note => ({})));
        default:
          return [];
      }
    };
  },
};

function startFaults({ helping, supporting, confirmed, ended }: Note): Finding[] {
  const findings: Finding[] = [];
  if (ended !== undefined) findings.push({ words: 'It started after it had ended.', because: [ended] });
  if (confirmed === undefined) findings.push({ words: 'It started before the offer had confirmed the minutes.' });
  if (helping === undefined || supporting === undefined) {
    const lacking = [...(helping ? [] : ['helping']), ...(supporting ? [] : ['supporting'])].join(' and ');
    findings.push({ words: `It started without the acceptance of the ${lacking} side.` });
    return findings;
  }
  const because = [helping.at, supporting.at];
  if (helping.by === supporting.by) findings.push({ words: `${helping.by} accepted for both sides.`, because });
  if (helping.organisationId === undefined || supporting.organisationId === undefined) {
    findings.push({ words: 'A side was accepted by somebody who acts for no organisation.', because });
  } else if (helping.organisationId === supporting.organisationId) {
    findings.push({ words: `Both sides were accepted for the organisation ${helping.organisationId}.`, because });
  }
  return findings;
}

function idOf({ streamName }: MatchingRecord): string {
  return allocationEvents.category.idOf(streamName);
}
