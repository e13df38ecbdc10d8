import type { Contract } from '@alliance/contracts';
import { Type } from '@sinclair/typebox';
import type { BusMessage } from '../bus';
import type { CloudEvent } from '../cloud-event';
import { encodeCloudEvent } from '../cloud-events';

/** A contract for tests. */
export const thingHappenedV1 = {
  type: 'testing.ThingHappened.v1',
  topic: 'testing.thing.v1',
  description: 'Something happened to a thing.',
  schema: Type.Object({ what: Type.String() }, { additionalProperties: false }),
} as const satisfies Contract;

export function thingHappened(stream: string, revision: number, what = 'rain'): CloudEvent<{ what: string }> {
  return {
    id: `00000000-0000-4000-8000-${String(revision).padStart(12, '0')}`,
    source: '/testing',
    type: thingHappenedV1.type,
    subject: stream,
    time: '2026-03-01T09:30:00.000Z',
    streamRevision: BigInt(revision),
    logPosition: { commit: 10n, prepare: 9n },
    correlationId: 'c0ffee',
    data: { what },
  };
}

export function thingMessage(stream: string, revision: number, what?: string): BusMessage {
  return encodeCloudEvent(thingHappenedV1.topic, thingHappened(stream, revision, what));
}
