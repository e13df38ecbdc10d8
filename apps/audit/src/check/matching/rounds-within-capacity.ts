import {
  allocationEvents,
  type MatchingRoundEvent,
  matchingRoundEvents,
  needEvents,
  type NeedFacts,
  offerEvents,
  type OfferFacts,
} from '@alliance/capacity-matching/events';
import { comparePositions, type LogPosition, parsePosition } from '@alliance/event-sourcing';
import type { RoundRecord } from '../../matching-record';
import { type Finding, type Invariant, noteOf } from '../invariant';
import { leftBefore, minutesBy, minutesIn } from './weeks';

type Proposals = Extract<MatchingRoundEvent, { type: 'RoundProposed' }>['data']['proposals'];

interface Note {
  requested?: { readonly sawUpTo: LogPosition; readonly at: string };
  readonly proposals: Proposals[number][];
}

/** Minutes of weeks, by week. */
type Minutes = ReadonlyMap<string, number>;

export const roundsWithinCapacity: Invariant<RoundRecord> = {
  name: 'rounds-within-capacity',
  says: 'No round proposed more of an offer than was free of it, nor more to a need than it lacked, by what the round saw.',

  begin() {
    const rounds = new Map<string, Note>();
    /** Of offers and needs by their streams, and of the allocations of a need by the need's. */
    const told = new Map<string, RoundRecord[]>();
    const needOf = new Map<string, string>();
    const tell = (stream: string, event: RoundRecord) => void noteOf(told, stream, (): RoundRecord[] => []).push(event);
    return (event): readonly Finding[] => {
      const { streamName } = event;
      if (event.type === 'AllocationProposed') {
        needOf.set(streamName, needEvents.category.streamName(event.data.needId));
      }
      if (!streamName.startsWith(matchingRoundEvents.category.prefix)) {
        const isOfAllocation = streamName.startsWith(allocationEvents.category.prefix);
        tell(isOfAllocation ? (needOf.get(streamName) ?? streamName) : streamName, event);
        return [];
      }
      const note = noteOf(rounds, streamName, (): Note => ({ proposals: [] }));
      switch (event.type) {
        case 'RoundRequested': {
          const sawUpTo = parsePosition(event.data.position) ?? event.position;
          note.requested = { sawUpTo, at: event.metadata.occurredAt };
          return comparePositions(sawUpTo, event.position) < 0 ? [] : [{ words: 'It saw what was yet to come.' }];
        }
        case 'RoundProposed':
          note.proposals.push(...event.data.proposals);
          return [];
        case 'RoundSolved': {
          const { requested, proposals } = note;
          if (requested === undefined) return [{ words: 'It was solved without having been requested.' }];
          const count = event.data.proposals;
          const findings: Finding[] =
            count === proposals.length
              ? []
              : [{ words: `It counts ${count} proposals, and ${proposals.length} are recorded.` }];
          const seen = (stream: string) =>
            (told.get(stream) ?? []).filter(({ position }) => comparePositions(position, requested.sawUpTo) <= 0);
          for (const [offerId, minutes] of sums(proposals, ({ offerId }) => offerId)) {
            const free = freeOf(seen(offerEvents.category.streamName(offerId)), requested.at);
            findings.push(...beyond(minutes, free, `proposed of the offer ${offerId}`, 'were free'));
          }
          for (const [needId, minutes] of sums(proposals, ({ needId }) => needId)) {
            const lacking = lackingOf(seen(needEvents.category.streamName(needId)));
            findings.push(...beyond(minutes, lacking, `proposed to the need ${needId}`, 'were lacking'));
          }
          return findings;
        }
        default:
          return [];
      }
    };
  },
};

function sums(proposals: Proposals, keyOf: (one: Proposals[number]) => string): Map<string, Map<string, number>> {
  const found = new Map<string, Map<string, number>>();
  for (const proposal of proposals) {
    const sum = noteOf(found, keyOf(proposal), () => new Map<string, number>());
    for (const [week, minutes] of minutesBy(proposal.weeks)) sum.set(week, (sum.get(week) ?? 0) + minutes);
  }
  return found;
}

function beyond(minutes: Minutes, most: (week: string) => number, what: string, were: string): Finding[] {
  return [...minutes]
    .filter(([week, some]) => some > most(week))
    .map(([week, some]) => ({ words: `${some} minutes of ${week} were ${what}, of which ${most(week)} ${were}.` }));
}

/** What is free of an offer in a week; what was only held counts until it expires. */
function freeOf(events: readonly RoundRecord[], at: string): (week: string) => number {
  let facts: OfferFacts | undefined;
  let isWithdrawn = false;
  const pausedFor = new Set<string>();
  const holds = new Map<string, { minutes: Minutes; readonly expiresAt: string; isConfirmed: boolean }>();
  for (const { type, data } of events) {
    if (type === 'OfferPublished' || type === 'OfferRevised') facts = data.facts;
    if (type === 'OfferPaused') pausedFor.add(data.reasonCode);
    if (type === 'OfferResumed') pausedFor.delete(data.reasonCode);
    if (type === 'OfferWithdrawn') isWithdrawn = true;
    if (type === 'CapacityHeld') {
      const { allocationId, weeks, expiresAt } = data;
      holds.set(allocationId, { minutes: minutesBy(weeks), expiresAt, isConfirmed: false });
    }
    const hold = type === 'HoldConfirmed' || type === 'HoldReleased' ? holds.get(data.allocationId) : undefined;
    if (hold !== undefined && type === 'HoldConfirmed') hold.isConfirmed = true;
    if (hold !== undefined && type === 'HoldReleased') hold.minutes = leftBefore(hold.minutes, data.fromWeek);
  }
  if (facts === undefined || isWithdrawn || pausedFor.size > 0) return () => 0;
  const offered = facts;
  const counting = [...holds.values()].filter(({ isConfirmed, expiresAt }) => isConfirmed || expiresAt > at);
  return (week) => minutesIn(offered, week) - counting.reduce((sum, { minutes }) => sum + (minutes.get(week) ?? 0), 0);
}

/** What a need lacks in a week beside what is allocated to it, be it proposed, under way or delivered. */
function lackingOf(events: readonly RoundRecord[]): (week: string) => number {
  let facts: NeedFacts | undefined;
  let isClosed = false;
  const started = new Set<string>();
  const supplies = new Map<string, Minutes>();
  for (const { type, data, streamName } of events) {
    switch (type) {
      case 'NeedOpened':
      case 'NeedRevised':
        facts = data.facts;
        break;
      case 'NeedClosed':
        isClosed = true;
        break;
      case 'AllocationProposed':
        supplies.set(streamName, minutesBy(data.weeks));
        break;
      case 'AllocationStarted':
        started.add(streamName);
        break;
      case 'AllocationDeclined':
      case 'AllocationExpired':
      case 'AllocationFailed':
        supplies.delete(streamName);
        break;
      case 'AllocationReleased': {
        const kept = started.has(streamName) ? data.fromWeek : undefined;
        supplies.set(streamName, leftBefore(supplies.get(streamName) ?? new Map<string, number>(), kept));
        break;
      }
      default:
    }
  }
  if (facts === undefined || isClosed) return () => 0;
  const needed = facts;
  return (week) =>
    Math.max(
      0,
      [...supplies.values()].reduce((left, minutes) => left - (minutes.get(week) ?? 0), minutesIn(needed, week)),
    );
}
