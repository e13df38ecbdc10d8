import type { RecordedEvent } from '@alliance/event-sourcing';
import { type OrganisationEvent, organisationEvents } from '../organisation/organisation.events';
import { type StructureEvent, structureEvents } from '../structure/structure.events';
import type { AssuranceCommand } from './assurance.decider';
import { organisationFacts, structureFacts } from './freshness';

type Wanted = 'KeepFacts' | 'RenewFacts' | 'RetireFacts';

/** A wish to keep the facts of a record, to have them assured anew, or to keep them no more. */
export type FactsToKeep = {
  [Type in Wanted]: {
    readonly type: Type;
    /** The record. */
    readonly target: string;
    readonly data: Extract<AssuranceCommand, { type: Type }>['data'];
  };
}[Wanted];

/**
 * An admission assures the facts that it has verified; who records, revises or confirms a structure assures what it is.
 * A coordinator who merges two organisations, or undoes that, has said of each fact whose it is, which assures those of
 * both: one that comes back has fresh facts, not the age that they had. Of who has left, of who was merged and of what
 * has ended nobody is asked any more.
 */
export function factsToKeepAfter(fact: RecordedEvent): readonly FactsToKeep[] {
  const event = fact as RecordedEvent & (OrganisationEvent | StructureEvent);
  const { occurredAt: assuredAt, actor } = event.metadata;
  const role = actor.roles.includes('coordinator') ? 'coordinator' : 'representative';
  switch (event.type) {
    case 'OrganisationAdmitted':
      return [keepFactsOf(event)];
    case 'MergeUndone':
      return event.data.toStage === 'admitted' ? [keepFactsOf(event)] : [];
    case 'OrganisationMerged':
      // Of an applicant no facts are kept.
      return event.data.fromStage === 'admitted' ? [retireFactsOf(event)] : [];
    case 'OrganisationLeft':
      return [retireFactsOf(event)];
    case 'OrganisationAbsorbed':
    case 'AbsorptionUndone': {
      const target = organisationEvents.category.idOf(event.streamName);
      return [{ type: 'RenewFacts', target, data: { kinds: organisationFacts, assuredAt, role: 'coordinator' } }];
    }
    case 'StructureRecorded': {
      const owner = { recordType: 'structure', organisationId: event.data.organisationId } as const;
      const data = { ...owner, kinds: structureFacts(event.data), assuredAt, role } as const;
      return [{ type: 'KeepFacts', target: structureEvents.category.idOf(event.streamName), data }];
    }
    case 'StructureRevised':
    case 'StructureConfirmed':
    case 'CapacityAssured': {
      const kinds = event.type === 'CapacityAssured' ? (['capacity'] as const) : (['offer'] as const);
      const target = structureEvents.category.idOf(event.streamName);
      return [{ type: 'RenewFacts', target, data: { kinds, assuredAt, role } }];
    }
    case 'StructureEnded':
      return [{ type: 'RetireFacts', target: structureEvents.category.idOf(event.streamName), data: {} }];
    default:
      return [];
  }
}

function keepFactsOf({ streamName, metadata: { occurredAt: assuredAt } }: RecordedEvent): FactsToKeep {
  const organisationId = organisationEvents.category.idOf(streamName);
  const data = { recordType: 'organisation', organisationId, kinds: organisationFacts, assuredAt } as const;
  return { type: 'KeepFacts', target: organisationId, data: { ...data, role: 'coordinator' } };
}

function retireFactsOf({ streamName }: RecordedEvent): FactsToKeep {
  return { type: 'RetireFacts', target: organisationEvents.category.idOf(streamName), data: {} };
}
