import {
  organisationAdmittedV1,
  organisationLeftV1,
  organisationMergedV1,
  organisationMergeUndoneV1,
  organisationReinstatedV1,
  organisationRevisedV1,
  organisationSuspendedV1,
  type Publication,
  publication,
} from '@alliance/contracts';
import type { RecordedEvent } from '@alliance/event-sourcing';
import { type OrganisationEvent, organisationEvents, type OrganisationFacts } from './organisation.events';

export const organisationContracts = [
  organisationAdmittedV1,
  organisationSuspendedV1,
  organisationReinstatedV1,
  organisationLeftV1,
  organisationMergedV1,
  organisationMergeUndoneV1,
  organisationRevisedV1,
] as const;

/** What the alliance is told of an organisation: from its admission on, and not before. Reasons go out as codes only. */
export function publishOrganisation(recorded: RecordedEvent): Publication | undefined {
  const event = recorded as RecordedEvent & OrganisationEvent;
  const organisationId = organisationEvents.category.idOf(recorded.streamName);
  const { occurredAt } = recorded.metadata;
  switch (event.type) {
    case 'OrganisationAdmitted':
      return publication(organisationAdmittedV1, {
        organisationId,
        ...publicFacts(event.data.facts),
        admittedAt: occurredAt,
      });
    case 'OrganisationAbsorbed':
    case 'AbsorptionUndone':
      return publication(organisationRevisedV1, {
        organisationId,
        ...publicFacts(event.data.facts),
        revisedAt: occurredAt,
      });
    // Of one that was never admitted nobody has been told.
    case 'OrganisationMerged': {
      const { intoOrganisationId, fromStage } = event.data;
      if (fromStage !== 'admitted') return undefined;
      return publication(organisationMergedV1, { organisationId, intoOrganisationId, mergedAt: occurredAt });
    }
    case 'MergeUndone': {
      const { fromOrganisationId, toStage } = event.data;
      if (toStage !== 'admitted') return undefined;
      return publication(organisationMergeUndoneV1, { organisationId, fromOrganisationId, undoneAt: occurredAt });
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
    case 'MergeDecided':
    case 'MergeBlocked':
    case 'AbsorptionDeclined':
      return undefined;
    default:
      return event satisfies never;
  }
}

function publicFacts(facts: OrganisationFacts) {
  const { name, kind, legalForm, regionKey, identifiers, fieldKeys, parentOrganisationId } = facts;
  return {
    name,
    kind,
    ...(legalForm !== undefined && { legalForm }),
    ...(regionKey !== undefined && { regionKey }),
    identifiers,
    fieldKeys,
    ...(parentOrganisationId !== undefined && { parentOrganisationId }),
  };
}
