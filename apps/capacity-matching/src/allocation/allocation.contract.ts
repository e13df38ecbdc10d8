import {
  allocationAcceptedV1,
  allocationDeliveredV1,
  allocationEndedV1,
  allocationProposedV1,
  allocationSecuredV1,
  allocationStartedV1,
  type ContractData,
  hoursReportedV1,
  type Publication,
  publication,
} from '@alliance/contracts';
import type { RecordedEvent } from '@alliance/event-sourcing';
import { type AllocationEvent, allocationEvents } from './allocation.events';

export const allocationContracts = [
  allocationProposedV1,
  allocationSecuredV1,
  allocationAcceptedV1,
  allocationStartedV1,
  hoursReportedV1,
  allocationDeliveredV1,
  allocationEndedV1,
] as const;

/** What others are told of an allocation: what is proposed, what begins, and what has come of it. */
export function publishAllocation(recorded: RecordedEvent): Publication | undefined {
  const { type, data } = recorded as RecordedEvent & AllocationEvent;
  const allocationId = allocationEvents.category.idOf(recorded.streamName);
  const { occurredAt } = recorded.metadata;
  const ended = (outcome: ContractData<typeof allocationEndedV1>['outcome'], reasonCode?: string, fromWeek?: string) =>
    publication(allocationEndedV1, {
      ...{ allocationId, outcome, endedAt: occurredAt },
      ...(reasonCode !== undefined && { reasonCode }),
      ...(fromWeek !== undefined && { fromWeek }),
    });
  switch (type) {
    case 'AllocationProposed': {
      const { expiresAt: _, ...proposed } = data;
      return publication(allocationProposedV1, { allocationId, ...proposed, proposedAt: occurredAt });
    }
    case 'CapacitySecured':
      return publication(allocationSecuredV1, { allocationId, securedAt: occurredAt });
    case 'AllocationAccepted':
      return publication(allocationAcceptedV1, { allocationId, side: data.side, acceptedAt: occurredAt });
    case 'AllocationStarted':
      return publication(allocationStartedV1, { allocationId, startedAt: occurredAt });
    case 'HoursReported': {
      const { side, week, minutes } = data;
      return publication(hoursReportedV1, { allocationId, side, week, minutes, reportedAt: occurredAt });
    }
    case 'AllocationDelivered':
      return publication(allocationDeliveredV1, { allocationId, minutes: data.minutes, deliveredAt: occurredAt });
    case 'AllocationDeclined':
      return ended('declined', data.reasonCode);
    case 'AllocationExpired':
      return ended('expired');
    case 'AllocationReleased':
      return ended('released', data.reasonCode, data.fromWeek);
    case 'AllocationFailed':
      return ended('failed', data.reasonCode);
    default:
      return undefined;
  }
}
