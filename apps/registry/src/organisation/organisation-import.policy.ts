import type { Actor, RecordedEvent } from '@alliance/event-sourcing';
import { type OrganisationImportEvent, organisationImportEvents } from './organisation-import.events';

/** A wish that each accepted row of an import becomes an application, as of its acceptance and by who imported it. */
export interface ApplyForImported {
  readonly type: 'ApplyForImported';
  /** The import. */
  readonly target: string;
  readonly data: { readonly appliedBy: Actor; readonly at: string; readonly minimumOperatingMonths: number };
}

/** An import counts once it is accepted; what was only listed is passed over. */
export function applyAfter(fact: RecordedEvent): readonly ApplyForImported[] {
  const event = fact as RecordedEvent & OrganisationImportEvent;
  if (event.type !== 'OrganisationImportAccepted') return [];
  const target = organisationImportEvents.category.idOf(event.streamName);
  const { actor: appliedBy, occurredAt: at } = event.metadata;
  const { minimumOperatingMonths } = event.data;
  return [{ type: 'ApplyForImported', target, data: { appliedBy, at, minimumOperatingMonths } }];
}
