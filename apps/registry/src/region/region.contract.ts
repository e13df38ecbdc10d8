import { type Publication, publication, regionRecordedV1 } from '@alliance/contracts';
import type { RecordedEvent } from '@alliance/event-sourcing';
import type { Region } from './region.events';

export const regionContracts = [regionRecordedV1] as const;

/** Regions are public as they are. */
export function publishRegion(recorded: RecordedEvent): Publication {
  return publication(regionRecordedV1, recorded.data as Region);
}
