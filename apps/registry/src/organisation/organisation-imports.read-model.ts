import type { RecordedEvent } from '@alliance/event-sourcing';
import { keysetPage, type Projection, upsertRows } from '@alliance/read-models';
import { Column, Entity, type EntityManager, PrimaryColumn } from 'typeorm';
import { type OrganisationEvent, organisationEvents } from './organisation.events';
import { type OrganisationImportEvent, organisationImportEvents } from './organisation-import.events';

export const rowVerdicts = ['accepted', 'duplicate', 'refused'] as const;
export type RowVerdict = (typeof rowVerdicts)[number];

/** A row of an import that was accepted as a whole. */
@Entity('organisation_import_row')
export class ImportedRow {
  @PrimaryColumn('uuid', { name: 'import_id' })
  readonly importId: string;
  @PrimaryColumn('integer')
  readonly line: number;
  @Column('text')
  readonly verdict: RowVerdict;
  @Column('text', { nullable: true })
  readonly code: string | null;
  @Column('text', { nullable: true })
  readonly detail: string | null;
  @Column('uuid', { name: 'organisation_id', nullable: true })
  readonly organisationId: string | null;
  /** Its application stands in the log. */
  @Column('boolean', { name: 'has_applied' })
  readonly hasApplied: boolean;
}

/** The imports and how far they have got: an import is done when each of its accepted rows has applied. */
export const organisationImports: Projection = {
  name: 'organisation-imports',
  tables: ['organisation_import', 'organisation_import_row'],
  catalogues: [organisationImportEvents, organisationEvents],
  async apply(tx, events) {
    const applied: string[] = [];
    for (const recorded of events) {
      const event = recorded as RecordedEvent & (OrganisationImportEvent | OrganisationEvent);
      if (event.type === 'MembershipAppliedFor') applied.push(event.data.organisationId);
      if (event.type === 'RowsListed') {
        const importId = organisationImportEvents.category.idOf(event.streamName);
        const rows = event.data.rows.map((row) => ({
          import_id: importId,
          line: row.line,
          verdict: row.verdict,
          code: row.verdict === 'refused' ? row.code : null,
          detail: row.verdict === 'accepted' ? null : row.detail,
          organisation_id: row.verdict === 'refused' ? null : (row.organisationId ?? null),
          has_applied: false,
        }));
        await upsertRows(tx, 'organisation_import_row', ['import_id', 'line'], rows);
      }
      if (event.type === 'OrganisationImportAccepted') {
        const { rows, accepted } = event.data;
        const id = organisationImportEvents.category.idOf(event.streamName);
        const row = { id, rows, accepted, accepted_at: event.metadata.occurredAt };
        await upsertRows(tx, 'organisation_import', ['id'], [row]);
      }
    }
    // A row is listed before its organisation applies.
    if (applied.length === 0) return;
    await tx.query(
      `UPDATE organisation_import_row SET has_applied = true WHERE verdict = 'accepted' AND organisation_id = ANY ($1)`,
      [applied],
    );
  },
};

/** How far an import has got, in rows. */
export interface ImportProgress {
  readonly id: string;
  readonly acceptedAt: Date;
  readonly rows: number;
  readonly accepted: number;
  readonly applied: number;
}

/** The import, if there is one that was accepted. */
export async function findImport(tx: EntityManager, id: string): Promise<ImportProgress | undefined> {
  const [found] = await tx.query<ImportProgress[]>(
    `SELECT id, accepted_at AS "acceptedAt", rows, accepted,
       (SELECT count(*)::integer FROM organisation_import_row WHERE import_id = id AND has_applied) AS applied
     FROM organisation_import WHERE id = $1`,
    [id],
  );
  return found;
}

/** A page of an import's rows, by line. */
export function findImportedRows(
  tx: EntityManager,
  importId: string,
  query: { readonly verdict?: RowVerdict; readonly limit: number; readonly cursor?: string },
): Promise<{ readonly items: readonly ImportedRow[]; readonly nextCursor?: string }> {
  const found = tx.createQueryBuilder(ImportedRow, 'row').where('row.importId = :importId', { importId });
  if (query.verdict !== undefined) found.andWhere('row.verdict = :verdict', query);
  return keysetPage(found, { order: [], key: 'line', limit: query.limit, cursor: query.cursor });
}
