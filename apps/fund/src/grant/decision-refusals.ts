import { type Actor, refuse, type Refusal } from '@alliance/event-sourcing';
import { conflictOf, conflictsFrom, type ConflictState, personOf } from '../conflicts';
import { reviewsSuffice, type ReviewState, standingReviews } from '../review-sufficiency';
import type { Independence, ReviewRule } from './decision-commands';
import type { DecisionState } from './decision-state';

type Stage = DecisionState['stage'];

export function grantWrongStage({ stage }: DecisionState, needed: readonly Stage[]): Refusal {
  const detail = `The grant is ${stage}; it has to be ${needed.join(' or ')}.`;
  return refuse('conflict', 'GRANT_WRONG_STAGE', detail, { stage, needed });
}

/** Of whoever has a say in a decision besides approving it. */
export function partialityFault(
  actor: Actor,
  { panel, interestedOrganisationIds }: Independence,
  { requesters, declared }: { readonly requesters: readonly string[]; readonly declared: ConflictState },
): Refusal | undefined {
  if (requesters.includes(actor.subject)) {
    return refuse('forbidden', 'GRANT_OWN_APPLICATION', 'No one decides on what they applied for.');
  }
  const conflict = conflictOf(personOf(actor, panel), conflictsFrom(declared, interestedOrganisationIds));
  if (conflict === undefined) return undefined;
  const detail = 'Who has a conflict of interest has no part in the decision.';
  return refuse('forbidden', 'GRANT_DECISION_CONFLICTED', detail, { ...conflict });
}

/** A deferral needs no reviews: after it they can be written, as after nothing else. */
export function reviewFault(
  outcome: string,
  { reviews, declared }: { readonly reviews: ReviewState; readonly declared: ConflictState },
  interestedOrganisationIds: readonly string[],
  rule: ReviewRule,
): Refusal | undefined {
  if (outcome === 'deferred') return undefined;
  const standing = standingReviews(reviews, conflictsFrom(declared, interestedOrganisationIds));
  const { suffice, needsThird, because } = reviewsSuffice(standing, rule);
  if (suffice) return undefined;
  const detail = needsThird
    ? 'The reviews disagree strongly: one more is needed, or a deferral.'
    : `It needs ${rule.atLeast} reviews of persons without a conflict of interest, or a deferral; there are ${standing.length}.`;
  return refuse('conflict', 'GRANT_REVIEWS_INSUFFICIENT', detail, { because, standing: standing.length });
}
