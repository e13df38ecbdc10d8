import type { LogPosition, RecordedEvent } from '@alliance/event-sourcing';
import { organisationEvents } from '../organisation/organisation.events';

/** A wish to find the organisations that an organisation might be the same as. */
export interface LookForDuplicates {
  readonly type: 'LookForDuplicates';
  /** The organisation. */
  readonly target: string;
  /** The fact's place in the log: from there on the index knows it, and all that applied before. */
  readonly data: { readonly knownFrom: LogPosition };
}

/** Looks whenever an organisation is new, or says anew by what it is registered. */
export function lookAfter({ type, data, streamName, position }: RecordedEvent): readonly LookForDuplicates[] {
  const changes =
    type === 'MembershipAppliedFor' ||
    (type === 'InformationProvided' && (data as { identifiers?: unknown }).identifiers !== undefined);
  const target = organisationEvents.category.idOf(streamName);
  return changes ? [{ type: 'LookForDuplicates', target, data: { knownFrom: position } }] : [];
}
