import {
  organisationAdmittedV1,
  organisationLeftV1,
  organisationReinstatedV1,
  organisationSuspendedV1,
  type Publication,
  publication,
} from '@alliance/contracts';
import type { RecordedEvent } from '@alliance/event-sourcing';
import { type OrganisationEvent, organisationEvents } from './organisation.events';

export const organisationContracts = [
  organisationAdmittedV1,
  organisationSuspendedV1,
  organisationReinstatedV1,
  organisationLeftV1,
] as const;

/** What the alliance is told of an organisation: from its admission on, and not before. Reasons go out as codes only. */
export function publishOrganisation(recorded: RecordedEvent): Publication | undefined {
  const event = recorded as RecordedEvent & OrganisationEvent;
  const organisationId = organisationEvents.category.idOf(recorded.streamName);
  const { occurredAt } = recorded.metadata;
  switch (event.type) {
    case 'OrganisationAdmitted': {
      const { name, kind, legalForm, regionKey, identifiers, fieldKeys } = event.data.facts;
      return publication(organisationAdmittedV1, {
        organisationId,
        name,
        kind,
        ...(legalForm !== undefined && { legalForm }),
        ...(regionKey !== undefined && { regionKey }),
        identifiers,
        fieldKeys,
        admittedAt: occurredAt,
      });
    }
    case 'OrganisationSuspended':
      return publication(organisationSuspendedV1, {
        organisationId,
        reasonCode: event.data.reasonCode,
        suspendedAt: occurredAt,
      });
    case 'OrganisationReinstated':
      return publication(organisationReinstatedV1, { organisationId, reinstatedAt: occurredAt });
    case 'OrganisationLeft':
      return publication(organisationLeftV1, { organisationId, leftAt: occurredAt });
    case 'MembershipAppliedFor':
    case 'InformationRequested':
    case 'InformationProvided':
    case 'OrganisationVerified':
    case 'AdmissionDecided':
    case 'AdmissionBlocked':
    case 'MembershipRefused':
      return undefined;
    default:
      return event satisfies never;
  }
}
