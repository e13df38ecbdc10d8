import {
  type Publication,
  publication,
  structureCapacityAssuredV1,
  structureConfirmedV1,
  structureEndedV1,
  structureRecordedV1,
  structureRevisedV1,
} from '@alliance/contracts';
import type { RecordedEvent } from '@alliance/event-sourcing';
import { type StructureEvent, structureEvents } from './structure.events';

export const structureContracts = [
  structureRecordedV1,
  structureConfirmedV1,
  structureRevisedV1,
  structureCapacityAssuredV1,
  structureEndedV1,
] as const;

/** What the alliance is told of a structure: what holds, never what is only proposed, and no reasons in free text. */
export function publishStructure(recorded: RecordedEvent): Publication | undefined {
  const event = recorded as RecordedEvent & StructureEvent;
  const structureId = structureEvents.category.idOf(recorded.streamName);
  const { occurredAt } = recorded.metadata;
  switch (event.type) {
    case 'StructureRecorded': {
      const { organisationId, facts, capacity } = event.data;
      const data = { structureId, organisationId, ...facts, ...(capacity && { capacity }), recordedAt: occurredAt };
      return publication(structureRecordedV1, data);
    }
    case 'StructureConfirmed':
      return publication(structureConfirmedV1, { structureId, confirmedAt: occurredAt });
    case 'StructureRevised':
      return publication(structureRevisedV1, { structureId, ...event.data.facts, revisedAt: occurredAt });
    case 'CapacityAssured':
      return publication(structureCapacityAssuredV1, { structureId, capacity: event.data.capacity });
    case 'StructureEnded':
      return publication(structureEndedV1, {
        structureId,
        reasonCode: event.data.reasonCode,
        endedAt: occurredAt,
      });
    case 'StructureProposed':
    case 'RevisionProposed':
    case 'ProposalWithdrawn':
      return undefined;
    default:
      return event satisfies never;
  }
}
