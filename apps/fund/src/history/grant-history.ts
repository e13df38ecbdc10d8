import { comparePositions, type DomainEvent, type EventCatalogue, type RecordedEvent } from '@alliance/event-sourcing';
import { type CallEvent, callEvents } from '../call/call.events';
import { type GrantEvent, grantEvents } from '../grant/grant.events';
import { type PotEvent, potEvents } from '../pot/pot.events';

type Recorded<Event> = Event extends DomainEvent ? RecordedEvent<Event> : never;

export type GrantRecord = Recorded<GrantEvent>;
/** Any event of the fund as it stands in the log. */
export type FundRecord = GrantRecord | Recorded<PotEvent> | Recorded<CallEvent>;

/** Where events are read: a stream in its order; an absent one has none. */
interface Streams {
  readStream(streamName: string, catalogue: EventCatalogue): AsyncIterable<RecordedEvent>;
}

export class GrantUnknown extends Error {}

/** What lies in the grant's own stream. Throws `GrantUnknown` where there is none. */
export async function grantStream(streams: Streams, grantId: string): Promise<readonly GrantRecord[]> {
  const events = await all<GrantRecord>(streams, grantEvents, grantId);
  if (events.length === 0) throw new GrantUnknown(`There is no grant ${grantId}.`);
  return events;
}

/** All that concerns the grant, in the order of the log: its stream, its call's, and what its pot did about it. */
export async function grantHistory(streams: Streams, grantId: string): Promise<readonly FundRecord[]> {
  const own = await grantStream(streams, grantId);
  const ofOthers = own.flatMap(({ type, data }) => (type === 'GrantDrafted' ? data : []));
  const others = await Promise.all(
    ofOthers.map(async ({ potId, callId }) => {
      const ofPot = await all<Recorded<PotEvent>>(streams, potEvents, potId);
      const ofCall = await all<Recorded<CallEvent>>(streams, callEvents, callId);
      return [...ofCall, ...ofPot.filter(({ data }) => 'grantId' in data && data.grantId === grantId)];
    }),
  );
  return [...own, ...others.flat()].sort((a, b) => comparePositions(a.position, b.position));
}

async function all<Event extends FundRecord>(streams: Streams, catalogue: EventCatalogue, id: string) {
  const events: Event[] = [];
  for await (const event of streams.readStream(catalogue.category.streamName(id), catalogue)) {
    events.push(event as Event);
  }
  return events;
}
