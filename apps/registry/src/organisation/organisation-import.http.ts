import { type CommandContext, comparePositions, isRefusal } from '@alliance/event-sourcing';
import type { Accepted } from '@alliance/event-store';
import {
  AcceptsUpload,
  ApiCommand,
  booleanOfQuery,
  CommandHandler,
  type CommandReply,
  commandReply,
  Context,
  newId,
  ProblemError,
  Roles,
} from '@alliance/service-host';
import { Body, Controller, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean } from 'class-validator';
import { decodeText, readCsv } from '../csv-upload.http';
import { RegistrySettings } from '../registry.config';
import { organisation, type OrganisationCommand } from './organisation.decider';
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

const verdicts = ['accepted', 'refused', 'duplicate', 'broken'] as const;

class RowVerdict {
  @ApiProperty({ description: 'In the file, from 1.' })
  readonly line: number;
  @ApiProperty({
    enum: verdicts,
    description:
      '`broken`: cannot be read, and keeps the whole file from being imported. `duplicate`: has the same identifier as an earlier row, and is left out. `refused`: breaks a rule, by its code, and is left out.',
  })
  readonly verdict: (typeof verdicts)[number];
  @ApiPropertyOptional({ example: 'ORGANISATION_PRIVATE_PERSON' })
  readonly code?: string;
  @ApiPropertyOptional()
  readonly detail?: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'Of the application that was recorded.' })
  readonly organisationId?: string;
}

class OrganisationImportView {
  @ApiProperty()
  readonly dryRun: boolean;
  @ApiProperty({ type: [RowVerdict] })
  readonly rows: readonly RowVerdict[];
}

const MAX_FILE_BYTES = 1024 * 1024;
const MOST_ROWS = 500;
const APPLICATIONS_AT_A_TIME = 16;

@ApiTags('organisations')
@Controller('organisation-imports')
export class OrganisationImportController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly settings: RegistrySettings,
  ) {}

  /**
   * With one broken row nothing is imported. The import is as many applications as it has accepted rows; should it break
   * off, the same request with the same `Idempotency-Key` records the rest.
   */
  @Post()
  @HttpCode(200)
  @Roles('coordinator')
  @ApiOperation({
    summary: `Applies for each organisation of a CSV: ${[...organisationColumns, ...optionalOrganisationColumns].join()}`,
  })
  @AcceptsUpload({ mediaTypes: ['text/csv', 'application/octet-stream'], maxBytes: MAX_FILE_BYTES })
  @ApiCommand({ status: 200, type: OrganisationImportView })
  async import(
    @Body() file: Buffer,
    @Query() { dryRun }: OrganisationImportQuery,
    @Context() context: CommandContext,
  ): Promise<CommandReply<OrganisationImportView> | OrganisationImportView> {
    const table = readCsv(decodeText(file), organisationColumns, optionalOrganisationColumns);
    const { organisations, faults } = readOrganisationTable(table);
    const broken = faults.map(({ line, reason }): RowVerdict => ({ line, verdict: 'broken', detail: reason }));
    if (organisations.length > MOST_ROWS) {
      throw new ProblemError(422, 'ORGANISATION_FILE_TOO_LONG', `A file has ${MOST_ROWS} rows at most.`);
    }
    const judged = organisations.map((listed) => ({ listed, verdict: this.judge(listed, context) }));
    const rows = [...broken, ...judged.map(({ verdict }) => verdict)].sort((a, b) => a.line - b.line);
    if (dryRun) return { dryRun, rows };
    if (broken.length > 0) {
      const detail = `${broken.length} fault(s) in the file; nothing was imported.`;
      throw new ProblemError(422, 'ORGANISATION_FILE_BROKEN', detail, { data: { rows } });
    }
    const accepted = judged.filter(({ verdict }) => verdict.verdict === 'accepted').map(({ listed }) => listed);
    const { ids, last } = await this.applyForAll(accepted, context);
    const withIds = rows.map((row) => ({ ...row, organisationId: ids.get(row.line) }));
    return commandReply({ revision: undefined, position: last, events: [] }, { dryRun, rows: withIds });
  }

  /** What the rules say of the row, without recording anything. */
  private judge(listed: ListedOrganisation, context: CommandContext): RowVerdict {
    const { line, sameIdentifierAsLine } = listed;
    const decision = organisation.decider.decide(this.command(listed, context), organisation.decider.initialState);
    if (isRefusal(decision)) return { line, verdict: 'refused', code: decision.code, detail: decision.detail };
    if (sameIdentifierAsLine === undefined) return { line, verdict: 'accepted' };
    return { line, verdict: 'duplicate', detail: `Line ${sameIdentifierAsLine} has the same identifier.` };
  }

  private async applyForAll(accepted: readonly ListedOrganisation[], context: CommandContext) {
    const ids = new Map<number, string>();
    let last: Accepted['position'];
    for (let at = 0; at < accepted.length; at += APPLICATIONS_AT_A_TIME) {
      const some = accepted.slice(at, at + APPLICATIONS_AT_A_TIME);
      const applied = await Promise.all(some.map((listed) => this.apply(listed, context)));
      for (const { line, organisationId, position } of applied) {
        ids.set(line, organisationId);
        if (position && (last === undefined || comparePositions(position, last) > 0)) last = position;
      }
    }
    return { ids, last };
  }

  private async apply(listed: ListedOrganisation, context: CommandContext) {
    const { line } = listed;
    const organisationId = newId(context, `organisation ${line}`);
    const command = this.command(listed, context);
    const { position } = await this.commands.handle(organisation, organisationId, command, { startsStream: true });
    return { line, organisationId, position };
  }

  private command({ line, application }: ListedOrganisation, context: CommandContext): OrganisationCommand {
    const { minimumOperatingMonths } = this.settings;
    const organisationId = newId(context, `organisation ${line}`);
    return {
      type: 'ApplyForMembership',
      data: { ...application, organisationId, minimumOperatingMonths },
      context: { ...context, commandId: newId(context, `row ${line}`), causationId: context.commandId },
    };
  }
}
