import { fold } from '@alliance/event-sourcing';
import { conflictsFrom, evolveConflicts, noConflicts } from './conflicts';
import type { GrantEvent } from './grant/grant.events';
import { aGrant, ids, who } from './grant/grant.given';
import type { Review } from './review/review.events';
import { evolveReviews, noReviews, reviewsSuffice, standingReviews } from './review-sufficiency';

const rule = { atLeast: 2, spreadPercent: 30 };
const review = (weighted: number, recommendation: Review['recommendation'] = 'fund') => ({ weighted, recommendation });

describe('reviews: two at least, and strong disagreement asks a third', () => {
  it.each([
    ['none', [], { suffice: false, needsThird: false, because: ['REVIEWS_TOO_FEW'] }],
    ['one', [review(8_000)], { suffice: false, needsThird: false, because: ['REVIEWS_TOO_FEW'] }],
    ['two that agree', [review(8_000), review(5_000)], { suffice: true, needsThird: false, because: [] }],
    [
      'two whose scores are further apart than the spread',
      [review(8_000), review(4_999)],
      { suffice: false, needsThird: true, because: ['REVIEW_SCORES_APART'] },
    ],
    [
      'two of which one would fund what the other rejects',
      [review(6_000, 'fund-with-conditions'), review(6_000, 'reject')],
      { suffice: false, needsThird: true, because: ['REVIEW_RECOMMENDATIONS_OPPOSED'] },
    ],
    [
      'two that both would fund, one on conditions',
      [review(6_000, 'fund-with-conditions'), review(6_000)],
      { suffice: true, needsThird: false, because: [] },
    ],
    [
      'two that reject alike',
      [review(1_000, 'reject'), review(1_000, 'reject')],
      { suffice: true, needsThird: false, because: [] },
    ],
    [
      'three, however far apart',
      [review(9_000), review(0, 'reject'), review(5_000)],
      { suffice: true, needsThird: false, because: [] },
    ],
  ])('%s', (_, reviews, found) => expect(reviewsSuffice(reviews, rule)).toEqual(found));

  const history = aGrant({ upTo: 'reviewed' });
  const [first, second] = who.reviewers;
  const conflicts = (...more: GrantEvent[]) =>
    conflictsFrom(fold(evolveConflicts, noConflicts, [...history, ...more]), [ids.applicant]);

  it('count once for each person, the last one', () => {
    const [again] = fold(evolveReviews, noReviews, history).reviews;
    if (again === undefined) throw new Error('no review in the history');
    const state = fold(evolveReviews, noReviews, [
      ...history,
      { type: 'ReviewSubmitted', data: { ...again, weighted: 100 } },
    ]);
    expect(state.assigned).toEqual([first, second]);
    expect(state.reviews.map(({ reviewedBy, weighted }) => [reviewedBy, weighted])).toEqual([
      [second, 7_000],
      [first, 100],
    ]);
  });

  it('no longer count when their author is conflicted, by word or by employer', () => {
    const state = fold(evolveReviews, noReviews, history);
    const authors = (...more: GrantEvent[]) =>
      standingReviews(state, conflicts(...more)).map(({ reviewedBy }) => reviewedBy);
    expect(authors()).toEqual([first, second]);
    const declared = { subject: first, kind: 'personal', declaredBy: first } as const;
    expect(authors({ type: 'ConflictDeclared', data: declared })).toEqual([second]);
    const employed = { ...state, reviews: state.reviews.map((one) => ({ ...one, organisationIds: [ids.applicant] })) };
    expect(standingReviews(employed, conflicts())).toEqual([]);
  });
});
