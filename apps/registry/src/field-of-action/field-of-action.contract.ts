import {
  fieldOfActionAddedV1,
  fieldOfActionRenamedV1,
  fieldOfActionRetiredV1,
  type Publication,
  publication,
} from '@alliance/contracts';
import type { RecordedEvent } from '@alliance/event-sourcing';
import type { FieldOfActionEvent } from './field-of-action.events';

export const fieldOfActionContracts = [fieldOfActionAddedV1, fieldOfActionRenamedV1, fieldOfActionRetiredV1] as const;

/** Fields of action are public as they are. */
export function publishFieldOfAction(recorded: RecordedEvent): Publication {
  const event = recorded as RecordedEvent & FieldOfActionEvent;
  switch (event.type) {
    case 'FieldOfActionAdded':
      return publication(fieldOfActionAddedV1, event.data);
    case 'FieldOfActionRenamed':
      return publication(fieldOfActionRenamedV1, event.data);
    case 'FieldOfActionRetired':
      return publication(fieldOfActionRetiredV1, event.data);
    default:
      return event satisfies never;
  }
}
