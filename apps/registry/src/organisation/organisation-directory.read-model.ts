import type { Actor, RecordedEvent } from '@alliance/event-sourcing';
import { foldIntoRows, keysetPage, type Projection, type RowFold } from '@alliance/read-models';
import { assuranceEvents } from '../assurance/assurance.events';
import {
  AssuredRecord,
  freshnessAfter,
  type FreshnessColumns,
  isAssurance,
  UNASSURED,
} from '../assurance/record-freshness.read-model';
import { Column, DataSource, Entity, type EntityManager, PrimaryColumn, type SelectQueryBuilder } from 'typeorm';
import { recordedFieldKeys } from '../field-of-action/field-of-action-list.read-model';
import { findRegion } from '../region/region-map.read-model';
import { type Identifier, registrationKey, transliterate } from '../identifier';
import {
  type Address,
  type OrganisationEvent,
  organisationEvents,
  type OrganisationFacts,
  type OrganisationKind,
} from './organisation.events';

export const directoryStages = [
  'applied',
  'information-requested',
  'verified',
  'admitting',
  'admitted',
  'suspended',
  'refused',
  'left',
  'merged',
] as const;
export type DirectoryStage = (typeof directoryStages)[number];
/** What everyone in the alliance may see: its members. */
const MEMBER_STAGES: readonly DirectoryStage[] = ['admitted', 'suspended'];

/** An organisation as the directory shows it. */
@Entity('organisation')
export class DirectoryEntry extends AssuredRecord {
  @PrimaryColumn('uuid')
  readonly id: string;
  @Column('text')
  readonly name: string;
  @Column('text', { name: 'search_name', select: false })
  readonly searchName: string;
  @Column('text')
  readonly kind: OrganisationKind;
  @Column('text', { name: 'legal_form', nullable: true })
  readonly legalForm: string | null;
  @Column('text')
  readonly stage: DirectoryStage;
  @Column('timestamptz', { name: 'stage_since' })
  readonly stageSince: Date;
  @Column('text', { name: 'region_key', nullable: true })
  readonly regionKey: string | null;
  @Column('date', { name: 'operating_since' })
  readonly operatingSince: string;
  @Column('jsonb')
  readonly identifiers: readonly Identifier[];
  @Column('text', { name: 'registration_keys', array: true, select: false })
  readonly registrationKeys: readonly string[];
  @Column('text', { name: 'field_keys', array: true })
  readonly fieldKeys: readonly string[];
  @Column('text', { nullable: true })
  readonly website: string | null;
  @Column('jsonb', { nullable: true })
  readonly address: Address | null;
  /** The organisation that this one counts as since a merge; it may itself be merged into a third. */
  @Column('uuid', { name: 'merged_into', nullable: true })
  readonly mergedInto: string | null;
  /** What it was before it was merged. */
  @Column('text', { name: 'merged_from_stage', nullable: true, select: false })
  readonly mergedFromStage: DirectoryStage | null;
  @Column('text', { name: 'applied_by', select: false })
  readonly appliedBy: string;
  @Column('timestamptz', { name: 'applied_at' })
  readonly appliedAt: Date;
  /** Of the last event that the entry knows. */
  @Column('bigint')
  readonly revision: string;
}

/** The table's row, by its columns. */
interface DirectoryRow extends FreshnessColumns {
  readonly id: string;
  readonly name: string;
  readonly search_name: string;
  readonly kind: OrganisationKind;
  readonly legal_form: string | null;
  readonly stage: DirectoryStage;
  readonly stage_since: string;
  readonly region_key: string | null;
  readonly operating_since: string;
  readonly identifiers: readonly Identifier[];
  readonly registration_keys: readonly string[];
  readonly field_keys: readonly string[];
  readonly website: string | null;
  readonly address: Address | null;
  readonly merged_into: string | null;
  readonly merged_from_stage: DirectoryStage | null;
  readonly applied_by: string;
  readonly applied_at: string;
  readonly revision: number;
}

/** Of the events that change nothing but the stage; `undefined` for those that do not change it either. */
const STAGE_AFTER = {
  InformationRequested: 'information-requested',
  InformationProvided: 'applied',
  OrganisationVerified: 'verified',
  AdmissionDecided: 'admitting',
  AdmissionBlocked: 'verified',
  OrganisationAdmitted: 'admitted',
  MembershipRefused: 'refused',
  OrganisationSuspended: 'suspended',
  OrganisationReinstated: 'admitted',
  OrganisationLeft: 'left',
  OrganisationMerged: 'merged',
  // Nobody sees a merge before it is complete.
  MergeDecided: undefined,
  MergeBlocked: undefined,
  OrganisationAbsorbed: undefined,
  AbsorptionDeclined: undefined,
  AbsorptionUndone: undefined,
} as const satisfies Record<
  Exclude<OrganisationEvent['type'], 'MembershipAppliedFor' | 'MergeUndone'>,
  DirectoryStage | undefined
>;

const fold: RowFold<DirectoryRow> = {
  table: 'organisation',
  keyColumn: 'id',
  keyOf: (event) => (isAssurance(event) ? assuranceEvents : organisationEvents).category.idOf(event.streamName),
  evolve(row, recorded) {
    // Of structures there is no row here.
    if (isAssurance(recorded)) return row && { ...row, ...freshnessAfter(row.assured_facts, recorded) };
    const event = recorded as RecordedEvent & OrganisationEvent;
    const revision = Number(event.revision);
    const { occurredAt } = event.metadata;
    if (event.type === 'MembershipAppliedFor') return firstRow(event.data, occurredAt);
    if (row === undefined) throw new Error(`${event.streamName} does not begin with an application.`);
    const stage = event.type === 'MergeUndone' ? event.data.toStage : (STAGE_AFTER[event.type] ?? row.stage);
    const next = { ...row, stage, stage_since: stage === row.stage ? row.stage_since : occurredAt, revision };
    switch (event.type) {
      case 'InformationProvided': {
        const { identifiers = row.identifiers } = event.data;
        return { ...next, identifiers, registration_keys: identifiers.map(registrationKey) };
      }
      case 'OrganisationMerged': {
        const { intoOrganisationId, fromStage } = event.data;
        return { ...next, merged_into: intoOrganisationId, merged_from_stage: fromStage };
      }
      case 'MergeUndone':
        return { ...next, merged_into: null, merged_from_stage: null };
      case 'OrganisationAbsorbed':
      case 'AbsorptionUndone':
        return { ...next, ...factColumns(event.data.facts) };
      default:
        return next;
    }
  },
};

type AppliedFor = Extract<OrganisationEvent, { type: 'MembershipAppliedFor' }>['data'];

function firstRow({ organisationId, facts, appliedBy }: AppliedFor, at: string): DirectoryRow {
  return {
    id: organisationId,
    ...factColumns(facts),
    ...UNASSURED,
    stage: 'applied',
    stage_since: at,
    merged_into: null,
    merged_from_stage: null,
    applied_by: appliedBy,
    applied_at: at,
    revision: 0,
  };
}

function factColumns(facts: OrganisationFacts) {
  return {
    name: facts.name,
    search_name: searchName(facts.name),
    kind: facts.kind,
    legal_form: facts.legalForm ?? null,
    region_key: facts.regionKey ?? null,
    operating_since: facts.operatingSince,
    identifiers: facts.identifiers,
    registration_keys: facts.identifiers.map(registrationKey),
    field_keys: facts.fieldKeys,
    website: facts.website ?? null,
    address: facts.address ?? null,
  };
}

/** Words in one spelling, so that "Muenchen", "MÜNCHEN" and "München" find each other. */
function searchName(name: string): string {
  return transliterate(name)
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

export const organisationDirectory: Projection = {
  name: 'organisation-directory',
  tables: ['organisation'],
  catalogues: [organisationEvents, assuranceEvents],
  apply: (tx, events) => foldIntoRows(tx, fold, events),
};

export interface DirectoryQuery {
  /** Words of the name; misspellings are forgiven. */
  readonly search?: string;
  readonly stage?: DirectoryStage;
  readonly kind?: OrganisationKind;
  /** A region; organisations with their seat anywhere in it. */
  readonly within?: string;
  /** A field of action; also what was recorded under the fields whose place it took. */
  readonly field?: string;
  /** A normalised identifier. */
  readonly identifier?: Identifier;
  /** Those merged into this one. */
  readonly mergedInto?: string;
  /** Whether one of its facts is marked stale. */
  readonly stale?: boolean;
  /** By `assuredAt`: only those of whom facts are kept. */
  readonly order: readonly {
    readonly field: 'name' | 'stageSince' | 'appliedAt' | 'assuredAt';
    readonly direction: Direction;
  }[];
  readonly limit: number;
  readonly cursor?: string;
}
type Direction = 'ascending' | 'descending';

/**
 * Those that the condition finds (on `organisation`, with a rank), and those that they were merged into: what was merged
 * is found under the surviving record.
 */
const withSurvivors = (condition: string, rank: string) => `(
  WITH RECURSIVE found AS (
    SELECT id, merged_into, ${rank} AS rank FROM organisation WHERE ${condition}
    UNION
    SELECT survivor.id, survivor.merged_into, found.rank
    FROM found JOIN organisation AS survivor ON survivor.id = found.merged_into
  )
  SELECT id, max(rank) AS rank FROM found GROUP BY id)`;

/** How much of the words has to be found, by trigrams: forgives one wrong letter in a short word. */
const SIMILAR_ENOUGH = 0.4;

/**
 * A page of what the actor may see: coordinators and auditors all, everyone else the members and what they applied for
 * or represent. With a search and no order the best matches come first, and only the first page of them.
 */
export async function findOrganisations(
  database: DataSource,
  query: DirectoryQuery,
  actor: Actor,
): Promise<{ readonly items: readonly DirectoryEntry[]; readonly nextCursor?: string } | 'unknown region'> {
  return database.transaction(async (tx) => {
    const found = visibleTo(actor, tx);
    if (query.stage !== undefined) found.andWhere('entry.stage = :stage', query);
    else if (query.mergedInto === undefined) found.andWhere(`entry.stage <> 'merged'`);
    if (query.mergedInto !== undefined) found.andWhere('entry.mergedInto = :mergedInto', query);
    if (query.kind !== undefined) found.andWhere('entry.kind = :kind', query);
    if (query.stale !== undefined) found.andWhere(`entry.staleSince IS ${query.stale ? 'NOT NULL' : 'NULL'}`);
    if (query.order.some(({ field }) => field === 'assuredAt')) found.andWhere('entry.assuredAt IS NOT NULL');
    if (query.field !== undefined) {
      const keys = await recordedFieldKeys(tx, query.field);
      found.andWhere('entry.fieldKeys && ARRAY[:...keys]', { keys });
    }
    if (query.identifier !== undefined) {
      const holders = withSurvivors('registration_keys @> ARRAY[:key]', '1');
      found.innerJoin(holders, 'holder', 'holder.id = entry.id', { key: registrationKey(query.identifier) });
    }
    if (query.within !== undefined) {
      const region = await findRegion(tx, query.within);
      if (region === undefined) return 'unknown region';
      found.andWhere('entry.regionKey LIKE :within', { within: `${region.prefix}%` });
    }
    const words = query.search === undefined ? '' : searchName(query.search);
    if (words !== '') {
      await tx.query(`SELECT set_config('pg_trgm.word_similarity_threshold', $1, true)`, [String(SIMILAR_ENOUGH)]);
      const matches = withSurvivors(':words <% search_name', 'word_similarity(:words, search_name)');
      found.innerJoin(matches, 'match', 'match.id = entry.id', { words });
    }
    if (words !== '' && query.order.length === 0) {
      found.orderBy('match.rank', 'DESC').addOrderBy('entry.id').limit(query.limit);
      return { items: await found.getMany() };
    }
    const order = query.order.length > 0 ? query.order : [{ field: 'name', direction: 'ascending' } as const];
    return keysetPage(found, { order, key: 'id', limit: query.limit, cursor: query.cursor });
  });
}

/** The entry, if there is one that the actor may see. */
export async function findOrganisation(
  database: DataSource,
  id: string,
  actor: Actor,
): Promise<DirectoryEntry | undefined> {
  const found = await visibleTo(actor, database.manager).andWhere('entry.id = :id', { id }).getOne();
  return found ?? undefined;
}

/** The organisation that each of these registrations belongs to, of those that have neither left nor been refused. */
export async function organisationsRegisteredAs(
  tx: EntityManager,
  registrationKeys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = await tx.query<{ key: string; id: string }[]>(
    `SELECT key, min(id::text) AS id
     FROM (SELECT id, unnest(registration_keys) AS key FROM organisation WHERE stage NOT IN ('refused', 'left')) AS held
     JOIN unnest($1::text[]) AS wanted (key) USING (key) GROUP BY key`,
    [registrationKeys],
  );
  return new Map(found.map(({ key, id }) => [key, id]));
}

/** Those of the entries that there are and that the actor may see, by id. */
export async function findOrganisationsById(
  database: DataSource,
  ids: readonly string[],
  actor: Actor,
): Promise<ReadonlyMap<string, DirectoryEntry>> {
  const found = await visibleTo(actor, database.manager).andWhere('entry.id = ANY (:ids)', { ids }).getMany();
  return new Map(found.map((entry) => [entry.id, entry]));
}

/** The organisation itself and all that count as it since they were merged. */
export async function mergedWith(tx: EntityManager, id: string): Promise<readonly string[]> {
  const rows = await tx.query<{ id: string }[]>(
    `WITH RECURSIVE merged AS (
       SELECT $1::uuid AS id
       UNION
       SELECT organisation.id FROM merged JOIN organisation ON organisation.merged_into = merged.id
     )
     SELECT id FROM merged`,
    [id],
  );
  return rows.map((row) => row.id);
}

/**
 * The organisations for which a representative acts: their own and those that were merged into it; none when it was
 * merged itself. A merge is seen as soon as the directory knows of it.
 */
export async function representedBy(tx: EntityManager, { roles, organisationId }: Actor): Promise<readonly string[]> {
  if (!roles.includes('representative') || organisationId === undefined) return [];
  const isMerged = await tx.existsBy(DirectoryEntry, { id: organisationId, stage: 'merged' });
  return isMerged ? [] : mergedWith(tx, organisationId);
}

/**
 * A subquery: the `id` of each organisation that the alliance has no more to do with, since it was refused or has left,
 * or was merged into one that has; and `since` when. No such organisation comes back: it would have to apply anew.
 */
export const GONE_ORGANISATIONS = `(
  WITH RECURSIVE gone AS (
    SELECT id, stage_since AS since FROM organisation WHERE stage IN ('left', 'refused')
    UNION
    SELECT organisation.id, gone.since FROM gone JOIN organisation ON organisation.merged_into = gone.id
  )
  SELECT id, since FROM gone)`;

/** What an organisation counts as now: itself, or where its merges end. */
export interface Survivor {
  readonly id: string;
  readonly name: string;
  readonly status: DirectoryStage;
}

/**
 * The organisation that each of these counts as now. References keep the id that they were made with, and are resolved
 * when they are read; so an undo needs no change of them. Those that the directory does not know yet are absent.
 */
export async function survivorsOf(tx: EntityManager, ids: readonly string[]): Promise<ReadonlyMap<string, Survivor>> {
  const ends = await tx.query<(Survivor & { readonly of: string })[]>(
    `WITH RECURSIVE merge AS (
       SELECT id AS "of", id, name, stage, merged_into FROM organisation WHERE id = ANY ($1)
       UNION ALL
       SELECT merge."of", next.id, next.name, next.stage, next.merged_into
       FROM merge JOIN organisation AS next ON next.id = merge.merged_into
     )
     SELECT "of", id, name, stage AS status FROM merge WHERE merged_into IS NULL`,
    [ids],
  );
  return new Map(ends.map(({ of, ...survivor }) => [of, survivor]));
}

function visibleTo(actor: Actor, tx: EntityManager): SelectQueryBuilder<DirectoryEntry> {
  const entries = tx.createQueryBuilder(DirectoryEntry, 'entry').where('true');
  if (actor.roles.includes('coordinator') || actor.roles.includes('auditor')) return entries;
  const stage = 'coalesce(entry.mergedFromStage, entry.stage)';
  return entries.andWhere(`(${stage} IN (:...members) OR entry.appliedBy = :subject OR entry.id = :own)`, {
    members: MEMBER_STAGES,
    subject: actor.subject,
    own: actor.organisationId ?? null,
  });
}
