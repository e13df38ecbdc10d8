import type { CommandContext, RecordedEvent } from '@alliance/event-sourcing';
import {
  type DataOf,
  type GateFinding,
  type StructureEvent,
  structureEvents,
  type StructureFacts,
} from './structure.events';

/** What the specifications of this slice begin with. */
export const structureId = '5b9e7a52-1f0c-4c3e-8d26-6a3f1c2b7e90';
export const organisationId = '7d0f3c1e-6f0a-4b8e-9d52-0c6a1f2b3c4d';

export function context(subject: string, of?: string): CommandContext {
  const roles = subject.startsWith('coordinator') ? ['coordinator'] : ['representative'];
  return {
    commandId: '00000000-0000-4000-8000-000000000001',
    correlationId: 'spec',
    causationId: 'spec',
    actor: { subject, roles, ...(of !== undefined && { organisationId: of }) },
    at: '2026-03-01T10:00:00.000Z',
  };
}

export const advice: StructureFacts = {
  name: 'Rechtsberatung Ukraine',
  fieldKeys: ['orientation'],
  regionKeys: ['09162000'],
  targetGroups: ['families'],
  service: 'legal-advice',
  operatingSince: '2022-04-01',
};

export const free: GateFinding = { demands: 'nothing', reasonFrom: 0.3, consentFrom: 0.7, overlaps: [] };

const other = {
  structureId: '11111111-1111-4111-8111-111111111111',
  name: 'Anwaltliche Sprechstunde',
  organisationId: '22222222-2222-4222-8222-222222222222',
  organisationName: 'Rechtshilfe München e.V.',
};
export const halfway: GateFinding = {
  ...free,
  demands: 'reason',
  overlaps: [{ ...other, score: 0.5, terms: { field: 1, region: 0.5, targetGroup: 1, service: 1 } }],
};
export const doubled: GateFinding = {
  ...free,
  demands: 'consent',
  overlaps: [{ ...other, score: 1, terms: { field: 1, region: 1, targetGroup: 1, service: 1 } }],
};

const said: DataOf<'StructureProposed'> = {
  structureId,
  organisationId,
  facts: advice,
  minimumOperatingMonths: 12,
  gate: free,
  recordedBy: 'representative-1',
};
export const reason = 'They advise on asylum, we on tenancy.';
export const recorded: StructureEvent = { type: 'StructureRecorded', data: said };
export const proposed: StructureEvent = { type: 'StructureProposed', data: { ...said, gate: doubled, reason } };
export const confirmed: StructureEvent = {
  type: 'StructureConfirmed',
  data: { confirmedBy: 'coordinator-1', gate: free },
};
export const ended: StructureEvent = { type: 'StructureEnded', data: { reasonCode: 'funding-ended' } };

/** The event in the log, as the nth of the structure's stream, on the nth day of March. */
export function inLog(event: StructureEvent, revision = 0, id = structureId): RecordedEvent {
  return {
    ...event,
    streamName: structureEvents.category.streamName(id),
    revision: BigInt(revision),
    position: { commit: BigInt(revision), prepare: BigInt(revision) },
    metadata: {
      eventId: '33333333-3333-4333-8333-333333333333',
      commandId: '44444444-4444-4444-8444-444444444444',
      correlationId: 'spec',
      causationId: 'spec',
      actor: { subject: 'somebody', roles: [] },
      occurredAt: `2026-03-0${revision + 1}T10:00:00.000Z`,
      schemaVersion: 1,
    },
  };
}
