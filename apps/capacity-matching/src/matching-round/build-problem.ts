import { addDays, weeksFrom } from '@alliance/calendar';
import { sharedWeeks } from '../feasibility';
import { byWeek, daysOf, minutesInWeek } from '../weekly-minutes';
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

/** Later than any week, and earlier. */
const NO_WEEKS = { from: '9999-W52', to: '0000-W01' };

/** The problem of a round: what is wanted and free in its weeks, who can help whom, and what a minute of it scores. */
export function buildProblem(inputs: RoundInputs): BuiltProblem {
  const { offers, needs, shortages, settings, pausedOrganisationIds } = inputs;
  const weeks = weeksFrom(settings.firstWeek, settings.lastWeek);
  const scoring = new Scoring(settings, shortages);
  const pairs = new FeasiblePairs(inputs);
  const paused = new Set(pausedOrganisationIds);
  const [pairNeed, pairOffer]: [number[], number[]] = [[], []];
  needs.forEach(({ organisationId, supplies }, need) => {
    if (paused.has(organisationId)) return;
    for (const offer of pairs.of(need)) {
      const other = offers[offer] as OfferInput;
      if (paused.has(other.organisationId) || supplies.some(({ offerId }) => offerId === other.id)) continue;
      pairNeed.push(need);
      pairOffer.push(offer);
    }
  });
  const ofNeeds = needs.map((need) => scoring.ofNeed(need));
  const termsOf = (pair: number) => {
    const [need, offer] = [pairNeed[pair] as number, pairOffer[pair] as number];
    const ofNeed = ofNeeds[need] as (typeof ofNeeds)[number];
    return scoring.ofPair(needs[need] as NeedInput, offers[offer] as OfferInput, ofNeed);
  };
  const days = weeks.map(daysOf);
  const [wanted, free, block] = [new Float64Array(needs.length * weeks.length), ...twice(offers.length * weeks.length)];
  const mostSupporters = new Uint16Array(wanted.length);
  needs.forEach((need, at) => {
    const supplied = byWeek(need.supplies.flatMap((one) => one.weeks));
    weeks.forEach((week, index) => {
      const left = supportersLeft(need, week);
      if (left === 0) return;
      mostSupporters[at * weeks.length + index] = left ?? 0;
      const asked = minutesInWeek(need.facts, days[index] as readonly string[]);
      wanted[at * weeks.length + index] = Math.max(0, asked - (supplied.get(week) ?? 0));
    });
  });
  offers.forEach((offer, at) => {
    const earliest = addDays(settings.today, offer.facts.leadTimeDays);
    const { minimumBlockMinutes = 0 } = offer.facts;
    weeks.forEach((week, index) => {
      const ofWeek = days[index] as readonly string[];
      const isAfterLead = (ofWeek[0] as string) >= earliest;
      free[at * weeks.length + index] = isAfterLead ? (offer.free.get(week) ?? 0) : 0;
      block[at * weeks.length + index] = Math.min(minimumBlockMinutes, minutesInWeek(offer.facts, ofWeek));
    });
  });
  const indexOf = new Map(weeks.map((week, index) => [week, index]));
  const [pairFirstWeek, pairLastWeek] = [new Int16Array(pairNeed.length), new Int16Array(pairNeed.length)];
  pairNeed.forEach((need, pair) => {
    const offer = offers[pairOffer[pair] as number] as OfferInput;
    const { from, to } = sharedWeeks(offer, needs[need] as NeedInput, settings.today) ?? NO_WEEKS;
    pairFirstWeek[pair] = from <= settings.firstWeek ? 0 : (indexOf.get(from) ?? weeks.length);
    pairLastWeek[pair] = to >= settings.lastWeek ? weeks.length - 1 : (indexOf.get(to) ?? -1);
  });
  const problem: MatchingProblem = {
    ...{ weeks, wanted, free, block },
    needIds: needs.map(({ id }) => id),
    offerIds: offers.map(({ id }) => id),
    severityClass: Uint8Array.from(needs, ({ severity }) => severity - 1),
    mostSupporters,
    ...{ pairNeed: Int32Array.from(pairNeed), pairOffer: Int32Array.from(pairOffer), pairFirstWeek, pairLastWeek },
    pairScore: Int32Array.from(pairNeed, (_, pair) => scoring.score(termsOf(pair))),
  };
  return { problem, pairs, termsOf };
}

/** How many more offers a need can look after in a week; `undefined` for any number. */
function supportersLeft({ facts: { mostSupporters }, supplies }: NeedInput, week: string): number | undefined {
  if (mostSupporters === undefined) return undefined;
  const there = supplies.filter(({ weeks }) => weeks.some(({ from, to }) => from <= week && week <= to));
  return Math.max(0, mostSupporters - new Set(there.map(({ offerId }) => offerId)).size);
}

function twice(length: number): [Float64Array, Float64Array] {
  return [new Float64Array(length), new Float64Array(length)];
}
