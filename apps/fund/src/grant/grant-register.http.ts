import type { Actor } from '@alliance/event-sourcing';
import {
  ApiPaged,
  CommandHandler,
  CurrentActor,
  invalidRequest,
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
import { allIdsOf, demandAccess, grantUnknown, listAccess, standpointOf } from '../grant-by-log.http';
import { GrantsPageQuery } from './application-requests.http';
import { GrantEligibility } from './grant-eligibility.http';
import { grantInFull } from './grant-in-full';
import { findGrants } from './grant-register.read-model';
import {
  DoubleFundingView,
  eligibilityView,
  EligibilityView,
  entryView,
  fundedLineView,
  GrantEntryView,
  grantView,
  GrantView,
} from './grant-views.http';

const outlineOrders = ['title', 'stage', 'stageSince', 'draftedAt'] as const;
const orders = [...outlineOrders, 'requested', 'awarded', 'disbursed'] as const;

/** The register of grants, and each of them as far as the caller may see it. */
@ApiTags('grants')
@Controller('grants')
export class GrantRegisterController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
    private readonly eligibility: GrantEligibility,
  ) {}

  /** A representative sees those of their own organisation; reviewers and approvers see the outline of each. */
  @Get()
  @Roles('representative', 'reviewer', 'approver', 'fund-officer', 'coordinator')
  @WaitsFor('grant-register')
  @ApiPaged(GrantEntryView)
  async list(@Query() query: GrantsPageQuery, @CurrentActor() actor: Actor): Promise<Paged<GrantEntryView>> {
    const tx = this.database.manager;
    const has = (...some: readonly string[]) => some.some((role) => actor.roles.includes(role));
    const seesOutlinesOnly = has('reviewer', 'approver') && !has('fund-officer', 'coordinator');
    if (seesOutlinesOnly) refuseContentFilters(query);
    const order = parseSort(query.sort, seesOutlinesOnly ? outlineOrders : orders);
    const applicantIds = query.applicant === undefined ? undefined : [...(await allIdsOf(tx, [query.applicant]))];
    const isOutside = !has('auditor', 'fund-officer', 'coordinator', 'reviewer', 'approver');
    const ownIds = actor.organisationId === undefined ? [] : [...(await allIdsOf(tx, [actor.organisationId]))];
    const page = await findGrants(tx, { ...query, applicantIds, order }, isOutside ? ownIds : undefined);
    const items = [];
    const accessTo = listAccess(this.commands, tx, actor);
    for (const entry of page.items) items.push(entryView(entry, await accessTo(entry)));
    return { ...page, items };
  }

  /** By the log: with whatever was decided up to this moment. */
  @Get(':id')
  @Roles('representative', 'reviewer', 'approver', 'fund-officer', 'coordinator')
  @ApiOkResponse({ type: GrantView })
  async one(@UuidParam('id') id: string, @CurrentActor() actor: Actor): Promise<GrantView> {
    const { facts, access } = await standpointOf(this.commands, this.database.manager, actor, id);
    const { state } = await this.commands.load(grantInFull, id);
    if (state === undefined) throw grantUnknown();
    return grantView(id, facts, state, access);
  }

  /** What stands in the way, before anyone tries: every blocker, with the step that it stops. */
  @Get(':id/eligibility')
  @Roles('representative', 'reviewer', 'approver', 'fund-officer', 'coordinator')
  @ApiOkResponse({ type: EligibilityView })
  async eligibilityOf(
    @UuidParam('id') id: string,
    @CurrentActor() actor: Actor,
    @ReceivedAt() at: string,
  ): Promise<EligibilityView> {
    await demandAccess(this.commands, this.database.manager, actor, id, 'own');
    return eligibilityView(await this.eligibility.finding(id, at));
  }

  /** Lines of other grants to the same recipient, or one merged with it, for the same and on some of the same days. */
  @Get(':id/double-funding')
  @Roles('representative', 'reviewer', 'approver', 'fund-officer', 'coordinator')
  @ApiOkResponse({ type: DoubleFundingView })
  async doubleFunding(@UuidParam('id') id: string, @CurrentActor() actor: Actor): Promise<DoubleFundingView> {
    await demandAccess(this.commands, this.database.manager, actor, id, 'own');
    const { doubleFunding } = await this.eligibility.outside(id);
    return { items: doubleFunding.map(fundedLineView) };
  }
}

/** By which of them are found it could be told what their content is. */
function refuseContentFilters(query: GrantsPageQuery): void {
  const fields = (['field', 'within'] as const).filter((field) => query[field] !== undefined);
  if (fields.length === 0) return;
  const expected = 'nothing: reviewers and approvers look for grants by stage, call, pot and applicant';
  throw invalidRequest(fields.map((field) => ({ field, reason: 'invalid', expected })));
}
