import { addDays, mondayOf, weeksFrom } from '@alliance/calendar';
import { byWeek, minutesByWeek } from '../weekly-minutes';
import { FeasiblePairs } from './feasible-pairs';
import type { MatchingProblem } from './matching-problem';
import type { NeedInput, OfferInput, RoundInputs } from './round-inputs';
import { Scoring, type Terms } from './score';

/** A problem, and what its pairs and scores are made of. */
export interface BuiltProblem {
  readonly problem: MatchingProblem;
  readonly pairs: FeasiblePairs;
  /** The terms of a pair's score, by its index. */
  termsOf(pair: number): Terms;
}

/** The problem of a round: what is wanted and free in its weeks, who can help whom, and what a minute of it scores. */
export function buildProblem(inputs: RoundInputs): BuiltProblem {
  const { offers, needs, shortages, settings, pausedOrganisationIds } = inputs;
  const weeks = weeksFrom(settings.firstWeek, settings.lastWeek);
  const scoring = new Scoring(settings, shortages);
  const pairs = new FeasiblePairs(inputs);
  const paused = new Set(pausedOrganisationIds);
  const feasible = pairs.all().filter(({ need, offer }) => {
    const [one, other] = [needs[need] as NeedInput, offers[offer] as OfferInput];
    const isSupplied = one.supplies.some(({ offerId }) => offerId === other.id);
    return !isSupplied && !paused.has(one.organisationId) && !paused.has(other.organisationId);
  });
  const ofNeeds = needs.map((need) => scoring.ofNeed(need));
  const termsOf = (pair: number) => {
    const { need, offer } = feasible[pair] as (typeof feasible)[number];
    return scoring.ofPair(
      needs[need] as NeedInput,
      offers[offer] as OfferInput,
      ofNeeds[need] as (typeof ofNeeds)[number],
    );
  };
  const [wanted, free, block] = [new Float64Array(needs.length * weeks.length), ...twice(offers.length * weeks.length)];
  needs.forEach((need, at) => {
    if (supportersLeft(need) === 0) return;
    const asked = minutesByWeek(need.facts);
    const supplied = byWeek(need.supplies.flatMap((one) => one.weeks));
    weeks.forEach((week, index) => {
      wanted[at * weeks.length + index] = Math.max(0, (asked.get(week) ?? 0) - (supplied.get(week) ?? 0));
    });
  });
  const mondays = weeks.map(mondayOf);
  offers.forEach((offer, at) => {
    const offered = minutesByWeek(offer.facts);
    const earliest = addDays(settings.today, offer.facts.leadTimeDays);
    const { minimumBlockMinutes = 0 } = offer.facts;
    weeks.forEach((week, index) => {
      const isAfterLead = (mondays[index] as string) >= earliest;
      free[at * weeks.length + index] = isAfterLead ? (offer.free.get(week) ?? 0) : 0;
      block[at * weeks.length + index] = Math.min(minimumBlockMinutes, offered.get(week) ?? 0);
    });
  });
  const problem: MatchingProblem = {
    ...{ weeks, wanted, free, block },
    needIds: needs.map(({ id }) => id),
    offerIds: offers.map(({ id }) => id),
    severityClass: Uint8Array.from(needs, ({ severity }) => severity - 1),
    mostSupporters: Uint16Array.from(needs, (need) => supportersLeft(need) ?? 0),
    pairNeed: Int32Array.from(feasible, ({ need }) => need),
    pairOffer: Int32Array.from(feasible, ({ offer }) => offer),
    pairScore: Int32Array.from(feasible, (_, pair) => scoring.score(termsOf(pair))),
  };
  return { problem, pairs, termsOf };
}

/** How many more offers a need can look after; `undefined` for any number. */
function supportersLeft({ facts: { mostSupporters }, supplies }: NeedInput): number | undefined {
  return mostSupporters === undefined ? undefined : Math.max(0, mostSupporters - supplies.length);
}

function twice(length: number): [Float64Array, Float64Array] {
  return [new Float64Array(length), new Float64Array(length)];
}
