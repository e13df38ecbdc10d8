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
 * Of who has left and of what has ended nobody is asked any more.
 */
export function factsToKeepAfter(fact: RecordedEvent): readonly FactsToKeep[] {
  const event = fact as RecordedEvent & (OrganisationEvent | StructureEvent);
  const { occurredAt: assuredAt, actor } = event.metadata;
  const role = actor.roles.includes('coordinator') ? 'coordinator' : 'representative';
  switch (event.type) {
    case 'OrganisationAdmitted': {
      const organisationId = organisationEvents.category.idOf(event.streamName);
      const owner = { recordType: 'organisation', organisationId } as const;
      const said = { kinds: organisationFacts, assuredAt, role: 'coordinator' } as const;
      return [{ type: 'KeepFacts', target: organisationId, data: { ...owner, ...said } }];
    }
    case 'OrganisationLeft':
      return [{ type: 'RetireFacts', target: organisationEvents.category.idOf(event.streamName), data: {} }];
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
