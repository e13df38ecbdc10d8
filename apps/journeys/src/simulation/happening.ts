import { type Contract, publication, type Publication } from '@alliance/contracts';
import type { RelayedSlice } from '@alliance/event-bus';
import { type RecordedEvent, streamCategory } from '@alliance/event-sourcing';
import { Type } from '@sinclair/typebox';

/** What the simulated service is about: things, to which something happens. */
export const things = streamCategory('simulated', 'thing');

/** What happens to others lies in the same log, and nobody here follows it. */
export const others = streamCategory('simulated', 'other');

/** The contract that the simulated service publishes. */
export const happenedV1 = {
  type: 'simulated.Happened.v1',
  topic: 'simulated.thing.v1',
  description: 'Something happened to a thing.',
  schema: Type.Object({ broken: Type.Boolean({ description: 'The handler cannot handle it before it is mended.' }) }),
} as const satisfies Contract;

/** `Happened` is published, `Noted` is the service's own affair. */
export const thingSlice: RelayedSlice = {
  catalogue: { category: things },
  publish: (event): Publication | undefined =>
    isPublished(event) ? publication(happenedV1, event.data as { broken: boolean }) : undefined,
};

/** Whether the ledger's handler cannot handle it before it is mended. */
export function isBroken({ data }: { readonly data: unknown }): boolean {
  return (data as { broken: boolean }).broken;
}

export function isOfThings({ streamName }: Pick<RecordedEvent, 'streamName'>): boolean {
  return streamName.startsWith(things.prefix);
}

export function isPublished({ type }: Pick<RecordedEvent, 'type'>): boolean {
  return type === 'Happened';
}
