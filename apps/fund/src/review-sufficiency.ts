import { conflictOf, type Conflicts } from './conflicts';
import type { GrantEvent } from './grant/grant.events';
import type { Review } from './review/review.events';

/** Who is to review a grant, and what they said of its last submission; of each person the review submitted last. */
export interface ReviewState {
  readonly assigned: readonly string[];
  readonly reviews: readonly Review[];
}

export const noReviews: ReviewState = { assigned: [], reviews: [] };

export function evolveReviews(state: ReviewState, event: GrantEvent): ReviewState {
  switch (event.type) {
    case 'ApplicationSubmitted':
      return { ...state, reviews: [] };
    case 'ReviewersAssigned':
      return { ...state, assigned: event.data.subjects };
    case 'ReviewSubmitted': {
      const others = state.reviews.filter(({ reviewedBy }) => reviewedBy !== event.data.reviewedBy);
      return { ...state, reviews: [...others, event.data] };
    }
    default:
      return state;
  }
}

/** The reviews that count: not of whoever is conflicted, or has come to be so since. */
export function standingReviews({ reviews }: ReviewState, conflicts: Conflicts): readonly Review[] {
  return reviews.filter(
    ({ reviewedBy, organisationIds }) =>
      conflicts.cleared.includes(reviewedBy) &&
      conflictOf({ subject: reviewedBy, organisationIds }, conflicts) === undefined,
  );
}

export interface Sufficiency {
  readonly suffice: boolean;
  /** They disagree so strongly that one more is asked for. */
  readonly needsThird: boolean;
  readonly because: readonly ('REVIEWS_TOO_FEW' | 'REVIEW_SCORES_APART' | 'REVIEW_RECOMMENDATIONS_OPPOSED')[];
}

/**
 * Whether a decision may be proposed on these reviews: so many at least, and one more where the highest and the lowest
 * score are further apart than the spread (in hundredths of what can be reached), or one would fund what another rejects.
 */
export function reviewsSuffice(
  reviews: readonly Pick<Review, 'weighted' | 'recommendation'>[],
  { atLeast, spreadPercent }: { readonly atLeast: number; readonly spreadPercent: number },
): Sufficiency {
  const scores = reviews.map(({ weighted }) => weighted);
  const apart = reviews.length > 0 && Math.max(...scores) - Math.min(...scores) > spreadPercent * 100;
  const rejecting = reviews.filter(({ recommendation }) => recommendation === 'reject').length;
  const opposed = rejecting > 0 && rejecting < reviews.length;
  const tooFew = reviews.length < atLeast;
  const needsThird = (apart || opposed) && reviews.length <= atLeast;
  return {
    suffice: !tooFew && !needsThird,
    needsThird,
    because: [
      ...(tooFew ? (['REVIEWS_TOO_FEW'] as const) : []),
      ...(needsThird && apart ? (['REVIEW_SCORES_APART'] as const) : []),
      ...(needsThird && opposed ? (['REVIEW_RECOMMENDATIONS_OPPOSED'] as const) : []),
    ],
  };
}
