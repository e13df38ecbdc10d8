import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { JudgedRow } from './organisation-import.events';
import { type ImportedRow, type ImportProgress, type RowVerdict, rowVerdicts } from './organisation-imports.read-model';

/** What was said of a row of a list of organisations. */
export class RowVerdictView {
  @ApiProperty({ description: 'In the file, from 1.' })
  readonly line: number;
  @ApiProperty({
    enum: [...rowVerdicts, 'broken'],
    description:
      '`broken`: cannot be read, and keeps the whole file from being imported. `duplicate`: has the same identifier as an earlier row or as an organisation of the registry, and is left out. `refused`: breaks a rule, by its code, and is left out.',
  })
  readonly verdict: RowVerdict | 'broken';
  @ApiPropertyOptional({ example: 'ORGANISATION_PRIVATE_PERSON' })
  readonly code?: string;
  @ApiPropertyOptional()
  readonly detail?: string;
  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Of the organisation that applies; of a duplicate, the one in the registry.',
  })
  readonly organisationId?: string;
}

export class OrganisationImportView {
  @ApiProperty()
  readonly dryRun: boolean;
  @ApiPropertyOptional({ format: 'uuid', description: 'Tells how far it has got: `GET organisation-imports/{id}`.' })
  readonly importId?: string;
  @ApiProperty({ type: [RowVerdictView] })
  readonly rows: readonly RowVerdictView[];
}

export class ImportProgressView {
  @ApiProperty({ format: 'uuid' })
  readonly importId: string;
  @ApiProperty({ format: 'date-time' })
  readonly acceptedAt: string;
  @ApiProperty({ description: 'Rows of the file.' })
  readonly rows: number;
  @ApiProperty({ description: 'Rows that become applications.' })
  readonly accepted: number;
  @ApiProperty({ description: 'Rows that have become applications by now.' })
  readonly applied: number;
  @ApiProperty()
  readonly done: boolean;
}

export class ImportedRowView extends RowVerdictView {
  @ApiProperty({ description: 'Its application is recorded.' })
  readonly applied: boolean;
}

/** A dry run names no organisation that is not there. */
export function verdictView(row: JudgedRow, { dryRun }: { readonly dryRun: boolean }): RowVerdictView {
  const { line, verdict } = row;
  if (row.verdict === 'refused') return { line, verdict, code: row.code, detail: row.detail };
  if (row.verdict === 'duplicate') return { line, verdict, detail: row.detail, organisationId: row.organisationId };
  return { line, verdict, organisationId: dryRun ? undefined : row.organisationId };
}

export function progressView({ id, acceptedAt, rows, accepted, applied }: ImportProgress): ImportProgressView {
  const done = applied === accepted;
  return { importId: id, acceptedAt: acceptedAt.toISOString(), rows, accepted, applied, done };
}

export function rowView({ line, verdict, code, detail, organisationId, hasApplied }: ImportedRow): ImportedRowView {
  return {
    line,
    verdict,
    code: code ?? undefined,
    detail: detail ?? undefined,
    organisationId: organisationId ?? undefined,
    applied: hasApplied,
  };
}
