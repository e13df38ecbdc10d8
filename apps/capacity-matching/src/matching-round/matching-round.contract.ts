import { type Publication, publication, roundSolvedV1 } from '@alliance/contracts';
import type { RecordedEvent } from '@alliance/event-sourcing';
import { type MatchingRoundEvent, matchingRoundEvents } from './matching-round.events';

export const matchingRoundContracts = [roundSolvedV1] as const;

/** What others are told of a round: its result as a whole. What it proposes is told of as allocations. */
export function publishMatchingRound(recorded: RecordedEvent): Publication | undefined {
  const { type, data } = recorded as RecordedEvent & MatchingRoundEvent;
  if (type !== 'RoundSolved') return undefined;
  const roundId = matchingRoundEvents.category.idOf(recorded.streamName);
  const { weeks, proposals, unserved, milliseconds } = data;
  const told = { roundId, weeks, proposals, unserved, milliseconds, solvedAt: recorded.metadata.occurredAt };
  return publication(roundSolvedV1, told);
}
