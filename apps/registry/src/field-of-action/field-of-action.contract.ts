import { fieldOfActionAddedV1, fieldOfActionRenamedV1, type Publication, publication } from '@alliance/contracts';
import type { RecordedEvent } from '@alliance/event-sourcing';
import type { FieldOfActionEvent } from './field-of-action.events';

export const fieldOfActionContracts = [fieldOfActionAddedV1, fieldOfActionRenamedV1] as const;

/** Fields of action are public as they are. */
export function publishFieldOfAction(recorded: RecordedEvent): Publication {
  const event = recorded as RecordedEvent & FieldOfActionEvent;
  return event.type === 'FieldOfActionAdded'
    ? publication(fieldOfActionAddedV1, event.data)
    : publication(fieldOfActionRenamedV1, event.data);
}
