import type { Actor, CommandContext } from '@alliance/event-sourcing';
import {
  ApiCommand,
  ApiPaged,
  CommandHandler,
  commandReply,
  Context,
  CurrentActor,
  type Paged,
  parseSort,
  Roles,
  UuidParam,
  WaitsFor,
} from '@alliance/service-host';
import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { FundSettings } from '../fund.config';
import { demandAccess, grantUnknown, type Standpoint, standpointOf } from '../grant-by-log.http';
import { reviewsSuffice, standingReviews } from '../review-sufficiency';
import { grantReviews } from './review.decider';
import { ReviewDto, ReviewersDto, ReviewTasksQuery } from './review-requests.http';
import { findReviewTasks, openReviews } from './review-task.read-model';
import { EligibleReviewersView, ReviewsView, ReviewTaskView, reviewTaskView, reviewView } from './review-views.http';
import { reviewerPairs } from './reviewer-pairs';

/** Who reviews a grant, and what they say of it. */
@ApiTags('reviews')
@Controller('grants')
export class ReviewController {
  constructor(
    private readonly commands: CommandHandler,
    private readonly database: DataSource,
    private readonly settings: FundSettings,
  ) {}

  @Post(':id/reviewers')
  @Roles('fund-officer')
  @ApiCommand({ status: 204 })
  async assign(@UuidParam('id') id: string, @Body() { subjects }: ReviewersDto, @Context() context: CommandContext) {
    const data = {
      subjects,
      ...independence(await standpointOf(this.commands, this.database.manager, context.actor, id)),
    };
    return commandReply(await this.commands.handle(grantReviews, id, { type: 'AssignReviewers', data, context }));
  }

  /** In place of the one that the same person gave before. */
  @Post(':id/reviews')
  @Roles('reviewer')
  @ApiCommand({ status: 204 })
  async submit(@UuidParam('id') id: string, @Body() body: ReviewDto, @Context() context: CommandContext) {
    const data = {
      ...body,
      ...independence(await standpointOf(this.commands, this.database.manager, context.actor, id)),
    };
    return commandReply(await this.commands.handle(grantReviews, id, { type: 'SubmitReview', data, context }));
  }

  /** By the log. Whoever reviews sees what others say, and whether they agree, after their own review. */
  @Get(':id/reviews')
  @Roles('reviewer', 'approver', 'fund-officer', 'coordinator')
  @ApiOkResponse({ type: ReviewsView })
  async reviews(@UuidParam('id') id: string, @CurrentActor() actor: Actor): Promise<ReviewsView> {
    const { conflicts } = await demandAccess(this.commands, this.database.manager, actor, id);
    const reviews = await this.reviewsOf(id);
    const standing = standingReviews(reviews, conflicts);
    const { assigned } = reviews;
    const isStillToReview =
      actor.roles.includes('reviewer') && !reviews.reviews.some(({ reviewedBy }) => reviewedBy === actor.subject);
    if (isStillToReview) return { assigned, items: [] };
    const { suffice, needsThird, because } = reviewsSuffice(standing, this.rule);
    const items = reviews.reviews.map((one) => reviewView(one, standing.includes(one)));
    return { assigned, items, suffice, needsThird, because };
  }

  @Get(':id/eligible-reviewers')
  @Roles('fund-officer', 'coordinator')
  @WaitsFor('review-tasks')
  @ApiOkResponse({ type: EligibleReviewersView })
  async eligible(@UuidParam('id') id: string, @CurrentActor() actor: Actor): Promise<EligibleReviewersView> {
    const { panel, conflicts } = await demandAccess(this.commands, this.database.manager, actor, id);
    const { state } = await this.commands.load(grantReviews, id);
    if (state.stage === 'none') throw grantUnknown();
    const load = await openReviews(
      this.database.manager,
      panel.map(({ subject }) => subject),
    );
    const candidates = panel.map((member) => ({ ...member, openReviews: load.get(member.subject) ?? 0 }));
    const standing = standingReviews(state.reviews, conflicts);
    const wanted = Math.max(1, this.settings.reviewsAtLeast - standing.length);
    const reviewed = standing.map(({ reviewedBy }) => reviewedBy);
    const found = reviewerPairs(candidates, { conflicts, requesters: state.requesters, reviewed, wanted });
    return { wanted, ...found };
  }

  private async reviewsOf(id: string) {
    const { state } = await this.commands.load(grantReviews, id);
    if (state.stage === 'none') throw grantUnknown();
    return state.reviews;
  }

  private get rule() {
    return { atLeast: this.settings.reviewsAtLeast, spreadPercent: this.settings.reviewSpreadPercent };
  }
}

/** What somebody was asked to review, by the outline of each grant. */
@ApiTags('reviews')
@Controller('reviews')
export class ReviewTaskController {
  constructor(private readonly database: DataSource) {}

  /** One's own. */
  @Get()
  @Roles('reviewer')
  @WaitsFor('review-tasks')
  @ApiPaged(ReviewTaskView)
  async list(@Query() query: ReviewTasksQuery, @CurrentActor() { subject }: Actor): Promise<Paged<ReviewTaskView>> {
    const order = parseSort(query.sort, ['assignedAt']);
    const page = await findReviewTasks(this.database.manager, { ...query, subject, order });
    return { ...page, items: page.items.map(reviewTaskView) };
  }
}

function independence({ panel, conflicts: { interestedOrganisationIds } }: Standpoint) {
  return { panel, interestedOrganisationIds };
}
