import type { RecordedEvent } from '@alliance/event-sourcing';
import { foldIntoRows, type KeysetOrder, keysetPage, type Projection, type RowFold } from '@alliance/read-models';
import { Column, type DataSource, Entity, PrimaryColumn } from 'typeorm';
import { mergedWith } from '../organisation/survivors.read-model';
import { type DuplicateCandidateEvent, duplicateCandidateEvents, type Suspicion } from './duplicate-candidate.events';

export const candidateStatuses = ['suspected', 'dismissed', 'confirmed'] as const;
export type CandidateStatus = (typeof candidateStatuses)[number];

/** A pair of organisations that look like one. */
@Entity('duplicate_candidate')
export class DuplicateCandidateRow {
  @PrimaryColumn('uuid')
  readonly id: string;
  @Column('uuid', { name: 'organisation_ids', array: true })
  readonly organisationIds: readonly string[];
  @Column('text')
  readonly status: CandidateStatus;
  @Column('double precision')
  readonly score: number;
  @Column('jsonb')
  readonly reasons: Suspicion['reasons'];
  @Column('timestamptz', { name: 'suspected_at' })
  readonly suspectedAt: Date;
  @Column('timestamptz', { name: 'decided_at', nullable: true })
  readonly decidedAt: Date | null;
  @Column('text', { name: 'decided_by', nullable: true })
  readonly decidedBy: string | null;
  @Column('text', { name: 'reason_code', nullable: true })
  readonly reasonCode: string | null;
  @Column('text', { nullable: true })
  readonly note: string | null;
  /** Of the last event that the row knows. */
  @Column('bigint')
  readonly revision: string;
}

/** The table's row, by its columns. */
interface Row {
  readonly id: string;
  readonly organisation_ids: readonly string[];
  readonly status: CandidateStatus;
  readonly score: number;
  readonly reasons: Suspicion['reasons'];
  readonly suspected_at: string;
  readonly decided_at: string | null;
  readonly decided_by: string | null;
  readonly reason_code: string | null;
  readonly note: string | null;
  readonly revision: number;
}

const fold: RowFold<Row> = {
  table: 'duplicate_candidate',
  keyColumn: 'id',
  keyOf: ({ streamName }) => duplicateCandidateEvents.category.idOf(streamName),
  evolve(row, recorded) {
    const event = recorded as RecordedEvent & DuplicateCandidateEvent;
    const { occurredAt } = event.metadata;
    const revision = Number(event.revision);
    if (event.type === 'DuplicateSuspected') {
      const { organisationIds, score, reasons } = event.data;
      return {
        id: duplicateCandidateEvents.category.idOf(event.streamName),
        organisation_ids: organisationIds,
        status: 'suspected',
        score,
        reasons,
        suspected_at: occurredAt,
        decided_at: null,
        decided_by: null,
        reason_code: null,
        note: null,
        revision,
      };
    }
    if (row === undefined) throw new Error(`${event.streamName} does not begin with a suspicion.`);
    switch (event.type) {
      case 'DuplicateDismissed': {
        const { reasonCode, note = null, dismissedBy } = event.data;
        const decided = { decided_at: occurredAt, decided_by: dismissedBy, reason_code: reasonCode, note };
        return { ...row, ...decided, status: 'dismissed', revision };
      }
      case 'DuplicateConfirmed':
        return { ...row, decided_at: occurredAt, status: 'confirmed', revision };
      case 'DuplicateReopened':
        return { ...row, decided_at: null, status: 'suspected', revision };
      default:
        return event satisfies never;
    }
  },
};

export const duplicateCandidateList: Projection = {
  name: 'duplicate-candidate-list',
  tables: ['duplicate_candidate'],
  catalogues: [duplicateCandidateEvents],
  apply: (tx, events) => foldIntoRows(tx, fold, events),
};

/**
 * Both count as one organisation by now: one was merged into the other, or both into a third. What was suspected of an
 * organisation follows it into the surviving one, as all references do, and comes back with an undo.
 */
const COUNT_AS_ONE = `EXISTS (
  WITH RECURSIVE counted AS (
    SELECT id AS "of", id, merged_into FROM organisation WHERE id = ANY (candidate.organisation_ids)
    UNION ALL
    SELECT counted."of", next.id, next.merged_into
    FROM counted JOIN organisation AS next ON next.id = counted.merged_into
  )
  SELECT 1 FROM counted GROUP BY id HAVING count(DISTINCT "of") = 2)`;

const HAS_STATUS: Readonly<Record<CandidateStatus, string>> = {
  suspected: `candidate.status = 'suspected' AND NOT ${COUNT_AS_ONE}`,
  dismissed: `candidate.status = 'dismissed'`,
  confirmed: `(candidate.status = 'confirmed' OR candidate.status = 'suspected' AND ${COUNT_AS_ONE})`,
};

export interface CandidateQuery {
  readonly status?: CandidateStatus;
  /** Percent. */
  readonly minScore?: number;
  /** One of the two, or the one that it counts as. */
  readonly organisation?: string;
  readonly order: readonly KeysetOrder<'score' | 'suspectedAt'>[];
  readonly limit: number;
  readonly cursor?: string;
}

/** A page of candidates, those with the highest score first unless another order is asked for. */
export async function findCandidates(
  database: DataSource,
  { status, minScore, organisation, order, limit, cursor }: CandidateQuery,
): Promise<{ readonly items: readonly DuplicateCandidateRow[]; readonly nextCursor?: string }> {
  const found = database.manager.createQueryBuilder(DuplicateCandidateRow, 'candidate').where('true');
  if (status !== undefined) found.andWhere(HAS_STATUS[status]);
  if (minScore !== undefined) found.andWhere('candidate.score >= :least', { least: minScore / 100 });
  if (organisation !== undefined) {
    const ids = await mergedWith(database.manager, organisation);
    found.andWhere('candidate.organisationIds && ARRAY[:...ids]::uuid[]', { ids });
  }
  const byScore = { field: 'score', direction: 'descending' } as const;
  return keysetPage(found, { order: order.length > 0 ? order : [byScore], key: 'id', limit, cursor });
}

export async function findCandidate(database: DataSource, id: string): Promise<DuplicateCandidateRow | undefined> {
  return (await database.manager.findOneBy(DuplicateCandidateRow, { id })) ?? undefined;
}
