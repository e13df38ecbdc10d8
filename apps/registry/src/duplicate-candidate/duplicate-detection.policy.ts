import type { LogPosition, RecordedEvent } from '@alliance/event-sourcing';
import { type OrganisationEvent, organisationEvents } from '../organisation/organisation.events';

/** A wish to find the organisations that an organisation might be the same as. */
export interface LookForDuplicates {
  readonly type: 'LookForDuplicates';
  /** The organisation. */
  readonly target: string;
  /** The fact's place in the log: from there on the index knows it, and all that applied before. */
  readonly data: { readonly knownFrom: LogPosition };
}

/** A wish to bring what was suspected of two into line with their merge, or with its undo. */
export interface SettleDuplicate {
  readonly type: 'SettleDuplicate';
  /** The organisation that goes, or comes back. */
  readonly target: string;
  readonly data: { readonly other: string };
}

/**
 * Looks whenever an organisation is new, comes back, or counts with other facts than before; and has the pair settled
 * that is merged or separated. One reactor does both, in the order of the log: what was suspected before a merge is there
 * when the pair is settled, and from the merge on the index knows the surviving organisation only.
 */
export function detectAfter(fact: RecordedEvent): readonly (LookForDuplicates | SettleDuplicate)[] {
  const event = fact as RecordedEvent & OrganisationEvent;
  const organisationId = organisationEvents.category.idOf(event.streamName);
  const look = { type: 'LookForDuplicates', target: organisationId, data: { knownFrom: event.position } } as const;
  const settleWith = (other: string) => ({ type: 'SettleDuplicate', target: organisationId, data: { other } }) as const;
  switch (event.type) {
    case 'MembershipAppliedFor':
    case 'OrganisationAbsorbed':
    case 'AbsorptionUndone':
      return [look];
    case 'InformationProvided':
      return event.data.identifiers === undefined ? [] : [look];
    case 'OrganisationMerged':
      return [settleWith(event.data.intoOrganisationId)];
    case 'MergeUndone':
      return [settleWith(event.data.fromOrganisationId), look];
    default:
      return [];
  }
}
