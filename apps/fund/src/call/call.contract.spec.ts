import { Value } from '@sinclair/typebox/value';
import type { RecordedEvent } from '@alliance/event-sourcing';
import { ids, theCall } from '../grant/grant.given';
import { callContracts, publishCall } from './call.contract';
import { type CallEvent, callEvents } from './call.events';

const recorded = (event: CallEvent): RecordedEvent => ({
  ...event,
  streamName: callEvents.category.streamName(ids.call),
  revision: 0n,
  position: { commit: 1n, prepare: 1n },
  metadata: {
    ...{ eventId: ids.grant, commandId: ids.grant, correlationId: 'spec', causationId: 'spec' },
    ...{ actor: { subject: 'officer-1', roles: [] }, occurredAt: '2026-01-02T10:00:00.000Z', schemaVersion: 1 },
  },
});
const panel = [{ subject: 'reviewer-1', organisationId: ids.donor }];

describe('what is published of a call', () => {
  it('satisfies its contracts and tells nothing of the panel', () => {
    const told = [
      publishCall(
        recorded({ type: 'CallPublished', data: { potId: ids.pot, call: theCall, panel, publishedBy: 'x' } }),
      ),
      publishCall(recorded({ type: 'CallClosed', data: { reasonCode: 'pot-exhausted', closedBy: 'officer-1' } })),
    ];
    expect(told.map((one) => one?.contract)).toEqual(callContracts);
    for (const one of told) expect(one && [...Value.Errors(one.contract.schema, one.data)]).toEqual([]);
    expect(JSON.stringify(told)).not.toMatch(/reviewer-1|officer-1/);
    expect(publishCall(recorded({ type: 'PanelRevised', data: { panel, revisedBy: 'officer-1' } }))).toBeUndefined();
  });
});
