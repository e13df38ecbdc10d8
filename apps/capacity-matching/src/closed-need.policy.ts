import type { RecordedEvent } from '@alliance/event-sourcing';
import { type NeedEvent, needEvents } from './need/need.events';

/** A wish that what has not started for a need does not start. */
export interface ReleaseUnstarted {
  readonly type: 'ReleaseUnstarted';
  /** The need. */
  readonly target: string;
  readonly data: Record<string, never>;
}

/** After the end of a need, whatever it is: what has started goes on. */
export function releaseAfter(fact: RecordedEvent): readonly ReleaseUnstarted[] {
  const { type, streamName } = fact as RecordedEvent & NeedEvent;
  if (type !== 'NeedClosed') return [];
  return [{ type: 'ReleaseUnstarted', target: needEvents.category.idOf(streamName), data: {} }];
}
