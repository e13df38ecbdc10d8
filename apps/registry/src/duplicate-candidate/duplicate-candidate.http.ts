import type { Actor, CommandContext } from '@alliance/event-sourcing';
import {
  ApiCommand,
  ApiPaged,
  CommandHandler,
  commandReply,
  Context,
  CurrentActor,
  IfMatch,
  invalidRequest,
  notFound,
  type Paged,
  parseSort,
  Roles,
  UuidParam,
  WaitsFor,
} from '@alliance/service-host';
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { type Identifier, isIdentifierFault, normaliseIdentifier } from '../identifier';
import { findOrganisationsById } from '../organisation/find-organisations.read-model';
import { survivorsOf } from '../organisation/survivors.read-model';
import { RegistrySettings } from '../registry.config';
import { duplicateCandidate } from './duplicate-candidate.decider';
import { type DuplicateCandidateRow, findCandidate, findCandidates } from './duplicate-candidate-list.read-model';
import { CandidatePageQuery, DismissalDto, DuplicateCheckDto } from './duplicate-requests.http';
import { CandidateView, candidateView, DuplicateCheckView, likelyDuplicate } from './duplicate-views.http';
import { fingerprintOf } from './fingerprint';
import { likeOrganisations } from './fingerprint-index.read-model';

@ApiTags('duplicates')
@Controller()
export class DuplicateCandidateController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
    private readonly settings: RegistrySettings,
  ) {}

  @Get('duplicate-candidates')
  @Roles('coordinator')
  @WaitsFor('duplicate-candidate-list')
  @ApiOperation({ summary: 'Pairs of organisations that look like one, for a human to judge.' })
  @ApiPaged(CandidateView)
  async list(@Query() query: CandidatePageQuery, @CurrentActor() actor: Actor): Promise<Paged<CandidateView>> {
    const order = parseSort(query.sort, ['score', 'suspectedAt']);
    const page = await findCandidates(this.database, { ...query, order });
    const known = await this.knownOf(page.items, actor);
    return { ...page, items: page.items.map((row) => candidateView(row, known)) };
  }

  @Get('duplicate-candidates/:id')
  @Roles('coordinator')
  @WaitsFor('duplicate-candidate-list')
  @ApiOkResponse({ type: CandidateView })
  async one(@UuidParam('id') id: string, @CurrentActor() actor: Actor): Promise<CandidateView> {
    const row = await findCandidate(this.database, id);
    if (row === undefined) throw notFound('DUPLICATE_UNKNOWN', 'These two were never found to be alike.');
    return candidateView(row, await this.knownOf([row], actor));
  }

  /** They are two; whatever is found later, they are not shown as one again. */
  @Post('duplicate-candidates/:id/dismissal')
  @HttpCode(204)
  @Roles('coordinator')
  @ApiCommand({ status: 204 })
  async dismiss(
    @UuidParam('id') id: string,
    @Body() data: DismissalDto,
    @Context() context: CommandContext,
    @IfMatch() expectedRevision: bigint | undefined,
  ) {
    const command = { type: 'DismissDuplicate', data, context } as const;
    return commandReply(await this.commands.handle(duplicateCandidate, id, command, { expectedRevision }));
  }

  /** Records nothing. A coordinator is shown everyone, a representative the members and what they applied for themselves. */
  @Post('duplicate-checks')
  @HttpCode(200)
  @Roles('coordinator', 'representative')
  @WaitsFor('fingerprint-index')
  @ApiOperation({ summary: 'The organisations that one about to apply might be, with score and reasons.' })
  @ApiOkResponse({ type: DuplicateCheckView })
  async check(@Body() body: DuplicateCheckDto, @CurrentActor() actor: Actor): Promise<DuplicateCheckView> {
    const fingerprint = fingerprintOf({ ...body, identifiers: normalised(body.identifiers ?? []) });
    const alike = (await likeOrganisations(this.database, fingerprint)).filter(
      ({ score }) => score * 100 >= this.settings.duplicateScorePercent,
    );
    const ids = alike.map(({ organisationId }) => organisationId);
    const directory = await findOrganisationsById(this.database, ids, actor);
    const likelyDuplicates = alike.flatMap((one) => {
      const entry = directory.get(one.organisationId);
      return entry ? [likelyDuplicate(one, entry)] : [];
    });
    return { likelyDuplicates };
  }

  private async knownOf(rows: readonly DuplicateCandidateRow[], actor: Actor) {
    const ids = rows.flatMap(({ organisationIds }) => organisationIds);
    const directory = await findOrganisationsById(this.database, ids, actor);
    return { directory, survivors: await survivorsOf(this.database.manager, ids) };
  }
}

/** In their one spelling. Throws a 400 that names each that is none. */
function normalised(given: readonly Identifier[]): Identifier[] {
  const results = given.map(normaliseIdentifier);
  const faults = results.flatMap((result, index) =>
    isIdentifierFault(result)
      ? [{ field: `identifiers[${index}]`, reason: 'invalid', expected: result.reason } as const]
      : [],
  );
  if (faults.length > 0) throw invalidRequest(faults);
  return results.filter((result): result is Identifier => !isIdentifierFault(result));
}
