import { addDays } from '@alliance/calendar';
import { regionLadder } from '@alliance/region-keys';
import { daysByWeek, type DaysByWeek, sharedRun } from './days-by-week';
import { type Language, languageLevels } from './event-fields';
import type { NeedFacts } from './need/need.events';
import type { OfferFacts } from './offer/offer.events';

/** An offer, as far as hard rules look at it. */
export interface Offered {
  readonly organisationId: string;
  readonly facts: OfferFacts;
  /** The last day on which the proof of a qualification counts, by the qualification's key. */
  readonly qualifications: ReadonlyMap<string, string>;
}

/** A need, as far as hard rules look at it. */
export interface Needed {
  readonly organisationId: string;
  readonly facts: NeedFacts;
}

export const hardRules = [
  'OTHER_ORGANISATION',
  'NOT_EXCLUDED',
  'FIELD_SHARED',
  'REGION_REACHED',
  'SKILLS_THERE',
  'LANGUAGES_THERE',
  'WINDOW_SHARED',
  'WEEKDAYS_WANTED',
  'BLOCK_FITS',
  'QUALIFICATIONS_PROVED',
] as const;
export type HardRule = (typeof hardRules)[number];

/** A hard rule that an offer and a need do not meet together. */
export interface HardRuleFault {
  readonly rule: HardRule;
  /** The smallest change that would make them meet it, in words; absent where none could. */
  readonly change?: string;
}

/**
 * When the offer can help the need: the days that both cover, from the day on which help could begin at the earliest
 * (`today` and the offer's lead time). Nothing when there is no such day.
 */
export function sharedWindow(
  { facts: offer }: Offered,
  { facts: need }: Needed,
  today: string,
): { readonly from: string; readonly until: string } | undefined {
  const from = [offer.from, need.from, earliestOf(offer, today)].reduce((a, b) => (a > b ? a : b));
  const until = offer.until < need.until ? offer.until : need.until;
  return from <= until ? { from, until } : undefined;
}

/**
 * The weeks in which the offer can help the need, from the first to the last: those of their shared window, but for its
 * first and its last one only where all days of one of the two in that week are days of the other. Nothing when there is
 * no such week. So whatever the need asks for in such a week, and the offer has in it, they can do on days that both have.
 */
export function sharedWeeks(
  { facts: offer }: Offered,
  { facts: need }: Needed,
  today: string,
): { readonly from: string; readonly to: string } | undefined {
  return sharedRun(daysOfOffer(offer, today), daysOfNeed(need));
}

// A round asks the same of a need, and of an offer, some hundred times.
const places = new WeakMap<NeedFacts, readonly string[]>();
const earliest = new WeakMap<OfferFacts, { readonly today: string; readonly day: string }>();
const needDays = new WeakMap<NeedFacts, DaysByWeek>();
const offerDays = new WeakMap<OfferFacts, { readonly today: string; readonly days: DaysByWeek }>();

function daysOfNeed(need: NeedFacts): DaysByWeek {
  const known = needDays.get(need);
  if (known !== undefined) return known;
  const days = daysByWeek(need);
  needDays.set(need, days);
  return days;
}

/** Of those on which help could be given, if it were allocated today. */
function daysOfOffer(offer: OfferFacts, today: string): DaysByWeek {
  const known = offerDays.get(offer);
  if (known?.today === today) return known.days;
  const soonest = earliestOf(offer, today);
  const days = daysByWeek(offer.from < soonest ? { ...offer, from: soonest } : offer);
  offerDays.set(offer, { today, days });
  return days;
}

/** The region of the need and all around it, the nearest first. */
export function placesAround(need: NeedFacts): readonly string[] {
  const known = places.get(need);
  if (known !== undefined) return known;
  const found = regionLadder(need.regionKey);
  places.set(need, found);
  return found;
}

/** When help could begin, if it were allocated today. */
function earliestOf(offer: OfferFacts, today: string): string {
  const known = earliest.get(offer);
  if (known?.today === today) return known.day;
  const day = addDays(today, offer.leadTimeDays);
  earliest.set(offer, { today, day });
  return day;
}

/** `undefined` when the rule is met; else what tells, when it is asked, the change that would make it so. */
type Check = (offer: Offered, need: Needed, today: string) => (() => string) | undefined;

/** Of a rule that no change of an offer or a need makes them meet. */
const NO_CHANGE = () => '';

/** Cheap ones that leave out many come first. */
const checks: Readonly<Record<HardRule, Check>> = {
  OTHER_ORGANISATION: (offer, need) => (offer.organisationId === need.organisationId ? NO_CHANGE : undefined),

  NOT_EXCLUDED: (offer, need) =>
    offer.facts.excludedOrganisationIds.includes(need.organisationId) ||
    need.facts.excludedOrganisationIds.includes(offer.organisationId)
      ? NO_CHANGE
      : undefined,

  FIELD_SHARED: ({ facts: offer }, { facts: need }) =>
    need.fieldKeys.some((key) => offer.fieldKeys.includes(key))
      ? undefined
      : () => `an offer in the field ${need.fieldKeys.join(' or ')}`,

  REGION_REACHED: ({ facts: offer }, { facts: need }) => {
    if (offer.isRemotePossible && need.isRemotePossible) return undefined;
    if (offer.regionKeys.length > 0) {
      if (placesAround(need).some((key) => offer.regionKeys.includes(key))) return undefined;
    }
    const remotely = offer.isRemotePossible ? ', or a need that can be met remotely' : '';
    return () => `an offer that reaches the region ${need.regionKey}${remotely}`;
  },

  SKILLS_THERE: ({ facts: offer }, { facts: need }) => {
    const has = (key: string) => offer.skills.find((one) => one.key === key)?.level ?? 0;
    const lacking = need.mustSkills.filter(({ key, level }) => has(key) < level);
    return inWords(lacking, ({ key, level }) => {
      return `${key} at level ${level}${has(key) > 0 ? ` instead of ${has(key)}` : ''}`;
    });
  },

  LANGUAGES_THERE: ({ facts: offer }, { facts: need }) => {
    const has = (tag: string) => offer.languages.find((one) => one.tag === tag)?.level;
    const rank = (level: Language['level'] | undefined) => (level === undefined ? -1 : languageLevels.indexOf(level));
    const lacking = need.languages.filter(({ tag, level }) => rank(has(tag)) < rank(level));
    return inWords(lacking, ({ tag, level }) => {
      return `${tag} at ${level}${has(tag) === undefined ? '' : ` instead of ${has(tag)}`}`;
    });
  },

  WINDOW_SHARED: (offer, need, today) => {
    if (sharedWeeks(offer, need, today) !== undefined) return undefined;
    return () => {
      const shared = sharedWindow(offer, need, today);
      if (shared !== undefined)
        return `more days of a week in common than those from ${shared.from} until ${shared.until}`;
      const soonest = earliestOf(offer.facts, today);
      if (soonest > need.facts.until) return `a lead time of less than ${offer.facts.leadTimeDays} days`;
      return offer.facts.from > need.facts.until
        ? `an offer from ${need.facts.until} on instead of ${offer.facts.from}`
        : `an offer until ${need.facts.from > soonest ? need.facts.from : soonest} instead of ${offer.facts.until}`;
    };
  },

  // Every minute of the offer has to be of use to the need: so each day on which it is given must be one that is wanted.
  WEEKDAYS_WANTED: ({ facts: offer }, { facts: need }) => {
    const wanted = need.weekdays;
    if (wanted === undefined) return undefined;
    if (offer.weekdays === undefined) return () => `an offer on ${wanted.join(', ')} only`;
    const others = offer.weekdays.filter((day) => !wanted.includes(day));
    return others.length === 0 ? undefined : () => `a need on ${others.join(', ')} too`;
  },

  BLOCK_FITS: ({ facts: offer }, { facts: need }) => {
    const { minimumBlockMinutes = 0 } = offer;
    return need.minutesPerWeek >= minimumBlockMinutes
      ? undefined
      : () =>
          `${minimumBlockMinutes - need.minutesPerWeek} minutes a week more, since the offer is ${minimumBlockMinutes} at least`;
  },

  // To the last day of help. Never a score: nobody works with children because everything else fits.
  QUALIFICATIONS_PROVED: (offer, need, today) => {
    const { requiredQualifications } = need.facts;
    if (requiredQualifications.length === 0) return undefined;
    const last = sharedWindow(offer, need, today)?.until ?? need.facts.until;
    const lacking = requiredQualifications.filter((key) => (offer.qualifications.get(key) ?? '') < last);
    return inWords(lacking, (key) => `proof of ${key} that counts until ${last}`);
  },
};

const checksInOrder = hardRules.map((rule) => checks[rule]);

/** Whether an offer may be matched with a need at all. `today`, in Berlin, is when it is to be decided. */
export function meetsHardRules(offer: Offered, need: Needed, today: string): boolean {
  return checksInOrder.every((check) => check(offer, need, today) === undefined);
}

/** Every hard rule that they do not meet, in the order of `hardRules`, each with the smallest change that would mend it. */
export function hardRuleFaults(offer: Offered, need: Needed, today: string): readonly HardRuleFault[] {
  return hardRules.flatMap((rule) => {
    const change = checks[rule](offer, need, today);
    return change === undefined ? [] : [faultOf(rule, change)];
  });
}

/** The one hard rule that they do not meet; `undefined` when they meet all, or lack more than one. */
export function onlyHardRuleFault(offer: Offered, need: Needed, today: string): HardRuleFault | undefined {
  let only: HardRule | undefined;
  for (const rule of hardRules) {
    if (checks[rule](offer, need, today) === undefined) continue;
    if (only !== undefined) return undefined;
    only = rule;
  }
  const change = only && checks[only](offer, need, today);
  return only && change && faultOf(only, change);
}

/** The hard rules that they do not meet. */
export function unmetHardRules(offer: Offered, need: Needed, today: string): readonly HardRule[] {
  return hardRules.filter((rule) => checks[rule](offer, need, today) !== undefined);
}

function faultOf(rule: HardRule, change: () => string): HardRuleFault {
  return change === NO_CHANGE ? { rule } : { rule, change: change() };
}

function inWords<Item>(lacking: readonly Item[], word: (item: Item) => string): (() => string) | undefined {
  return lacking.length === 0 ? undefined : () => lacking.map(word).join(' and ');
}
