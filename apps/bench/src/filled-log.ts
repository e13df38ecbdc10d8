import { randomUUID } from 'node:crypto';
import type { EventMetadata, EventOf } from '@alliance/event-sourcing';
import type { organisationEvents } from '@alliance/registry';
import { jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { abandon, bareClient } from './bare-client';
import { concurrently } from './measure';

export type OrganisationEvent = EventOf<typeof organisationEvents>;

/** The life of one organisation: ten events of the size that real ones have. */
const EVENTS_OF_A_LIFE = 10;

/** Fills the log with the lives of as many organisations as make the number of events, through the bare client. */
export async function fillLog(url: string, events: number): Promise<void> {
  const client = bareClient(url);
  await concurrently(events / EVENTS_OF_A_LIFE, 16, async (index) => {
    const organisationId = randomUUID();
    const metadata = metadataOf(organisationId);
    await client.appendToStream(
      `registry.organisation-${organisationId}`,
      lifeOf(organisationId, index).map(({ type, data }) => {
        const { eventId: id, ...rest } = metadata();
        return jsonEvent({ id, type, data, metadata: rest });
      }),
      { expectedRevision: NO_STREAM },
    );
  });
  abandon(client);
}

function metadataOf(correlationId: string): () => EventMetadata {
  return () => ({
    eventId: randomUUID(),
    commandId: randomUUID(),
    correlationId,
    causationId: correlationId,
    actor: { subject: 'coordinator-1', roles: ['coordinator'] },
    occurredAt: '2026-01-15T10:00:00.000Z',
    schemaVersion: 1,
  });
}

function lifeOf(organisationId: string, index: number): readonly OrganisationEvent[] {
  const facts = {
    name: `Nachbarschaftshilfe Nummer ${index}`,
    kind: 'civil-society' as const,
    legalForm: 'e.V.',
    operatingSince: '2015-04-01',
    regionKey: '11000000',
    identifiers: [{ scheme: 'vereinsregister' as const, court: 'Berlin (Charlottenburg)', number: `VR ${index}` }],
    fieldKeys: ['accommodation', 'orientation'],
    website: 'https://example.org',
  };
  const evidence = { kind: 'register-extract' as const, reference: `extract-${index}`, issuedOn: '2026-01-02' };
  const suspensions = Array.from({ length: 3 }, (): readonly OrganisationEvent[] => [
    { type: 'OrganisationSuspended', data: { reasonCode: 'report-overdue' } },
    { type: 'OrganisationReinstated', data: {} },
  ]);
  return [
    {
      type: 'MembershipAppliedFor',
      data: { organisationId, facts, minimumOperatingMonths: 12, appliedBy: 'representative-1' },
    },
    {
      type: 'OrganisationVerified',
      data: { checks: [{ checked: 'register', evidence }], verifiedBy: 'coordinator-1' },
    },
    { type: 'AdmissionDecided', data: { attempt: 1, decidedBy: 'coordinator-1' } },
    { type: 'OrganisationAdmitted', data: { attempt: 1, organisationId, facts } },
    ...suspensions.flat(),
  ];
}
