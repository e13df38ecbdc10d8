import type { RecordedEvent } from '@alliance/event-sourcing';
import { type OrganisationEvent, organisationEvents } from './organisation.events';

/** A wish to bring an organisation into line with what the one that it is merged into has decided. */
export interface SettleMerge {
  readonly type: 'SettleMerge';
  /** The organisation that goes, or comes back. */
  readonly target: string;
  readonly data: Record<string, never>;
}

/** What has to be looked after: a merge under way, and one that was undone on the side of the surviving organisation. */
export function settleMergeAfter(fact: RecordedEvent): readonly SettleMerge[] {
  const event = fact as RecordedEvent & OrganisationEvent;
  switch (event.type) {
    case 'MergeDecided':
      return [{ type: 'SettleMerge', target: organisationEvents.category.idOf(event.streamName), data: {} }];
    case 'AbsorptionUndone':
      return [{ type: 'SettleMerge', target: event.data.organisationId, data: {} }];
    default:
      return [];
  }
}
