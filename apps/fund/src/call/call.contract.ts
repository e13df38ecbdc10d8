import { callClosedV1, callPublishedV1, type Publication, publication } from '@alliance/contracts';
import type { RecordedEvent } from '@alliance/event-sourcing';
import { type CallEvent, callEvents } from './call.events';

export const callContracts = [callPublishedV1, callClosedV1] as const;

/** What others are told of a call: that it can be applied for. Who is on the panel is nobody's but the fund's. */
export function publishCall(recorded: RecordedEvent): Publication | undefined {
  const { type, data } = recorded as RecordedEvent & CallEvent;
  const callId = callEvents.category.idOf(recorded.streamName);
  const { occurredAt } = recorded.metadata;
  switch (type) {
    case 'CallPublished': {
      const { title, opensAt, closesAt, fieldKeys, regionKeys, minimum, maximum } = data.call;
      const told = { title, opensAt, closesAt, fieldKeys, regionKeys, minimum, maximum };
      return publication(callPublishedV1, { callId, ...told, publishedAt: occurredAt });
    }
    case 'CallClosed':
      return publication(callClosedV1, { callId, reasonCode: data.reasonCode, closedAt: occurredAt });
    case 'PanelRevised':
      return undefined;
  }
}
