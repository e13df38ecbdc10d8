import type { WeekRun } from '../event-fields';
import { runsOf } from '../weekly-minutes';
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
  const byPair = new Map<number, Map<string, number>>();
  for (const { weeks, minutes } of solved) {
    minutes.forEach((some, pair) => {
      if (some === 0) return;
      const byWeek = byPair.get(pair) ?? new Map<string, number>();
      for (const week of weeks) byWeek.set(problem.weeks[week] as string, some);
      byPair.set(pair, byWeek);
    });
  }
  return [...byPair]
    .sort(([one], [other]) => one - other)
    .map(([pair, byWeek]) => {
      const need = needs[problem.pairNeed[pair] as number] as NeedInput;
      const offer = offers[problem.pairOffer[pair] as number] as OfferInput;
      return {
        ...{ needId: need.id, offerId: offer.id },
        ...{ helpingOrganisationId: need.organisationId, supportingOrganisationId: offer.organisationId },
        ...{ weeks: runsOf(byWeek), score: problem.pairScore[pair] as number, terms: termsOf(pair) },
      };
    });
}
