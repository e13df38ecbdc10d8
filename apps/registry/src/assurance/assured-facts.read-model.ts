import type { RecordedEvent } from '@alliance/event-sourcing';
import { foldIntoRows, keysetPage, type Projection, type RowFold } from '@alliance/read-models';
import { Column, Entity, type EntityManager, PrimaryColumn } from 'typeorm';
import { GONE_ORGANISATIONS, mergedWith } from '../organisation/survivors.read-model';
import { type AssuranceEvent, assuranceEvents, type Assurer } from './assurance.events';
import type { Ageing, FactKind, RecordType } from './freshness';

/** A fact of the registry and who last assured that it holds. */
@Entity('assured_fact')
export class AssuredFact {
  /** Record and kind, joined by a dot. */
  @PrimaryColumn('text')
  readonly id: string;
  @Column('text', { name: 'record_type' })
  readonly recordType: RecordType;
  @Column('uuid', { name: 'record_id' })
  readonly recordId: string;
  @Column('uuid', { name: 'organisation_id' })
  readonly organisationId: string;
  @Column('text')
  readonly kind: FactKind;
  @Column('timestamptz', { name: 'assured_at' })
  readonly assuredAt: Date;
  @Column('text', { name: 'assured_by_role' })
  readonly assuredByRole: Assurer['role'];
  @Column('uuid', { name: 'assured_by_organisation_id', nullable: true })
  readonly assuredByOrganisationId: string | null;
  @Column('boolean')
  readonly standing: boolean;
  @Column('timestamptz', { name: 'reminded_at', nullable: true })
  readonly remindedAt: Date | null;
  @Column('timestamptz', { name: 'stale_since', nullable: true })
  readonly staleSince: Date | null;
}

/** The table's row, by its columns. */
interface FactRow {
  readonly id: string;
  readonly record_type: RecordType;
  readonly record_id: string;
  readonly organisation_id: string;
  readonly kind: FactKind;
  readonly assured_at: string;
  readonly assured_by_role: Assurer['role'];
  readonly assured_by_organisation_id: string | null;
  readonly standing: boolean;
  readonly reminded_at: string | null;
  readonly stale_since: string | null;
}

const fold: RowFold<FactRow> = {
  table: 'assured_fact',
  keyColumn: 'id',
  keyOf: (recorded) => idOf(recorded as RecordedEvent & AssuranceEvent),
  evolve(row, recorded) {
    const event = recorded as RecordedEvent & AssuranceEvent;
    switch (event.type) {
      case 'FactAssured': {
        const { recordType, organisationId, kind, assuredAt, assuredBy, standing } = event.data;
        return {
          id: idOf(event),
          record_type: recordType,
          record_id: assuranceEvents.category.idOf(event.streamName),
          organisation_id: organisationId,
          kind,
          assured_at: assuredAt,
          assured_by_role: assuredBy.role,
          assured_by_organisation_id: assuredBy.organisationId ?? null,
          standing,
          reminded_at: null,
          stale_since: null,
        };
      }
      case 'ReminderFellDue':
        return row && { ...row, reminded_at: event.data.remindedAt };
      case 'FactMarkedStale':
        return row && { ...row, stale_since: event.metadata.occurredAt };
      case 'FactRetired':
        return undefined;
      default:
        return event satisfies never;
    }
  },
};

function idOf(event: RecordedEvent & AssuranceEvent): string {
  return `${assuranceEvents.category.idOf(event.streamName)}.${event.data.kind}`;
}

export const assuredFacts: Projection = {
  name: 'assured-facts',
  tables: ['assured_fact'],
  catalogues: [assuranceEvents],
  apply: (tx, events) => foldIntoRows(tx, fold, events),
};

/** The rule of each kind. */
export type AgeingRules = Readonly<Record<FactKind, Ageing>>;

// Days are those of UTC; `:rules` is `AgeingRules` as JSON.
const onDay = (moment: string) => `CAST(fact.${moment} AT TIME ZONE 'UTC' AS date)`;
const ofRule = (days: keyof Ageing) => `CAST(CAST(:rules AS json) -> fact.kind ->> '${days}' AS integer)`;
const REMINDER_ON = `${onDay('assuredAt')} + ${ofRule('halfLifeDays')}`;
const STALE_ON = `greatest(${onDay('assuredAt')} + 2 * ${ofRule('halfLifeDays')}, ${onDay('remindedAt')} + ${ofRule('noticeDays')})`;

/**
 * Facts that on that day are to be reminded of or, where that is done, to be marked stale: those after the id, by id. As
 * `freshness.ts` has the rule; the aggregate has the last word. Who has left the alliance is not asked for what their
 * structures were; of a merged organisation its structures go on, and not the record of itself.
 */
export function agedFacts(
  tx: EntityManager,
  query: { readonly day: string; readonly rules: AgeingRules; readonly afterId: string; readonly limit: number },
): Promise<readonly AssuredFact[]> {
  const { rules, limit, ...parameters } = query;
  return tx
    .createQueryBuilder(AssuredFact, 'fact')
    .where('NOT fact.standing AND fact.staleSince IS NULL AND fact.id > :afterId')
    .andWhere(`CASE WHEN fact.remindedAt IS NULL THEN ${REMINDER_ON} ELSE ${STALE_ON} END <= CAST(:day AS date)`)
    .andWhere(`fact.organisationId NOT IN (SELECT gone.id FROM ${GONE_ORGANISATIONS} AS gone)`)
    .andWhere(`NOT EXISTS (SELECT FROM organisation WHERE id = fact.recordId AND stage = 'merged')`)
    .setParameters({ ...parameters, rules: JSON.stringify(rules) })
    .orderBy('fact.id')
    .take(limit)
    .getMany();
}

export interface AssuranceQuery {
  readonly recordType?: RecordType;
  readonly recordId?: string;
  /** Its own facts, and those of the organisations that were merged into it. */
  readonly organisationId?: string;
  readonly kind?: FactKind;
  readonly stale?: boolean;
  /** Facts whose reminder falls due before this day, or has done so: what to confirm next. */
  readonly dueBefore?: string;
  readonly order: readonly { readonly field: 'assuredAt' | 'kind'; readonly direction: 'ascending' | 'descending' }[];
  readonly limit: number;
  readonly cursor?: string;
}

/** A page of facts, those first that were assured longest ago unless another order is asked for. */
export async function findAssuredFacts(
  tx: EntityManager,
  query: AssuranceQuery,
  rules: AgeingRules,
): Promise<{ readonly items: readonly AssuredFact[]; readonly nextCursor?: string }> {
  const found = tx.createQueryBuilder(AssuredFact, 'fact').where('true');
  if (query.recordType !== undefined) found.andWhere('fact.recordType = :recordType', query);
  if (query.recordId !== undefined) found.andWhere('fact.recordId = :recordId', query);
  if (query.organisationId !== undefined) {
    const ids = await mergedWith(tx, query.organisationId);
    found.andWhere('fact.organisationId IN (:...ids)', { ids });
  }
  if (query.kind !== undefined) found.andWhere('fact.kind = :kind', query);
  if (query.stale !== undefined) found.andWhere(`fact.staleSince IS ${query.stale ? 'NOT NULL' : 'NULL'}`);
  if (query.dueBefore !== undefined) {
    found
      .andWhere(`NOT fact.standing AND ${REMINDER_ON} < CAST(:dueBefore AS date)`)
      .setParameters({ dueBefore: query.dueBefore, rules: JSON.stringify(rules) });
  }
  const order = query.order.length > 0 ? query.order : [{ field: 'assuredAt', direction: 'ascending' } as const];
  return keysetPage(found, { order, key: 'id', limit: query.limit, cursor: query.cursor });
}
