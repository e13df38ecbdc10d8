import { randomUUID } from 'node:crypto';
import { currentSchemaVersion, type RecordedEvent } from '@alliance/event-sourcing';
import { organisationEvents } from '@alliance/registry';
import { jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { abandon, bareClient } from '../bare-client';
import { concurrently } from '../measure';
import type { Written } from './population';

/** The fact that the organisation of the record has applied. */
export function application({ id: organisationId, facts }: Written) {
  return {
    streamName: organisationEvents.category.streamName(organisationId),
    revision: 0n,
    position: { commit: 0n, prepare: 0n },
    type: 'MembershipAppliedFor',
    data: { organisationId, facts, minimumOperatingMonths: 12, appliedBy: 'representative-1' },
    metadata: {
      eventId: randomUUID(),
      commandId: randomUUID(),
      correlationId: organisationId,
      causationId: organisationId,
      actor: { subject: 'representative-1', roles: ['representative'] },
      occurredAt: '2026-01-15T10:00:00.000Z',
      schemaVersion: currentSchemaVersion(organisationEvents.definitions.MembershipAppliedFor),
    },
  } satisfies RecordedEvent;
}

/** Puts an application for each of the records into the log, through the bare client; gives the place of the last. */
export async function applyForAll(url: string, records: readonly Written[]): Promise<bigint> {
  const client = bareClient(url);
  let last = 0n;
  await concurrently(records.length, 16, async (index) => {
    const record = records[index];
    if (record === undefined) return;
    const { streamName, type, data, metadata } = application(record);
    const { position } = await client.appendToStream(
      streamName,
      jsonEvent({ id: metadata.eventId, type, data, metadata }),
      { expectedRevision: NO_STREAM },
    );
    if (position !== undefined && position.commit > last) last = position.commit;
  });
  abandon(client);
  return last;
}

export interface Quality {
  /** Of the planted duplicates, the share that was found. */
  readonly recall: number;
  /** Of the pairs that were found, the share that was planted. */
  readonly precision: number;
}

/** Judges the pairs that were found, each by the ids of its organisations. */
export function qualityOf(records: readonly Written[], found: readonly (readonly string[])[]): Quality {
  const pair = (ids: readonly string[]) => [...ids].sort().join(' ');
  const planted = new Set(
    records.flatMap(({ id, duplicateOf }) => (duplicateOf === undefined ? [] : [pair([id, duplicateOf])])),
  );
  const pairs = new Set(found.map(pair));
  const right = [...pairs].filter((one) => planted.has(one)).length;
  return { recall: right / planted.size, precision: right / pairs.size };
}
