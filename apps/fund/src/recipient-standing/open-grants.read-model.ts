import { idsCountingAs } from '@alliance/known-organisations';
import type { RecordedEvent } from '@alliance/event-sourcing';
import { foldIntoRows, type Projection, type RowFold } from '@alliance/read-models';
import type { EntityManager } from 'typeorm';
import { type GrantEvent, grantEvents } from '../grant/grant.events';
import { isNews, type StandingState } from '../standing';
import type { Standing } from './recipient-standing.events';
import { toldStandings } from './told-standing.read-model';

/** Of a grant that has not come to its end, what its stream tells of its recipient. */
interface Row {
  readonly grant_id: string;
  /** By the id it applied with. */
  readonly applicant_id: string;
  /** The three are null until the stream tells of them. */
  readonly standing: Standing | null;
  readonly survivor_id: string | null;
  readonly since: string | null;
}

const folded: RowFold<Row> = {
  table: 'open_grant',
  keyColumn: 'grant_id',
  keyOf: ({ type, streamName }) => (changes.includes(type) ? grantEvents.category.idOf(streamName) : undefined),
  evolve(row, recorded) {
    const { type, data, streamName } = recorded as RecordedEvent & GrantEvent;
    if (type === 'GrantDrafted') {
      const grant_id = grantEvents.category.idOf(streamName);
      return { grant_id, applicant_id: data.applicantOrganisationId, standing: null, survivor_id: null, since: null };
    }
    if (row === undefined || type !== 'RecipientStandingChanged') return undefined;
    const { standing, survivorId: survivor_id, since } = data;
    return { ...row, standing, survivor_id, since };
  },
};
const changes: readonly string[] = [
  'GrantDrafted',
  'RecipientStandingChanged',
  'GrantWithdrawn',
  'GrantRejected',
  'GrantClosed',
] satisfies readonly GrantEvent['type'][];

/** Whose standing is to be kept with a grant. */
export const openGrants: Projection = {
  name: 'open-grants',
  tables: ['open_grant'],
  catalogues: [grantEvents],
  apply: (tx, events) => foldIntoRows(tx, folded, events),
};

/** A grant, and what is to be noted of its recipient. */
export interface StandingToNote {
  readonly grantId: string;
  readonly told: StandingState;
}

/** Of every open grant of the organisation, or of one that counts as it since a merge. */
export async function standingsOf(tx: EntityManager, organisationId: string): Promise<readonly StandingToNote[]> {
  const applicants = await idsCountingAs(tx, [organisationId]);
  const rows = await tx.query<Pick<Row, 'grant_id' | 'applicant_id'>[]>(
    'SELECT grant_id, applicant_id FROM open_grant WHERE applicant_id = ANY ($1) ORDER BY grant_id',
    [applicants],
  );
  const told = await toldStandings(tx, applicants);
  return rows.flatMap(({ grant_id: grantId, applicant_id }) => {
    const standing = told.get(applicant_id);
    return standing === undefined ? [] : [{ grantId, told: standing }];
  });
}

/** So many open grants after the id, by id, whose stream has yet to hear what the registry has told. */
export async function standingsBehind(
  tx: EntityManager,
  { afterId, limit }: { readonly afterId?: string; readonly limit: number },
): Promise<readonly StandingToNote[]> {
  const behind: StandingToNote[] = [];
  let after = afterId;
  do {
    const rows = await tx.query<(Omit<Row, 'since'> & { since: Date | null })[]>(
      `SELECT grant_id, applicant_id, standing, survivor_id, since FROM open_grant
       WHERE ($1::uuid IS NULL OR grant_id > $1)
         AND (standing IS NOT NULL
           OR EXISTS (SELECT FROM known_organisation AS known WHERE known.id = applicant_id AND status <> 'admitted'))
       ORDER BY grant_id LIMIT $2`,
      [after ?? null, limit],
    );
    const told = await toldStandings(tx, [...new Set(rows.map(({ applicant_id }) => applicant_id))]);
    for (const { grant_id: grantId, applicant_id, standing, survivor_id, since } of rows) {
      const now = told.get(applicant_id);
      if (now === undefined) continue;
      const isHeard =
        standing !== null &&
        survivor_id !== null &&
        since !== null &&
        !isNews(now, { standing, survivorId: survivor_id, since: since.toISOString() });
      if (!isHeard) behind.push({ grantId, told: now });
    }
    after = rows.length < limit ? undefined : rows.at(-1)?.grant_id;
  } while (after !== undefined && behind.length < limit);
  return behind.slice(0, limit);
}
