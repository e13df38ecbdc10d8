import type { RecordedEvent } from '@alliance/event-sourcing';
import { Column } from 'typeorm';
import { type AssuranceEvent, assuranceEvents, type Assurer } from './assurance.events';
import type { FactKind } from './freshness';

/** Who last said of a fact that it holds and when; `staleSince`, once nobody has said so for too long. */
export interface FactFreshness {
  readonly assuredAt: string;
  readonly assuredBy: Assurer;
  readonly standing: boolean;
  readonly staleSince?: string;
}
export type FactsFreshness = Readonly<Partial<Record<FactKind, FactFreshness>>>;

/** How fresh a record is, as the table of records shows it; without facts while none are kept of it. */
export abstract class AssuredRecord {
  @Column('jsonb', { name: 'assured_facts' })
  readonly assuredFacts: FactsFreshness;
  @Column('timestamptz', { name: 'assured_at', nullable: true })
  readonly assuredAt: Date | null;
  @Column('timestamptz', { name: 'stale_since', nullable: true })
  readonly staleSince: Date | null;
}

/** The same, by the table's columns. */
export interface FreshnessColumns {
  readonly assured_facts: FactsFreshness;
  readonly assured_at: string | null;
  readonly stale_since: string | null;
}

export const UNASSURED: FreshnessColumns = { assured_facts: {}, assured_at: null, stale_since: null };

export function isAssurance(event: RecordedEvent): event is RecordedEvent & AssuranceEvent {
  return event.streamName.startsWith(assuranceEvents.category.prefix);
}

export function freshnessAfter(facts: FactsFreshness, event: RecordedEvent & AssuranceEvent): FreshnessColumns {
  const { [event.data.kind]: known, ...others } = facts;
  switch (event.type) {
    case 'FactAssured': {
      const { kind, assuredAt, assuredBy, standing } = event.data;
      return columnsOf({ ...others, [kind]: { assuredAt, assuredBy, standing } });
    }
    case 'FactMarkedStale': {
      const { occurredAt: staleSince } = event.metadata;
      return columnsOf(known === undefined ? facts : { ...others, [event.data.kind]: { ...known, staleSince } });
    }
    case 'FactRetired':
      return columnsOf(others);
    case 'ReminderFellDue':
      return columnsOf(facts);
    default:
      return event satisfies never;
  }
}

function columnsOf(facts: FactsFreshness): FreshnessColumns {
  const [staleSince = null] = Object.values(facts)
    .flatMap((fact) => fact.staleSince ?? [])
    .sort();
  return { assured_facts: facts, assured_at: oldestAssurance(facts)?.assuredAt ?? null, stale_since: staleSince };
}

/** A record is as fresh as that fact of it which nobody has assured for longest; standing ones count when all stand. */
export function oldestAssurance(facts: FactsFreshness): FactFreshness | undefined {
  const all = Object.values(facts);
  const ageing = all.filter(({ standing }) => !standing);
  return (ageing.length > 0 ? ageing : all).toSorted((one, other) => (one.assuredAt < other.assuredAt ? -1 : 1))[0];
}
