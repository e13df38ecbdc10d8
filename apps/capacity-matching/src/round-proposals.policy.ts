import type { RecordedEvent } from '@alliance/event-sourcing';
import { type MatchingRoundEvent, matchingRoundEvents } from './matching-round/matching-round.events';

/** A wish that all that the round has found is proposed to those whom it is for. */
export interface ProposeOfRound {
  readonly type: 'ProposeOfRound';
  /** The round. */
  readonly target: string;
  readonly data: Record<string, never>;
}

/** Once a round is solved; its pieces before that count for nothing by themselves. */
export function proposalsAfter(fact: RecordedEvent): readonly ProposeOfRound[] {
  const { type, streamName } = fact as RecordedEvent & MatchingRoundEvent;
  if (type !== 'RoundSolved') return [];
  return [{ type: 'ProposeOfRound', target: matchingRoundEvents.category.idOf(streamName), data: {} }];
}
