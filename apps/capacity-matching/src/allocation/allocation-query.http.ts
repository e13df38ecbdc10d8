import type { Actor } from '@alliance/event-sourcing';
import { findSurvivors, idsCountingAs } from '@alliance/known-organisations';
import {
  ApiPaged,
  CommandHandler,
  CurrentActor,
  invalidRequest,
  notFound,
  type Paged,
  parseSort,
  Roles,
  UuidParam,
  WaitsFor,
} from '@alliance/service-host';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { isOwn } from '../own-organisation.http';
import { Allocation, findAllocations } from './allocation-register.read-model';
import { AllocationsQuery } from './allocation-requests.http';
import { allocationHistory, AllocationInFullView, AllocationView, allocationView } from './allocation-views.http';

/** What is allocated to whom, and what has come of it. Representatives see what their own organisation is a side of. */
@ApiTags('allocations')
@Controller('allocations')
export class AllocationQueryController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
  ) {}

  @Get()
  @Roles('coordinator', 'representative')
  @WaitsFor('allocation-register')
  @ApiPaged(AllocationView)
  async list(@Query() query: AllocationsQuery, @CurrentActor() actor: Actor): Promise<Paged<AllocationView>> {
    const { organisationId, side, waitingForMe, disputed: isDisputed, sort, ...others } = query;
    const ownIds = actor.organisationId === undefined ? [] : await this.idsOf(actor.organisationId);
    if (waitingForMe && ownIds.length === 0) {
      const expected = 'absent where the caller acts for no organisation';
      throw invalidRequest([{ field: 'waitingForMe', reason: 'invalid', expected }]);
    }
    if (side !== undefined && organisationId === undefined) {
      throw invalidRequest([{ field: 'organisationId', reason: 'missing', expected: 'given where side is' }]);
    }
    const page = await findAllocations(this.database.manager, {
      ...others,
      isDisputed,
      organisations: [
        ...(seesAll(actor) ? [] : [{ ids: ownIds }]),
        ...(organisationId === undefined ? [] : [{ ids: await this.idsOf(organisationId), side }]),
      ],
      waitingFor: waitingForMe ? ownIds : undefined,
      order: parseSort(sort, ['proposedAt', 'expiresAt', 'minutes', 'deliveredMinutes']),
    });
    return { ...page, items: page.items.map(allocationView) };
  }

  /** With all that has happened to it. */
  @Get(':id')
  @Roles('coordinator', 'representative')
  @WaitsFor('allocation-register')
  @ApiOkResponse({ type: AllocationInFullView })
  async one(@UuidParam('id') id: string, @CurrentActor() actor: Actor): Promise<AllocationInFullView> {
    const tx = this.database.manager;
    const found = await tx.findOneBy(Allocation, { id });
    const isShown =
      found !== null &&
      (seesAll(actor) || (await isOwn(tx, actor, found.helpingId)) || (await isOwn(tx, actor, found.supportingId)));
    if (!isShown) throw notFound('ALLOCATION_UNKNOWN', 'There is no allocation with this id.');
    const { state: history } = await this.commands.load(allocationHistory, id);
    return { ...allocationView(found), history };
  }

  /** Every id of the organisation since merges. */
  private async idsOf(organisationId: string): Promise<readonly string[]> {
    const tx = this.database.manager;
    const survivor = (await findSurvivors(tx, [organisationId])).get(organisationId);
    return idsCountingAs(tx, [survivor?.id ?? organisationId]);
  }
}

function seesAll({ roles }: Actor): boolean {
  return roles.includes('coordinator') || roles.includes('auditor');
}
