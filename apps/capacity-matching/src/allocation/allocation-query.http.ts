import { berlinDayOf, weekOf } from '@alliance/calendar';
import type { Actor } from '@alliance/event-sourcing';
import {
  ApiPaged,
  CommandHandler,
  CurrentActor,
  invalidRequest,
  notFound,
  type Paged,
  parseSort,
  ReceivedAt,
  Roles,
  UuidParam,
  WaitsFor,
} from '@alliance/service-host';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { everyIdOf, isOwn } from '../own-organisation.http';
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
  async list(
    @Query() query: AllocationsQuery,
    @CurrentActor() actor: Actor,
    @ReceivedAt() at: string,
  ): Promise<Paged<AllocationView>> {
    const { organisationId, side, waitingForMe, hoursDueFromMe, disputed: isDisputed, sort, ...others } = query;
    const tx = this.database.manager;
    const ownIds = actor.organisationId === undefined ? [] : await everyIdOf(tx, actor.organisationId);
    for (const field of ['waitingForMe', 'hoursDueFromMe'] as const) {
      if (!query[field] || ownIds.length > 0) continue;
      const expected = 'absent where the caller acts for no organisation';
      throw invalidRequest([{ field, reason: 'invalid', expected }]);
    }
    if (side !== undefined && organisationId === undefined) {
      throw invalidRequest([{ field: 'organisationId', reason: 'missing', expected: 'given where side is' }]);
    }
    const page = await findAllocations(tx, {
      ...others,
      isDisputed,
      organisations: [
        ...(seesAll(actor) ? [] : [{ ids: ownIds }]),
        ...(organisationId === undefined ? [] : [{ ids: await everyIdOf(tx, organisationId), side }]),
      ],
      waitingFor: waitingForMe ? ownIds : undefined,
      hoursDue: hoursDueFromMe ? { ids: ownIds, thisWeek: weekOf(berlinDayOf(at)) } : undefined,
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
}

function seesAll({ roles }: Actor): boolean {
  return roles.includes('coordinator') || roles.includes('auditor');
}
