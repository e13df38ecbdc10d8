import type { RecordedEvent } from '@alliance/event-sourcing';
import { foldIntoRows, type KeysetOrder, keysetPage, type Projection, type RowFold } from '@alliance/read-models';
import { regionsAround } from '@alliance/region-keys';
import { Column, Entity, type EntityManager, PrimaryColumn } from 'typeorm';
import type { Currency } from '../money';
import type { Standing } from '../recipient-standing/recipient-standing.events';
import { evolveStanding } from '../standing';
import type { Application } from './application.events';
import { writeFundedLines } from './funded-line.read-model';
import { evolveAmounts, type GrantAmounts, noAmounts } from './grant-amounts';
import { type DataOf, type GrantEvent, grantEvents } from './grant.events';
import { drafted, evolveProgress, type GrantProgress, type GrantStage, grantStages, stageOf } from './grant-stage';

/** A grant, its amounts in cents (see the glossary for what each of them is), and where it stands. */
@Entity('grant_register')
export class GrantEntry {
  @PrimaryColumn('uuid')
  readonly id: string;
  @Column('uuid', { name: 'call_id' })
  readonly callId: string;
  @Column('uuid', { name: 'pot_id' })
  readonly potId: string;
  /** Who applied, by the id of that day. */
  @Column('uuid', { name: 'applicant_id' })
  readonly applicantId: string;
  /** Empty until its first words are written. */
  @Column('text')
  readonly title: string;
  @Column('text')
  readonly summary: string;
  @Column('uuid', { name: 'structure_id', nullable: true })
  readonly structureId: string | null;
  @Column('text', { name: 'field_keys', array: true })
  readonly fieldKeys: string[];
  @Column('text', { name: 'region_keys', array: true })
  readonly regionKeys: string[];
  /** Its regions and all around them. */
  @Column('text', { name: 'within_keys', array: true, select: false })
  readonly withinKeys: string[];
  @Column('date', { name: 'project_from', nullable: true })
  readonly projectFrom: string | null;
  @Column('date', { name: 'project_to', nullable: true })
  readonly projectTo: string | null;
  @Column('text')
  readonly currency: Currency;
  @Column('bigint')
  readonly requested: string;
  @Column('bigint')
  readonly recommended: string;
  @Column('bigint')
  readonly awarded: string;
  @Column('bigint')
  readonly disbursed: string;
  @Column('bigint')
  readonly remaining: string;
  @Column('bigint')
  readonly spent: string;
  @Column('bigint')
  readonly returned: string;
  /** When the final report is due. */
  @Column('date', { name: 'proof_due_on', nullable: true })
  readonly proofDueOn: string | null;
  /** As the grant's stream tells it, if it does. */
  @Column('text', { nullable: true })
  readonly standing: Standing | null;
  @Column('uuid', { name: 'survivor_id', nullable: true })
  readonly survivorId: string | null;
  @Column('timestamptz', { name: 'standing_since', nullable: true })
  readonly standingSince: Date | null;
  /** Who has declared a conflict of interest. */
  @Column('text', { array: true })
  readonly conflicted: string[];
  @Column('text')
  readonly stage: GrantStage;
  @Column('timestamptz', { name: 'stage_since' })
  readonly stageSince: Date;
  @Column('timestamptz', { name: 'drafted_at' })
  readonly draftedAt: Date;
  @Column('timestamptz', { name: 'submitted_at', nullable: true })
  readonly submittedAt: Date | null;
  @Column('timestamptz', { name: 'awarded_at', nullable: true })
  readonly awardedAt: Date | null;
}

interface Row extends GrantAmounts {
  readonly id: string;
  readonly call_id: string;
  readonly pot_id: string;
  readonly applicant_id: string;
  readonly title: string;
  readonly summary: string;
  readonly structure_id: string | null;
  readonly field_keys: readonly string[];
  readonly region_keys: readonly string[];
  readonly within_keys: readonly string[];
  readonly project_from: string | null;
  readonly project_to: string | null;
  readonly currency: Currency;
  readonly proof_due_on: string | null;
  readonly standing: Standing | null;
  readonly survivor_id: string | null;
  readonly standing_since: string | null;
  readonly conflicted: readonly string[];
  readonly stage: GrantStage;
  readonly stage_since: string;
  readonly progress: GrantProgress;
  readonly drafted_at: string;
  readonly submitted_at: string | null;
  readonly awarded_at: string | null;
}

type Recorded = RecordedEvent & GrantEvent;

/** The grants, and the lines that money is asked for: what is paid twice is found by both, as of one moment. */
export const grantRegister: Projection = {
  name: 'grant-register',
  tables: ['grant_register', 'funded_line'],
  catalogues: [grantEvents],
  async apply(tx, recorded) {
    await writeFundedLines(tx, recorded as readonly Recorded[]);
    await foldIntoRows(tx, fold, recorded);
  },
};

const fold: RowFold<Row> = {
  table: 'grant_register',
  keyColumn: 'id',
  keyOf: ({ streamName }) => grantEvents.category.idOf(streamName),
  evolve(row, recorded) {
    const event = recorded as Recorded;
    const at = event.metadata.occurredAt;
    if (event.type === 'GrantDrafted') return firstRow(grantEvents.category.idOf(event.streamName), event.data, at);
    if (row === undefined) throw new Error(`${event.streamName} does not begin with a grant.`);
    const progress = evolveProgress(row.progress, event);
    const stage = stageOf(progress);
    return {
      ...row,
      ...evolveAmounts(amountsOf(row), event, row.progress),
      ...columnsOf(event, row, at),
      proof_due_on: progress.finalReport?.dueOn ?? null,
      progress,
      stage,
      stage_since: stage === row.stage ? row.stage_since : at,
    };
  },
};

function firstRow(id: string, data: DataOf<'GrantDrafted'>, at: string): Row {
  return {
    id,
    call_id: data.callId,
    pot_id: data.potId,
    applicant_id: data.applicantOrganisationId,
    title: '',
    summary: '',
    structure_id: null,
    field_keys: [],
    region_keys: [],
    within_keys: [],
    project_from: null,
    project_to: null,
    currency: data.currency,
    ...noAmounts,
    proof_due_on: null,
    standing: null,
    survivor_id: null,
    standing_since: null,
    conflicted: [],
    stage: stageOf(drafted),
    stage_since: at,
    progress: drafted,
    drafted_at: at,
    submitted_at: null,
    awarded_at: null,
  };
}

/** What the event says besides amounts and stage. */
function columnsOf(event: GrantEvent, row: Row, at: string): Partial<Row> {
  switch (event.type) {
    case 'ApplicationRevised':
      return wordsOf(event.data.application);
    case 'ApplicationSubmitted':
      return { ...wordsOf(event.data.application), submitted_at: row.submitted_at ?? at };
    case 'GrantAwarded':
      return { awarded_at: at };
    case 'ConflictDeclared':
      return { conflicted: [...new Set([...row.conflicted, event.data.subject])] };
    case 'RecipientStandingChanged': {
      const standing = evolveStanding(undefined, event);
      return standing === undefined
        ? {}
        : { standing: standing.standing, survivor_id: standing.survivorId, standing_since: standing.since };
    }
    default:
      return {};
  }
}

function wordsOf({ title, summary, structureId, fieldKeys, regionKeys, projectFrom, projectTo }: Application) {
  return {
    title,
    summary,
    structure_id: structureId,
    field_keys: fieldKeys,
    region_keys: regionKeys,
    within_keys: regionsAround(regionKeys),
    project_from: projectFrom,
    project_to: projectTo,
  };
}

function amountsOf({ requested, recommended, awarded, disbursed, remaining, spent, returned }: Row): GrantAmounts {
  return { requested, recommended, awarded, disbursed, remaining, spent, returned };
}

/** Whatever `stage` can be asked for. */
export const listedStages: readonly GrantStage[] = grantStages;

export interface GrantsQuery {
  readonly stage?: GrantStage;
  readonly call?: string;
  readonly pot?: string;
  /** An organisation, under every id that counts as it. */
  readonly applicantIds?: readonly string[];
  /** A field of action. */
  readonly field?: string;
  /** A region; grants for anything in it. */
  readonly within?: string;
  readonly order: readonly KeysetOrder<GrantOrder>[];
  readonly limit: number;
  readonly cursor?: string;
}

export type GrantOrder = 'title' | 'stage' | 'stageSince' | 'draftedAt' | 'requested' | 'awarded' | 'disbursed';

/** A page of them, only of these applicants where `ownIds` names some. */
export function findGrants(
  tx: EntityManager,
  query: GrantsQuery,
  ownIds: readonly string[] | undefined,
): Promise<{ items: GrantEntry[]; nextCursor?: string }> {
  const found = tx.createQueryBuilder(GrantEntry, 'grant').where('true');
  if (ownIds !== undefined) found.andWhere('grant.applicantId = ANY (:ownIds)', { ownIds });
  if (query.stage !== undefined) found.andWhere('grant.stage = :stage', query);
  if (query.call !== undefined) found.andWhere('grant.callId = :call', query);
  if (query.pot !== undefined) found.andWhere('grant.potId = :pot', query);
  if (query.applicantIds !== undefined) found.andWhere('grant.applicantId = ANY (:applicantIds)', query);
  if (query.field !== undefined) found.andWhere('grant.fieldKeys @> ARRAY[:field]', query);
  if (query.within !== undefined) found.andWhere('grant.withinKeys @> ARRAY[:within]', query);
  return keysetPage(found, { ...query, key: 'id' });
}
