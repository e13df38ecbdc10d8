import type { RecordedEvent } from '@alliance/event-sourcing';
import { type Projection, upsertRows } from '@alliance/read-models';
import type { DataSource, EntityManager } from 'typeorm';
import { type OrganisationEvent, organisationEvents } from '../organisation/organisation.events';
import {
  type ComparableFacts,
  EVERY_ORGANISATION,
  type Fingerprint,
  fingerprintOf,
  keysOf,
  keysToWeigh,
} from './fingerprint';
import { type Likeness, likenessOf } from './likeness';
import { editsBetween } from './spelling';

/** The table's row of one organisation. */
interface IndexedRow {
  readonly organisation_id: string;
  readonly fingerprint: Fingerprint;
  /** What it follows from. */
  readonly facts: ComparableFacts;
  readonly applied_by: string;
  /** Its facts are those of the surviving organisation now; these are kept for an undo. */
  readonly merged: boolean;
}

/**
 * Every organisation that has ever applied, under the keys by which those like it are found; and how frequent each key
 * is. One that is merged is found no more: the surviving one is, by its facts.
 */
export const fingerprintIndex: Projection = {
  name: 'fingerprint-index',
  tables: ['organisation_fingerprint', 'organisation_key', 'organisation_key_frequency'],
  catalogues: [organisationEvents],
  async apply(tx, events) {
    const facts = events as readonly (RecordedEvent & OrganisationEvent)[];
    const ids = [...new Set(facts.flatMap(idsOf))];
    const before = new Map((await indexedRows(tx, ids)).map((row) => [row.organisation_id, row]));
    const after = new Map(before);
    for (const event of facts) for (const row of changedBy(event, after)) after.set(row.organisation_id, row);
    const changed = [...after.values()].filter((row) => before.get(row.organisation_id) !== row);
    await upsertRows(tx, 'organisation_fingerprint', ['organisation_id'], changed);
    const pairsOf = (rows: readonly (IndexedRow | undefined)[]) =>
      new Map(
        rows.flatMap((row) => (row && !row.merged ? keysOf(row.fingerprint).map((key) => pairOf(key, row)) : [])),
      );
    const was = pairsOf(changed.map(({ organisation_id }) => before.get(organisation_id)));
    const is = pairsOf(changed);
    await changePostings(
      tx,
      [...was].filter(([pair]) => !is.has(pair)),
      [...is].filter(([pair]) => !was.has(pair)),
    );
  },
};

/** The organisation whose event it is and, when it absorbs or gives back another one, that one. */
function idsOf(event: RecordedEvent & OrganisationEvent): readonly string[] {
  const id = organisationEvents.category.idOf(event.streamName);
  const isMerge = event.type === 'OrganisationAbsorbed' || event.type === 'AbsorptionUndone';
  return isMerge ? [id, event.data.organisationId] : [id];
}

function changedBy(
  event: RecordedEvent & OrganisationEvent,
  rows: ReadonlyMap<string, IndexedRow>,
): readonly IndexedRow[] {
  if (event.type === 'MembershipAppliedFor') {
    const { organisationId, facts, appliedBy } = event.data;
    return [{ organisation_id: organisationId, ...indexed(facts), applied_by: appliedBy, merged: false }];
  }
  const [row, other] = idsOf(event).map((id) => rows.get(id));
  if (row === undefined) throw new Error(`${event.streamName} does not begin with an application.`);
  switch (event.type) {
    case 'InformationProvided': {
      const { identifiers } = event.data;
      return identifiers === undefined ? [] : [{ ...row, ...indexed({ ...row.facts, identifiers }) }];
    }
    // The stream of the surviving one says it first: the two are never found side by side with the same facts.
    case 'OrganisationAbsorbed':
    case 'AbsorptionUndone': {
      if (other === undefined) throw new Error(`${event.data.organisationId}, which was merged, has never applied.`);
      const merged = event.type === 'OrganisationAbsorbed';
      return [
        { ...row, ...indexed(event.data.facts) },
        { ...other, merged },
      ];
    }
    default:
      return [];
  }
}

function indexed({ name, legalForm, regionKey, identifiers, website, address }: ComparableFacts) {
  const facts = { name, legalForm, regionKey, identifiers, website, address };
  return { facts, fingerprint: fingerprintOf(facts) };
}

type Posting = readonly [pair: string, posting: { readonly key: string; readonly organisationId: string }];

function pairOf(key: string, { organisation_id: organisationId }: IndexedRow): Posting {
  return [`${organisationId} ${key}`, { key, organisationId }];
}

async function changePostings(tx: EntityManager, gone: readonly Posting[], come: readonly Posting[]): Promise<void> {
  const columns = (postings: readonly Posting[]) => [
    postings.map(([, { key }]) => key),
    postings.map(([, { organisationId }]) => organisationId),
  ];
  if (gone.length > 0) {
    await tx.query(
      `DELETE FROM organisation_key AS posting USING unnest($1::text[], $2::uuid[]) AS gone (key, organisation_id)
       WHERE posting.key = gone.key AND posting.organisation_id = gone.organisation_id`,
      columns(gone),
    );
  }
  if (come.length > 0) {
    await tx.query(
      'INSERT INTO organisation_key (key, organisation_id) SELECT * FROM unnest($1::text[], $2::uuid[])',
      columns(come),
    );
  }
  const changes = new Map<string, number>();
  for (const [, { key }] of come) changes.set(key, (changes.get(key) ?? 0) + 1);
  for (const [, { key }] of gone) changes.set(key, (changes.get(key) ?? 0) - 1);
  await tx.query(
    `INSERT INTO organisation_key_frequency AS present (key, organisations)
     SELECT * FROM unnest($1::text[], $2::integer[])
     ON CONFLICT (key) DO UPDATE SET organisations = present.organisations + excluded.organisations`,
    [[...changes.keys()], [...changes.values()]],
  );
}

async function indexedRows(tx: Pick<EntityManager, 'query'>, ids: readonly string[]): Promise<readonly IndexedRow[]> {
  return tx.query<IndexedRow[]>(
    'SELECT organisation_id, fingerprint, facts, applied_by, merged FROM organisation_fingerprint WHERE organisation_id = ANY ($1)',
    [ids],
  );
}

export interface IndexedOrganisation {
  readonly organisationId: string;
  readonly fingerprint: Fingerprint;
  readonly appliedBy: string;
}

/** The organisation as it is compared with others; `undefined` for one that is merged. */
export async function indexedOrganisation(database: DataSource, id: string): Promise<IndexedOrganisation | undefined> {
  const [row] = await indexedRows(database, [id]);
  return row && !row.merged
    ? { organisationId: id, fingerprint: row.fingerprint, appliedBy: row.applied_by }
    : undefined;
}

/** So many, those with the rarest in common, are compared. */
const MOST_COMPARED = 15;
/** Keys are looked up from the rarest on until so many entries would be read; what everybody has finds nobody. */
const MOST_ENTRIES = 600;
const SHORTEST_MISSPELT = 4;

/**
 * The organisations most like the one with this fingerprint, the likeliest first; itself, if it is in the index, is
 * left out by its id. Three queries, each bounded, however large the index.
 */
export async function likeOrganisations(
  database: DataSource,
  fingerprint: Fingerprint,
  itself?: string,
): Promise<readonly (IndexedOrganisation & Likeness)[]> {
  const frequencies = new Map<string, number>();
  const keys = await keysToLookUp(database, fingerprint, frequencies);
  const neighbours = await database.query<IndexedRow[]>(
    // As arrays, since they lead through the indexes whatever the planner knows of tables that grow.
    `SELECT organisation_id, fingerprint, applied_by FROM organisation_fingerprint
     WHERE organisation_id = ANY (ARRAY(
       SELECT organisation_id
       FROM organisation_key JOIN unnest($1::text[], $2::float8[]) AS wanted (key, weight) USING (key)
       WHERE organisation_key.key = ANY ($1::text[]) AND organisation_id IS DISTINCT FROM $3::uuid
       GROUP BY organisation_id ORDER BY sum(weight) DESC, organisation_id LIMIT ${MOST_COMPARED}
     ))`,
    [keys.map(({ key }) => key), keys.map(({ weight }) => weight), itself ?? null],
  );
  await readFrequencies(
    database,
    neighbours.flatMap((row) => keysToWeigh(row.fingerprint)),
    frequencies,
  );
  return neighbours
    .map((row) => ({
      organisationId: row.organisation_id,
      fingerprint: row.fingerprint,
      appliedBy: row.applied_by,
      ...likenessOf(fingerprint, row.fingerprint, (key) => frequencies.get(key) ?? 0),
    }))
    .sort((a, b) => b.score - a.score || (a.organisationId < b.organisationId ? -1 : 1));
}

/** Its own keys and those of words that are misspelt in one of the names, as long as not too many have them. */
async function keysToLookUp(database: DataSource, fingerprint: Fingerprint, frequencies: Map<string, number>) {
  const own = keysOf(fingerprint);
  const words = fingerprint.words.map(({ key }) => key).filter((key) => key.length >= SHORTEST_MISSPELT);
  const found = await database.query<{ key: string; word: string; organisations: number }[]>(
    `SELECT key, key AS word, organisations FROM organisation_key_frequency WHERE key = ANY ($1)
     UNION ALL
     SELECT key, word, organisations FROM unnest($2::text[]) AS word
     JOIN organisation_key_frequency ON key % word AND key NOT LIKE '%:%'`,
    [own, words],
  );
  const wanted = new Map<string, number>();
  for (const { key, word, organisations } of found) {
    frequencies.set(key, organisations);
    if (organisations > 0 && !isEverywhere(key) && editsBetween(key, word) !== undefined)
      wanted.set(key, organisations);
  }
  const all = Math.max(1, frequencies.get(EVERY_ORGANISATION) ?? 0);
  let entries = 0;
  return [...wanted]
    .sort(([, a], [, b]) => a - b)
    .filter(([, organisations]) => (entries += organisations) <= MOST_ENTRIES)
    .map(([key, organisations]) => ({ key, weight: Math.log2(1 + all / organisations) }));
}

/** A place alone finds everybody in it. */
function isEverywhere(key: string): boolean {
  return key === EVERY_ORGANISATION || key.startsWith('region:');
}

async function readFrequencies(
  database: DataSource,
  keys: readonly string[],
  into: Map<string, number>,
): Promise<void> {
  const missing = [...new Set(keys)].filter((key) => !into.has(key));
  const rows = await database.query<{ key: string; organisations: number }[]>(
    'SELECT key, organisations FROM organisation_key_frequency WHERE key = ANY ($1)',
    [missing],
  );
  for (const { key, organisations } of rows) into.set(key, organisations);
}
