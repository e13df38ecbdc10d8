import { type Aggregate, type Command, type CommandContext, type Refusal, refuse } from '@alliance/event-sourcing';
import type { CallFacts, Member } from '../call/call.events';
import { conflictOf, conflictsFrom, type ConflictState, evolveConflicts, noConflicts, personOf } from '../conflicts';
import { type GrantEvent, grantEvents } from '../grant/grant.events';
import { atMost, inWords, type Money } from '../money';
import { evolveReviews, noReviews, type ReviewState } from '../review-sufficiency';
import type { Review } from './review.events';

/** By the log of the call: its panel; and which organisations have an interest of their own in the grant at present. */
interface Independence {
  readonly panel: readonly Member[];
  readonly interestedOrganisationIds: readonly string[];
}

export type ReviewCommand =
  /** In place of those assigned before. */
  | Command<'AssignReviewers', Independence & { readonly subjects: readonly string[] }>
  /** In place of the one that the same person submitted before. */
  | Command<'SubmitReview', Independence & Pick<Review, 'scores' | 'rationale' | 'recommendation' | 'amount'>>;

interface Known {
  readonly criteria: CallFacts['criteria'];
  readonly requested: Money;
  /** Who drafted, revised or submitted the application. */
  readonly requesters: readonly string[];
  readonly declared: ConflictState;
  readonly reviews: ReviewState;
}

/** A decision that is deferred, or an award that came to nothing, opens the review again: another proposal has to come. */
export type ReviewingState =
  { readonly stage: 'none' } | (Known & { readonly stage: 'before-review' | 'in-review' | 'after-review' });

type Decision = readonly GrantEvent[] | Refusal;

/** Who reviews a grant, and what they say of it. */
export const grantReviews: Aggregate<ReviewCommand, ReviewingState, GrantEvent> = {
  catalogue: grantEvents,
  decider: { initialState: { stage: 'none' }, decide, evolve },
};

function decide(command: ReviewCommand, state: ReviewingState): Decision {
  if (state.stage === 'none') return refuse('not-found', 'GRANT_UNKNOWN', 'There is no such grant.');
  if (state.stage !== 'in-review') {
    const detail =
      'A grant is reviewed from the day its application has passed the formal check until a decision is proposed.';
    return refuse('conflict', 'REVIEW_WRONG_STAGE', detail, { stage: state.stage, needed: ['in-review'] });
  }
  return command.type === 'AssignReviewers'
    ? assign(command.data, state, command.context)
    : submit(command.data, state, command.context);
}

function assign(
  { subjects, panel, interestedOrganisationIds }: Extract<ReviewCommand, { type: 'AssignReviewers' }>['data'],
  { declared, requesters, reviews }: Known,
  { actor }: CommandContext,
): Decision {
  const conflicts = conflictsFrom(declared, interestedOrganisationIds);
  if (conflictOf(personOf(actor, panel), conflicts) !== undefined) return conflicted();
  if (subjects.length < 2 || subjects.length > 3 || new Set(subjects).size < subjects.length) {
    return refuse('unprocessable', 'REVIEWERS_NOT_TWO_OR_THREE', 'Two or three different persons review a grant.');
  }
  const outside = subjects.filter((subject) => !panel.some((member) => member.subject === subject));
  if (outside.length > 0) {
    const detail = 'Reviewers are on the panel of the call; choose others, or revise the panel.';
    return refuse('unprocessable', 'REVIEWER_NOT_ON_PANEL', detail, { subjects: outside });
  }
  const excluded = subjects.filter(
    (subject) =>
      requesters.includes(subject) || conflictOf(personOf({ subject, roles: [] }, panel), conflicts) !== undefined,
  );
  if (excluded.length > 0) {
    const detail = 'No one reviews what they applied for or have a conflict of interest in; choose others.';
    return refuse('conflict', 'REVIEWER_EXCLUDED', detail, { subjects: excluded });
  }
  if (inOrder(subjects) === inOrder(reviews.assigned)) return [];
  return [{ type: 'ReviewersAssigned', data: { subjects: [...subjects], assignedBy: actor.subject } }];
}

function submit(
  said: Extract<ReviewCommand, { type: 'SubmitReview' }>['data'],
  state: Known,
  { actor }: CommandContext,
): Decision {
  const { panel, interestedOrganisationIds, scores, rationale, recommendation, amount } = said;
  const { subject, organisationIds } = personOf(actor, panel);
  const conflicts = conflictsFrom(state.declared, interestedOrganisationIds);
  if (!state.reviews.assigned.includes(subject)) {
    return refuse('forbidden', 'REVIEW_NOT_ASSIGNED', 'Who is assigned to a grant reviews it.');
  }
  if (state.requesters.includes(subject)) {
    return refuse('forbidden', 'REVIEW_OF_OWN_APPLICATION', 'No one reviews what they applied for.');
  }
  if (conflictOf({ subject, organisationIds }, conflicts) !== undefined) return conflicted();
  if (!conflicts.cleared.includes(subject)) {
    const detail = 'Who reviews has declared before to have no conflict of interest.';
    return refuse('forbidden', 'REVIEW_UNDECLARED', detail);
  }
  const fault = scoresFault(scores, state.criteria) ?? amountFault(amount, state.requested);
  if (fault !== undefined) return fault;

  const data: Review = {
    reviewedBy: subject,
    organisationIds: [...organisationIds],
    interestedOrganisationIds: [...interestedOrganisationIds].sort(),
    ...weigh(scores, state.criteria),
    rationale,
    recommendation,
    ...(amount !== undefined && { amount }),
  };
  const before = state.reviews.reviews.find(({ reviewedBy }) => reviewedBy === subject);
  if (before !== undefined && content(before) === content(data)) return [];
  return [{ type: 'ReviewSubmitted', data }];
}

/** Each criterion of the call once, and within its range. */
function scoresFault(scores: Review['scores'], criteria: CallFacts['criteria']): Refusal | undefined {
  const keys = scores.map(({ key }) => key);
  const known = criteria.map(({ key }) => key);
  const missing = known.filter((key) => !keys.includes(key));
  const unknown = keys.filter((key) => !known.includes(key));
  const repeated = known.filter((key) => keys.indexOf(key) !== keys.lastIndexOf(key));
  if (missing.length + unknown.length + repeated.length > 0) {
    const detail = `Each criterion of the call is scored once: ${known.join(', ')}.`;
    return refuse('unprocessable', 'REVIEW_SCORES_INCOMPLETE', detail, { missing, unknown, repeated });
  }
  const outOfRange = criteria.flatMap(({ key, mostPoints }) =>
    scores
      .filter((score) => score.key === key && (score.points < 0 || score.points > mostPoints))
      .map(({ points }) => ({ key, points, mostPoints })),
  );
  if (outOfRange.length === 0) return undefined;
  const ranges = outOfRange.map(({ key, mostPoints }) => `${key} from 0 to ${mostPoints}`).join(', ');
  return refuse('unprocessable', 'REVIEW_POINTS_OUT_OF_RANGE', `Points are given for ${ranges}.`, { outOfRange });
}

function amountFault(amount: Money | undefined, requested: Money): Refusal | undefined {
  if (amount === undefined || atMost(amount, requested)) return undefined;
  const detail = `No more is recommended than is requested, ${inWords(requested)}; it says ${inWords(amount)}.`;
  return refuse('unprocessable', 'REVIEW_AMOUNT_OVER_REQUESTED', detail, { amount, requested });
}

/** In the order of the call's criteria; what each gives of its weight, rounded once, when all are added up. */
function weigh(scores: Review['scores'], criteria: CallFacts['criteria']): Pick<Review, 'scores' | 'weighted'> {
  const points = new Map(scores.map((score) => [score.key, score.points]));
  const given = criteria.map((criterion) => ({ ...criterion, points: points.get(criterion.key) ?? 0 }));
  const weighted = given.reduce((sum, one) => sum + (one.weightPercent * 100 * one.points) / one.mostPoints, 0);
  return { scores: given.map(({ key, points }) => ({ key, points })), weighted: Math.round(weighted) };
}

/** What a review says, apart from who stood where when it was said. */
function content({ scores, rationale, recommendation, amount }: Review): string {
  return JSON.stringify([scores.map(({ key, points }) => [key, points]), rationale, recommendation, amount?.cents]);
}

function inOrder(subjects: readonly string[]): string {
  return JSON.stringify([...subjects].sort());
}

function conflicted(): Refusal {
  const detail = 'Who has a conflict of interest has no part in the review.';
  return refuse('forbidden', 'REVIEW_CONFLICTED', detail);
}

function evolve(state: ReviewingState, event: GrantEvent): ReviewingState {
  if (event.type === 'GrantDrafted') {
    const { call, currency, draftedBy } = event.data;
    return {
      stage: 'before-review',
      criteria: call.criteria,
      requested: { cents: 0, currency },
      requesters: [draftedBy],
      declared: noConflicts,
      reviews: noReviews,
    };
  }
  if (state.stage === 'none') throw new Error(`${event.type} before GrantDrafted.`);
  const known = {
    ...state,
    declared: evolveConflicts(state.declared, event),
    reviews: evolveReviews(state.reviews, event),
  };
  switch (event.type) {
    case 'ApplicationRevised':
      return { ...known, requesters: [...known.requesters, event.data.revisedBy] };
    case 'ApplicationSubmitted': {
      const { requested, submittedBy } = event.data;
      return { ...known, stage: 'before-review', requested, requesters: [...known.requesters, submittedBy] };
    }
    case 'InformationRequested':
      return { ...known, stage: 'before-review' };
    case 'FormalCheckPassed':
    case 'GrantDeferred':
    case 'AwardBlocked':
      return { ...known, stage: 'in-review' };
    case 'DecisionProposed':
    case 'GrantWithdrawn':
      return { ...known, stage: 'after-review' };
    default:
      return known;
  }
}
