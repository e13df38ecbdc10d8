import { dayOf, daysBetween } from '@alliance/calendar';
import { languageLevels } from '../event-fields';
import { placesAround } from '../feasibility';
import { strains } from '../need/need.events';
import { MOST_SCORE } from './matching-problem';
import {
  type NeedInput,
  type OfferInput,
  type RoundSettings,
  type ScoreTerm,
  scoreTerms,
  type ShortageInput,
} from './round-inputs';

/** 0 to 100 points each. */
export type Terms = Readonly<Record<ScoreTerm, number>>;

/** The weights that count where nothing else is set: the needs' own terms outweigh how nice a fit is. */
export const DEFAULT_WEIGHTS: Readonly<Record<ScoreTerm, number>> = {
  fit: 30,
  date: 20,
  strain: 15,
  waiting: 10,
  load: 10,
  distance: 10,
  shortage: 5,
};

/** Scores pairs of one round. Severity is no term of it: it goes before all of them. */
export class Scoring {
  private readonly weights: readonly (readonly [ScoreTerm, number])[];
  private readonly sum: number;
  /** The regions with a shortage, by field of action. */
  private readonly short = new Map<string, Set<string>>();

  constructor(
    private readonly settings: RoundSettings,
    shortages: readonly ShortageInput[],
  ) {
    this.weights = scoreTerms.map((term) => [term, settings.weights[term]]);
    this.sum = Math.max(
      1,
      this.weights.reduce((sum, [, weight]) => sum + weight, 0),
    );
    for (const { fieldKey, regionKey } of shortages) {
      this.short.set(fieldKey, (this.short.get(fieldKey) ?? new Set()).add(regionKey));
    }
  }

  /** What of a score is the need's own, whoever helps. */
  ofNeed({ facts, openedAt }: NeedInput): Omit<Terms, 'fit' | 'distance'> {
    const { today, waitingFullDays, loadFullPeople } = this.settings;
    const around = placesAround(facts);
    const isShort = facts.fieldKeys.some((field) => around.some((region) => this.short.get(field)?.has(region)));
    return {
      // Four weeks ahead nothing presses; on the day itself, or after it, everything does.
      date: share(28 - Math.max(0, daysBetween(today, facts.neededBy)), 28),
      strain: share(strains.indexOf(facts.strain), strains.length - 1),
      waiting: share(daysBetween(dayOf(openedAt), today), waitingFullDays),
      load: share(facts.peoplePerHelper, loadFullPeople),
      shortage: isShort ? 100 : 0,
    };
  }

  /** All terms of a pair. `ofNeed`: what that gives for the need. */
  ofPair(need: NeedInput, offer: OfferInput, ofNeed: Omit<Terms, 'fit' | 'distance'>): Terms {
    // Named one by one, for a round makes some ten thousands of them.
    const { date, strain, waiting, load, shortage } = ofNeed;
    return { date, strain, waiting, load, shortage, fit: fitOf(need, offer), distance: distanceOf(need, offer) };
  }

  /** From 1 to `MOST_SCORE`: the terms by their weights. */
  score(terms: Terms): number {
    let weighed = 0;
    for (const [term, weight] of this.weights) weighed += weight * terms[term];
    return 1 + Math.floor((weighed * (MOST_SCORE - 1)) / (100 * this.sum));
  }
}

/** How much more than it must have the need gets: nice skills at their level, must-skills and languages beyond theirs. */
function fitOf({ facts: need }: NeedInput, { facts: offer }: OfferInput): number {
  let fields = 0;
  for (const key of need.fieldKeys) if (offer.fieldKeys.includes(key)) fields += 1;
  let [sum, parts] = [share(fields, need.fieldKeys.length), 1];
  const add = (points: number, weight = 1) => {
    sum += weight * points;
    parts += weight;
  };
  for (const { key, level } of need.niceSkills) add(share(levelOf(offer, key), level), 2);
  for (const { key, level } of need.mustSkills) {
    add(level === MOST_LEVEL ? 100 : share(levelOf(offer, key) - level, MOST_LEVEL - level));
  }
  const most = languageLevels.length - 1;
  for (const { tag, level } of need.languages) {
    const wanted = languageLevels.indexOf(level);
    const has = languageLevels.indexOf(offer.languages.find((one) => one.tag === tag)?.level ?? 'A1');
    add(wanted === most ? 100 : share(has - wanted, most - wanted));
  }
  return Math.floor(sum / parts);
}

const MOST_LEVEL = 5;

function levelOf({ skills }: OfferInput['facts'], key: string): number {
  return skills.find((one) => one.key === key)?.level ?? 0;
}

/** By the tree of regions: 100 for the very region, less for each step up to the one that the offer reaches; from afar none. */
function distanceOf({ facts: need }: NeedInput, { facts: offer }: OfferInput): number {
  const ladder = placesAround(need);
  const steps = ladder.findIndex((key) => offer.regionKeys.includes(key));
  return steps < 0 ? 0 : 100 - Math.floor((100 * steps) / (ladder.length + 1));
}

/** What part of the whole it is, in hundredths: 0 to 100, rounded down. */
function share(part: number, whole: number): number {
  return Math.floor((100 * Math.min(Math.max(part, 0), whole)) / whole);
}
