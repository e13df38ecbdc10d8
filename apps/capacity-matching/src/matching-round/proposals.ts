import type { WeekRun } from '../event-fields';
import { runsIn } from '../weekly-minutes';
import type { BuiltProblem } from './build-problem';
import type { NeedInput, OfferInput, RoundInputs } from './round-inputs';
import type { Terms } from './score';
import type { SolvedWeeks } from './solve-weeks';

/** That an offer helps a need, and why: what a round proposes to both of them. */
export interface Proposal {
  readonly needId: string;
  readonly offerId: string;
  readonly helpingOrganisationId: string;
  readonly supportingOrganisationId: string;
  readonly weeks: readonly WeekRun[];
  /** From 1 to `MOST_SCORE`, of a minute. */
  readonly score: number;
  /** What the score is made of, 0 to 100 points each before they are weighed. */
  readonly terms: Terms;
}

/** What a round proposes, in the order of needs, then of offers: one proposal a pair, over all of its weeks. */
export function proposalsOf(
  { needs, offers }: RoundInputs,
  { problem, termsOf }: BuiltProblem,
  solved: readonly SolvedWeeks[],
): readonly Proposal[] {
  const minutesIn: Float64Array[] = [];
  for (const { weeks, minutes } of solved) for (const week of weeks) minutesIn[week] = minutes;
  const minutesOf = (pair: number) => (week: number) => minutesIn[week]?.[pair] ?? 0;
  const proposals: Proposal[] = [];
  for (let pair = 0; pair < problem.pairNeed.length; pair += 1) {
    if (solved.every(({ minutes }) => minutes[pair] === 0)) continue;
    const need = needs[problem.pairNeed[pair] as number] as NeedInput;
    const offer = offers[problem.pairOffer[pair] as number] as OfferInput;
    proposals.push({
      ...{ needId: need.id, offerId: offer.id },
      ...{ helpingOrganisationId: need.organisationId, supportingOrganisationId: offer.organisationId },
      ...{ weeks: runsIn(problem.weeks, minutesOf(pair)) },
      ...{ score: problem.pairScore[pair] as number, terms: termsOf(pair) },
    });
  }
  return proposals;
}
