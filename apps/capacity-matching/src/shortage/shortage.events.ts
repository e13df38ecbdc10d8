import { type EventOf, eventCatalogue, streamCategory } from '@alliance/event-sourcing';
import { closed, day, regionKey, slug, uuid } from '../event-fields';

/**
 * One stream for each shortage (Engpass) that the liaison to the public sector has declared, as it was heard: a matching
 * round must find in this log all that it saw.
 */
export const shortageEvents = eventCatalogue(streamCategory('capacity-matching', 'shortage'), {
  ShortageHeard: { schema: closed({ shortageId: uuid, fieldKey: slug, regionKey, declaredOn: day }) },
  ShortageEased: { schema: closed({ shortageId: uuid, easedOn: day }) },
});

export type ShortageEvent = EventOf<typeof shortageEvents>;
