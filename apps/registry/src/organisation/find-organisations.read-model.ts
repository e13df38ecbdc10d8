import type { Actor } from '@alliance/event-sourcing';
import { keysetPage } from '@alliance/read-models';
import type { DataSource, EntityManager, SelectQueryBuilder } from 'typeorm';
import { recordedFieldKeys } from '../field-of-action/field-of-action-list.read-model';
import { type Identifier, registrationKey } from '../identifier';
import { findRegion } from '../region/region-map.read-model';
import { DirectoryEntry, type DirectoryStage, searchName } from './organisation-directory.read-model';
import type { OrganisationKind } from './organisation.events';

/** What everyone in the alliance may see: its members. */
const MEMBER_STAGES: readonly DirectoryStage[] = ['admitted', 'suspended'];

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
