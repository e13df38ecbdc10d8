import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { referenceOf } from '../grant-reference';
import { MoneyView } from '../money-view.http';
import type { Sufficiency } from '../review-sufficiency';
import { recommendations, type Review } from './review.events';
import type { ReviewTask } from './review-task.read-model';
import type { ReviewerPairs } from './reviewer-pairs';

class ScoreView {
  @ApiProperty()
  readonly key: string;
  @ApiProperty({ type: 'integer' })
  readonly points: number;
}

export class ReviewView {
  @ApiProperty({ description: 'Pseudonymous.' })
  readonly reviewedBy: string;
  @ApiProperty({ type: [ScoreView] })
  readonly scores: readonly ScoreView[];
  @ApiProperty({
    type: 'integer',
    description: 'By the weights of the call, in ten-thousandths of what can be reached.',
  })
  readonly weighted: number;
  @ApiProperty()
  readonly rationale: string;
  @ApiProperty({ enum: recommendations })
  readonly recommendation: Review['recommendation'];
  @ApiPropertyOptional({ type: MoneyView })
  readonly amount?: MoneyView;
  @ApiProperty({ description: 'Not where whoever gave it has a conflict of interest.' })
  readonly counts: boolean;
}

/** The reviews of a grant by the log, and whether a decision can be proposed on them. */
export class ReviewsView {
  @ApiProperty({ type: [String], description: 'Who is asked for a review; pseudonymous.' })
  readonly assigned: readonly string[];
  @ApiProperty({ type: [ReviewView], description: 'None, and nothing of what follows, to a reviewer without one.' })
  readonly items: readonly ReviewView[];
  @ApiPropertyOptional({ description: 'Whether a decision can be proposed.' })
  readonly suffice?: boolean;
  @ApiPropertyOptional({ description: 'They disagree so strongly that one more is asked for.' })
  readonly needsThird?: boolean;
  @ApiPropertyOptional({ type: [String], example: ['REVIEWS_TOO_FEW'] })
  readonly because?: Sufficiency['because'];
}

export class ReviewTaskView {
  @ApiProperty({ format: 'uuid' })
  readonly grantId: string;
  @ApiProperty({ description: 'For humans to speak of it.', example: '9A1C8E54' })
  readonly reference: string;
  @ApiProperty()
  readonly title: string;
  @ApiProperty({ format: 'uuid' })
  readonly applicantOrganisationId: string;
  @ApiProperty({ format: 'date-time' })
  readonly assignedAt: string;
  @ApiPropertyOptional({ format: 'date-time' })
  readonly submittedAt?: string;
}

class GroupView {
  @ApiProperty({ type: [String] })
  readonly subjects: readonly string[];
  @ApiProperty({ type: 'integer', description: 'How many reviews they are asked for already, together.' })
  readonly openReviews: number;
}

class ExcludedView {
  @ApiProperty()
  readonly subject: string;
  @ApiProperty({ type: [String], example: ['DECLARED'] })
  readonly because: readonly string[];
}

/** Who could review, the best first; or everybody of the panel who cannot, with why, as the proof that there is nobody. */
export class EligibleReviewersView {
  @ApiProperty({
    type: 'integer',
    description: 'How many are looked for: as many as a decision needs, then one where they disagree.',
  })
  readonly wanted: number;
  @ApiProperty({ type: [GroupView], description: 'Twenty at most.' })
  readonly pairs: ReviewerPairs['pairs'];
  @ApiProperty({ type: [ExcludedView] })
  readonly excluded: ReviewerPairs['excluded'];
  @ApiProperty({ description: 'Whoever of the panel is not excluded has been counted, and they are too few.' })
  readonly provenNone: boolean;
}

export function reviewView(review: Review, counts: boolean): ReviewView {
  const { reviewedBy, scores, weighted, rationale, recommendation, amount } = review;
  return { reviewedBy, scores, weighted, rationale, recommendation, amount, counts };
}

export function reviewTaskView({ grantId, grant, assignedAt, submittedAt }: ReviewTask): ReviewTaskView {
  return {
    grantId,
    reference: referenceOf(grantId),
    title: grant.title,
    applicantOrganisationId: grant.applicantId,
    assignedAt: assignedAt.toISOString(),
    submittedAt: submittedAt?.toISOString(),
  };
}
