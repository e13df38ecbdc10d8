import { dayOf } from '@alliance/calendar';
import { ApiPaged, type Paged, parseSort, ReceivedAt, Roles, WaitsFor } from '@alliance/service-host';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { findAwaited } from './proof-register.read-model';
import { AwaitedReportsQuery } from './proof-requests.http';
import { awaitedReportView, AwaitedReportView } from './proof-views.http';

@ApiTags('proof of use')
@Controller('reports-due')
export class ReportsDueController {
  constructor(private readonly database: DataSource) {}

  /** The reports of all grants that are waited for, with no more of a grant than its outline. */
  @Get()
  @Roles('fund-officer', 'coordinator')
  @WaitsFor('proof-register')
  @ApiPaged(AwaitedReportView)
  async list(
    @Query() { sort, ...query }: AwaitedReportsQuery,
    @ReceivedAt() at: string,
  ): Promise<Paged<AwaitedReportView>> {
    const order = parseSort(sort, ['dueOn']);
    const today = dayOf(at);
    const page = await findAwaited(this.database.manager, { ...query, order, today });
    return { ...page, items: page.items.map(({ report, grant }) => awaitedReportView(report, grant, today)) };
  }
}
