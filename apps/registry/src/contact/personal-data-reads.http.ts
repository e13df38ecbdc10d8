import { ApiPaged, type Paged, parseSort, Roles, WaitsFor } from '@alliance/service-host';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { ReadsPageQuery } from './contact-requests.http';
import { PersonalDataReadView, readViewOf } from './contact-views.http';
import { findReads } from './personal-data-reads.read-model';

/** Who has read which personal data, for those who watch over it. */
@ApiTags('contacts')
@Controller('personal-data-reads')
export class PersonalDataReadsController {
  constructor(private readonly database: DataSource) {}

  @Get()
  @Roles('auditor')
  @WaitsFor('personal-data-reads')
  @ApiPaged(PersonalDataReadView)
  async list(@Query() query: ReadsPageQuery): Promise<Paged<PersonalDataReadView>> {
    const { sort, ...filters } = query;
    const page = await findReads(this.database, { ...filters, order: parseSort(sort, ['readAt']) });
    return { ...page, items: page.items.map(readViewOf) };
  }
}
