import { type CommandContext, isRefusal, type Refusal } from '@alliance/event-sourcing';
import type { Accepted } from '@alliance/event-store';
import {
  AcceptsUpload,
  ApiCommand,
  ApiPaged,
  booleanOfQuery,
  CommandHandler,
  type CommandReply,
  Context,
  created,
  newId,
  notFound,
  type Paged,
  PageQuery,
  ProblemError,
  RefusedError,
  Roles,
  UuidParam,
  WaitsFor,
} from '@alliance/service-host';
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { DataSource } from 'typeorm';
import { decodeText, readCsv } from '../csv-upload.http';
import { registrationKey } from '../identifier';
import { RegistrySettings } from '../registry.config';
import { organisation } from './organisation.decider';
import type { OrganisationFacts } from './organisation.events';
import { organisationsRegisteredAs } from './find-organisations.read-model';
import { organisationImport } from './organisation-import.decider';
import type { JudgedRow } from './organisation-import.events';
import { acceptImport, importedOrganisationId } from './organisation-import.reactor';
import {
  ImportProgressView,
  ImportedRowView,
  OrganisationImportView,
  progressView,
  RowVerdictView,
  rowView,
  verdictView,
} from './organisation-import-views.http';
import {
  findImport,
  findImportedRows,
  type ImportProgress,
  type RowVerdict,
  rowVerdicts,
} from './organisation-imports.read-model';
import {
  type ListedOrganisation,
  optionalOrganisationColumns,
  organisationColumns,
  readOrganisationTable,
} from './organisation-table';

class OrganisationImportQuery {
  @Transform(booleanOfQuery)
  @IsBoolean()
  @ApiPropertyOptional({ type: Boolean, default: false, description: 'Only judge the rows; record nothing.' })
  readonly dryRun: boolean = false;
}

class ImportedRowPageQuery extends PageQuery {
  @IsOptional()
  @IsIn(rowVerdicts)
  readonly verdict?: RowVerdict;
}

/** Enough for the rows, with all that can stand in them. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;
const MOST_ROWS = 20_000;

@ApiTags('organisations')
@Controller('organisation-imports')
export class OrganisationImportController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly settings: RegistrySettings,
    private readonly database: DataSource,
  ) {}

  /**
   * With one broken row nothing is imported. Otherwise the list is accepted as a whole, durably, and answered; each
   * accepted row then becomes an application, which `GET organisation-imports/{id}` tells. A repeat under the same
   * `Idempotency-Key` gives the answer to the first.
   */
  @Post()
  @HttpCode(200)
  @Roles('coordinator')
  @ApiOperation({
    summary: `Applies for each organisation of a CSV: ${[...organisationColumns, ...optionalOrganisationColumns].join()}; with dryRun only judges the rows.`,
  })
  @AcceptsUpload({ mediaTypes: ['text/csv', 'application/octet-stream'], maxBytes: MAX_FILE_BYTES })
  @ApiOkResponse({ type: OrganisationImportView, description: 'What the rows would become; nothing was recorded.' })
  @ApiCommand({ status: 201, type: OrganisationImportView })
  async import(
    @Body() file: Buffer,
    @Query() { dryRun }: OrganisationImportQuery,
    @Context() context: CommandContext,
  ): Promise<CommandReply<OrganisationImportView> | OrganisationImportView> {
    const importId = newId(context, 'organisation-import');
    const before = await this.commands.load(organisationImport, importId);
    if (!dryRun && before.state.stage === 'accepted') {
      const { revision, position } = before.last ?? {};
      return answer({ revision, position, events: [] }, importId, before.state.rows);
    }
    const { judged, broken } = await this.judge(file, importId, context);
    const rows = [...broken, ...judged.map((row) => verdictView(row, { dryRun }))].sort((a, b) => a.line - b.line);
    if (dryRun) return { dryRun, rows };
    if (broken.length > 0) {
      const detail = `${broken.length} fault(s) in the file; nothing was imported.`;
      throw new ProblemError(422, 'ORGANISATION_FILE_BROKEN', detail, { data: { rows } });
    }
    const { minimumOperatingMonths } = this.settings;
    const accepted = await acceptImport(this.commands, importId, { rows: judged, minimumOperatingMonths }, context);
    if (isRefusal(accepted)) throw new RefusedError(accepted);
    // What a request before this one has listed counts, and not what is judged of it now.
    const listed =
      before.last === undefined ? judged : (await this.commands.load(organisationImport, importId)).state.rows;
    return answer(accepted, importId, listed);
  }

  @Get(':id')
  @Roles('coordinator')
  @WaitsFor('organisation-imports')
  @ApiOkResponse({ type: ImportProgressView })
  async progress(@UuidParam('id') id: string): Promise<ImportProgressView> {
    return progressView(await this.find(id));
  }

  @Get(':id/rows')
  @Roles('coordinator')
  @WaitsFor('organisation-imports')
  @ApiPaged(ImportedRowView)
  async rows(@UuidParam('id') id: string, @Query() query: ImportedRowPageQuery): Promise<Paged<ImportedRowView>> {
    await this.find(id);
    const page = await findImportedRows(this.database.manager, id, query);
    return { ...page, items: page.items.map(rowView) };
  }

  private async find(id: string): Promise<ImportProgress> {
    const found = await findImport(this.database.manager, id);
    if (found === undefined) throw notFound('ORGANISATION_IMPORT_UNKNOWN', 'There is no such import.');
    return found;
  }

  /** What the rules and the registry say of each row, without recording anything. */
  private async judge(
    file: Buffer,
    importId: string,
    context: CommandContext,
  ): Promise<{ readonly judged: readonly JudgedRow[]; readonly broken: readonly RowVerdictView[] }> {
    const table = readCsv(decodeText(file), organisationColumns, optionalOrganisationColumns);
    if (table.rows.length > MOST_ROWS) {
      throw new ProblemError(422, 'ORGANISATION_FILE_TOO_LONG', `A file has ${MOST_ROWS} rows at most.`);
    }
    const { organisations, faults } = readOrganisationTable(table);
    const decided = organisations.map((listed) => ({ listed, decision: this.decide(listed, importId, context) }));
    const keys = decided.flatMap(({ decision }) =>
      isRefusal(decision) ? [] : decision.facts.identifiers.map(registrationKey),
    );
    const holders = await organisationsRegisteredAs(this.database.manager, keys);
    return {
      judged: decided.map(({ listed, decision }) => verdictOf(listed, decision, holders)),
      broken: faults.map(({ line, reason }) => ({ line, verdict: 'broken', detail: reason })),
    };
  }

  /** What the row would apply with, or why it cannot. */
  private decide({ line, application }: ListedOrganisation, importId: string, context: CommandContext) {
    const { minimumOperatingMonths } = this.settings;
    const organisationId = importedOrganisationId(importId, line);
    const data = { ...application, organisationId, minimumOperatingMonths };
    const { decide, initialState } = organisation.decider;
    const decision = decide({ type: 'ApplyForMembership', data, context }, initialState);
    if (isRefusal(decision)) return decision;
    const [applied] = decision;
    if (applied?.type !== 'MembershipAppliedFor') throw new Error('An application that is neither made nor refused.');
    return applied.data;
  }
}

function verdictOf(
  { line, sameIdentifierAsLine }: ListedOrganisation,
  decision: Refusal | { readonly organisationId: string; readonly facts: OrganisationFacts },
  holders: ReadonlyMap<string, string>,
): JudgedRow {
  if (isRefusal(decision)) return { line, verdict: 'refused', code: decision.code, detail: decision.detail };
  if (sameIdentifierAsLine !== undefined) {
    return { line, verdict: 'duplicate', detail: `Line ${sameIdentifierAsLine} has the same identifier.` };
  }
  const { organisationId, facts } = decision;
  const [holder] = facts.identifiers.flatMap((identifier) => holders.get(registrationKey(identifier)) ?? []);
  if (holder === undefined) return { line, verdict: 'accepted', organisationId, facts };
  const detail = 'An organisation with the same identifier is in the registry.';
  return { line, verdict: 'duplicate', detail, organisationId: holder };
}

function answer(
  accepted: Accepted,
  importId: string,
  rows: readonly JudgedRow[],
): CommandReply<OrganisationImportView> {
  const verdicts = rows.map((row) => verdictView(row, { dryRun: false }));
  return created(accepted, `/registry/organisation-imports/${importId}`, { dryRun: false, importId, rows: verdicts });
}
