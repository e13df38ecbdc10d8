import {
  factAssuredV1,
  factMarkedStaleV1,
  factRetiredV1,
  type Publication,
  publication,
  reminderFellDueV1,
} from '@alliance/contracts';
import type { RecordedEvent } from '@alliance/event-sourcing';
import { type AssuranceEvent, assuranceEvents } from './assurance.events';

export const assuranceContracts = [factAssuredV1, reminderFellDueV1, factMarkedStaleV1, factRetiredV1] as const;

/** Everything that is recorded of facts and their age is for all to know. */
export function publishAssurance(recorded: RecordedEvent): Publication {
  const event = recorded as RecordedEvent & AssuranceEvent;
  const recordId = assuranceEvents.category.idOf(event.streamName);
  switch (event.type) {
    case 'FactAssured':
      return publication(factAssuredV1, { recordId, ...event.data });
    case 'ReminderFellDue':
      return publication(reminderFellDueV1, { recordId, ...event.data });
    case 'FactMarkedStale':
      return publication(factMarkedStaleV1, { recordId, ...event.data, staleSince: event.metadata.occurredAt });
    case 'FactRetired':
      return publication(factRetiredV1, { recordId, ...event.data });
    default:
      return event satisfies never;
  }
}
