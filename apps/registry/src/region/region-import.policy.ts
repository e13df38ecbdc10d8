import type { RecordedEvent } from '@alliance/event-sourcing';
import { type RegionImportEvent, regionImportEvents, type TerritoryEvent } from './region.events';

/** A wish to record the regions of an import, each on its own stream. */
export interface RecordImportedRegions {
  readonly type: 'RecordImportedRegions';
  /** The import. */
  readonly target: string;
  readonly data: Record<string, never>;
}

/** An import counts once it is accepted; what was only listed is passed over. */
export function recordAfter(fact: RecordedEvent): readonly RecordImportedRegions[] {
  const event = fact as RecordedEvent & (RegionImportEvent | TerritoryEvent);
  switch (event.type) {
    case 'TerritoryImported':
      return [{ type: 'RecordImportedRegions', target: event.data.importId, data: {} }];
    case 'RegionImportAccepted':
      return [{ type: 'RecordImportedRegions', target: regionImportEvents.category.idOf(event.streamName), data: {} }];
    case 'RegionsListed':
      return [];
    default:
      return event satisfies never;
  }
}
