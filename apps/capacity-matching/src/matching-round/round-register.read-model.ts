import type { RecordedEvent } from '@alliance/event-sourcing';
import {
  foldIntoRows,
  type KeysetOrder,
  keysetPage,
  type Projection,
  type RowFold,
  upsertRows,
} from '@alliance/read-models';
import { Column, Entity, type EntityManager, PrimaryColumn } from 'typeorm';
import type { WeekRun } from '../event-fields';
import type { HardRule } from '../feasibility';
import { NeedRow } from '../need/need-register.read-model';
import { liesWithin } from '../offer/offer-scope.read-model';
import {
  type BindingReason,
  type DataOf,
  type MatchingRoundEvent,
  matchingRoundEvents,
  type NearestMiss,
} from './matching-round.events';

export const roundStatuses = ['running', 'solved', 'stopped'] as const;
export type RoundStatus = (typeof roundStatuses)[number];

/** A matching round as it stands. */
@Entity('matching_round')
export class MatchingRoundRow {
  @PrimaryColumn('uuid')
  readonly id: string;
  @Column('text')
  readonly status: RoundStatus;
  @Column('timestamptz', { name: 'requested_at' })
  readonly requestedAt: Date;
  @Column('timestamptz', { name: 'ended_at', nullable: true })
  readonly endedAt: Date | null;
  @Column('integer', { name: 'time_limit_ms' })
  readonly timeLimitMs: number;
  @Column('text')
  readonly position: string;
  @Column('text', { name: 'inputs_digest' })
  readonly inputsDigest: string;
  @Column('integer')
  readonly offers: number;
  @Column('integer')
  readonly needs: number;
  @Column('jsonb')
  readonly settings: DataOf<'RoundRequested'>['settings'];
  @Column('jsonb', { nullable: true })
  readonly solution: DataOf<'RoundSolved'> | null;
  @Column('text', { name: 'stopped_for', nullable: true })
  readonly stoppedFor: string | null;
}

/** What a round proposes; that of a round without a result counts for nothing. */
@Entity('round_proposal')
export class RoundProposal {
  @PrimaryColumn('text')
  readonly id: string;
  @Column('uuid', { name: 'round_id' })
  readonly roundId: string;
  @Column('uuid', { name: 'need_id' })
  readonly needId: string;
  @Column('uuid', { name: 'offer_id' })
  readonly offerId: string;
  @Column('uuid', { name: 'helping_organisation_id' })
  readonly helpingOrganisationId: string;
  @Column('uuid', { name: 'supporting_organisation_id' })
  readonly supportingOrganisationId: string;
  @Column('integer')
  readonly score: number;
  @Column('jsonb')
  readonly terms: DataOf<'RoundProposed'>['proposals'][number]['terms'];
  @Column('jsonb')
  readonly weeks: readonly WeekRun[];
  /** Why it became no allocation. */
  @Column('text', { name: 'left_out_for', nullable: true })
  readonly leftOutFor: string | null;
}

/** What a need goes without after a round, and why. */
@Entity('round_unserved')
export class RoundUnservedNeed {
  @PrimaryColumn('text')
  readonly id: string;
  @Column('uuid', { name: 'round_id' })
  readonly roundId: string;
  @Column('uuid', { name: 'need_id' })
  readonly needId: string;
  @Column('integer')
  readonly severity: number;
  @Column('text')
  readonly reason: BindingReason;
  @Column('text', { nullable: true })
  readonly rule: string | null;
  @Column('jsonb')
  readonly weeks: readonly WeekRun[];
  @Column('jsonb', { name: 'nearest_misses' })
  readonly nearestMisses: readonly NearestMiss[];
}

interface Row {
  readonly id: string;
  readonly status: RoundStatus;
  readonly requested_at: string;
  readonly ended_at: string | null;
  readonly time_limit_ms: number;
  readonly position: string;
  readonly inputs_digest: string;
  readonly offers: number;
  readonly needs: number;
  readonly settings: DataOf<'RoundRequested'>['settings'];
  readonly solution: DataOf<'RoundSolved'> | null;
  readonly stopped_for: string | null;
}

type Recorded = RecordedEvent & MatchingRoundEvent;

const fold: RowFold<Row> = {
  table: 'matching_round',
  keyColumn: 'id',
  keyOf: ({ streamName }) => matchingRoundEvents.category.idOf(streamName),
  evolve(row, recorded) {
    const event = recorded as Recorded;
    const at = event.metadata.occurredAt;
    if (event.type === 'RoundRequested') {
      const { timeLimitMs, position, inputsDigest, offers, needs, settings } = event.data;
      return {
        ...{ id: matchingRoundEvents.category.idOf(event.streamName), status: 'running', requested_at: at },
        ...{
          ended_at: null,
          time_limit_ms: timeLimitMs,
          position,
          inputs_digest: inputsDigest,
          offers,
          needs,
          settings,
        },
        ...{ solution: null, stopped_for: null },
      };
    }
    if (row === undefined) throw new Error(`${event.streamName} does not begin with the request of a round.`);
    if (event.type === 'RoundSolved') return { ...row, status: 'solved', ended_at: at, solution: event.data };
    if (event.type === 'RoundStopped') {
      return { ...row, status: 'stopped', ended_at: at, stopped_for: event.data.reasonCode };
    }
    return row;
  },
};

/** The matching rounds and what came out of them. */
export const roundRegister: Projection = {
  name: 'round-register',
  tables: ['matching_round', 'round_proposal', 'round_unserved'],
  catalogues: [matchingRoundEvents],
  async apply(tx, events) {
    await foldIntoRows(tx, fold, events);
    const recorded = events as readonly Recorded[];
    await upsertRows(tx, 'round_proposal', ['id'], recorded.flatMap(proposalRows));
    await upsertRows(tx, 'round_unserved', ['id'], recorded.flatMap(unservedRows));
    for (const event of recorded) {
      if (event.type !== 'ProposalLeftOut') continue;
      await tx.query('UPDATE round_proposal SET left_out_for = $2 WHERE id = $1', [
        ...[proposalId(event, event.data), event.data.reasonCode],
      ]);
    }
  },
};

function proposalId({ streamName }: Recorded, { needId, offerId }: { needId: string; offerId: string }): string {
  return `${matchingRoundEvents.category.idOf(streamName)}/${needId}/${offerId}`;
}

function proposalRows(event: Recorded) {
  if (event.type !== 'RoundProposed') return [];
  const round_id = matchingRoundEvents.category.idOf(event.streamName);
  return event.data.proposals.map(({ needId, offerId, score, terms, weeks, ...sides }) => ({
    ...{ id: proposalId(event, { needId, offerId }), round_id, need_id: needId, offer_id: offerId },
    helping_organisation_id: sides.helpingOrganisationId,
    supporting_organisation_id: sides.supportingOrganisationId,
    ...{ score, terms, weeks },
  }));
}

function unservedRows(event: Recorded) {
  if (event.type !== 'RoundUnserved') return [];
  const round_id = matchingRoundEvents.category.idOf(event.streamName);
  return event.data.unserved.map(({ needId, severity, reason, rule = null, weeks, nearestMisses }) => ({
    ...{ id: `${round_id}/${needId}`, round_id, need_id: needId, severity, reason, rule, weeks },
    nearest_misses: nearestMisses,
  }));
}

interface Page<Field extends string> {
  readonly order: readonly KeysetOrder<Field>[];
  readonly limit: number;
  readonly cursor?: string;
}

export function findRounds(
  tx: EntityManager,
  { status, ...page }: Page<'requestedAt'> & { readonly status?: RoundStatus },
) {
  const found = tx.createQueryBuilder(MatchingRoundRow, 'round').where('true');
  if (status !== undefined) found.andWhere('round.status = :status', { status });
  const newestFirst = [{ field: 'requestedAt', direction: 'descending' }] as const;
  return keysetPage(found, { ...page, order: page.order.length > 0 ? page.order : newestFirst, key: 'id' });
}

/** Of a round, in the order of needs unless another order is asked for. */
export function findProposals(
  tx: EntityManager,
  {
    roundId,
    needId,
    offerId,
    isLeftOut,
    ...page
  }: Page<'score'> & {
    readonly roundId: string;
    readonly needId?: string;
    readonly offerId?: string;
    readonly isLeftOut?: boolean;
  },
) {
  const found = tx.createQueryBuilder(RoundProposal, 'proposal').where('proposal.roundId = :roundId', { roundId });
  if (needId !== undefined) found.andWhere('proposal.needId = :needId', { needId });
  if (offerId !== undefined) found.andWhere('proposal.offerId = :offerId', { offerId });
  if (isLeftOut !== undefined) found.andWhere('(proposal.leftOutFor IS NOT NULL) = :isLeftOut', { isLeftOut });
  return keysetPage(found, { ...page, key: 'id' });
}

export function findUnserved(
  tx: EntityManager,
  {
    roundId,
    needId,
    reason,
    rule,
    severity,
    field,
    region,
    ...page
  }: Page<'severity'> & {
    readonly roundId: string;
    readonly needId?: string;
    readonly reason?: BindingReason;
    readonly rule?: HardRule;
    readonly severity?: number;
    /** Of the need as it is now. */
    readonly field?: string;
    /** That the need is in, or that contains its region. */
    readonly region?: string;
  },
) {
  const found = tx.createQueryBuilder(RoundUnservedNeed, 'unserved').where('unserved.roundId = :roundId', { roundId });
  if (needId !== undefined) found.andWhere('unserved.needId = :needId', { needId });
  if (reason !== undefined) found.andWhere('unserved.reason = :reason', { reason });
  if (rule !== undefined) found.andWhere('unserved.rule = :rule', { rule });
  if (severity !== undefined) found.andWhere('unserved.severity = :severity', { severity });
  if (field !== undefined || region !== undefined) found.innerJoin(NeedRow, 'need', 'need.id = unserved.needId');
  if (field !== undefined) found.andWhere('need.fieldKeys @> CAST(:fields AS text[])', { fields: [field] });
  if (region !== undefined) found.andWhere(liesWithin('need.regionKey', ':region'), { region });
  return keysetPage(found, { ...page, key: 'id' });
}

/** Rounds that should have come to an end long since, in the order of their ids, after that one. */
export async function roundsLeftBehind(
  tx: EntityManager,
  {
    now,
    graceMs,
    afterId,
    limit,
  }: {
    readonly now: Date;
    readonly graceMs: number;
    readonly afterId?: string;
    readonly limit: number;
  },
): Promise<readonly string[]> {
  const found = await tx.query<{ id: string }[]>(
    `SELECT id FROM matching_round
     WHERE status = 'running' AND requested_at + (time_limit_ms + $2) * interval '1 millisecond' < $1
       AND ($3::uuid IS NULL OR id > $3)
     ORDER BY id LIMIT $4`,
    [now, graceMs, afterId ?? null, limit],
  );
  return found.map(({ id }) => id);
}
