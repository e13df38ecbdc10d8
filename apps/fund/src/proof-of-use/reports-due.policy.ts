import type { RecordedEvent } from '@alliance/event-sourcing';
import { type GrantEvent, grantEvents } from '../grant/grant.events';

/** A wish that the reports of a grant are due, each on its day. */
export interface ReportsToPlan {
  readonly type: 'PlanReports';
  /** The grant. */
  readonly target: string;
  readonly data: Record<string, never>;
}

/** A contract brings them about. */
export function reportsAfter(fact: RecordedEvent): readonly ReportsToPlan[] {
  const { type, streamName } = fact as RecordedEvent & GrantEvent;
  if (type !== 'GrantContracted') return [];
  return [{ type: 'PlanReports', target: grantEvents.category.idOf(streamName), data: {} }];
}
