import { addDays } from '@alliance/calendar';
import { regionLadder } from '@alliance/region-keys';
import { languageLevels } from './event-fields';
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
  const from = [offer.from, need.from, addDays(today, offer.leadTimeDays)].reduce((a, b) => (a > b ? a : b));
  const until = offer.until < need.until ? offer.until : need.until;
  return from <= until ? { from, until } : undefined;
}

type Check = (offer: Offered, need: Needed, today: string) => string | undefined;

/** A rule that no change of an offer or a need makes them meet. */
const NO_CHANGE = '';

/** Of each rule the change that it asks for; `undefined` when it is met. Cheap ones that leave out many come first. */
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
      : `an offer in the field ${need.fieldKeys.join(' or ')}`,

  REGION_REACHED: ({ facts: offer }, { facts: need }) => {
    if (offer.isRemotePossible && need.isRemotePossible) return undefined;
    if (offer.regionKeys.length > 0) {
      if (regionLadder(need.regionKey).some((key) => offer.regionKeys.includes(key))) return undefined;
    }
    const remotely = offer.isRemotePossible ? ', or a need that can be met remotely' : '';
    return `an offer that reaches the region ${need.regionKey}${remotely}`;
  },

  SKILLS_THERE: ({ facts: offer }, { facts: need }) => {
    const lacking = need.mustSkills.flatMap(({ key, level }) => {
      const has = offer.skills.find((one) => one.key === key)?.level ?? 0;
      return has >= level ? [] : [`${key} at level ${level}${has > 0 ? ` instead of ${has}` : ''}`];
    });
    return inWords(lacking);
  },

  LANGUAGES_THERE: ({ facts: offer }, { facts: need }) => {
    const lacking = need.languages.flatMap(({ tag, level }) => {
      const has = offer.languages.find((one) => one.tag === tag)?.level;
      const isEnough = has !== undefined && languageLevels.indexOf(has) >= languageLevels.indexOf(level);
      return isEnough ? [] : [`${tag} at ${level}${has === undefined ? '' : ` instead of ${has}`}`];
    });
    return inWords(lacking);
  },

  WINDOW_SHARED: (offer, need, today) => {
    if (sharedWindow(offer, need, today) !== undefined) return undefined;
    const earliest = addDays(today, offer.facts.leadTimeDays);
    if (earliest > need.facts.until) return `a lead time of less than ${offer.facts.leadTimeDays} days`;
    return offer.facts.from > need.facts.until
      ? `an offer from ${need.facts.until} on instead of ${offer.facts.from}`
      : `an offer until ${need.facts.from > earliest ? need.facts.from : earliest} instead of ${offer.facts.until}`;
  },

  // Every minute of the offer has to be of use to the need: so each day on which it is given must be one that is wanted.
  WEEKDAYS_WANTED: ({ facts: offer }, { facts: need }) => {
    const wanted = need.weekdays;
    if (wanted === undefined) return undefined;
    if (offer.weekdays === undefined) return `an offer on ${wanted.join(', ')} only`;
    const others = offer.weekdays.filter((day) => !wanted.includes(day));
    return others.length === 0 ? undefined : `a need on ${others.join(', ')} too`;
  },

  BLOCK_FITS: ({ facts: offer }, { facts: need }) => {
    const { minimumBlockMinutes = 0 } = offer;
    return need.minutesPerWeek >= minimumBlockMinutes
      ? undefined
      : `${minimumBlockMinutes - need.minutesPerWeek} minutes a week more, since the offer is ${minimumBlockMinutes} at least`;
  },

  // To the last day of help. Never a score: nobody works with children because everything else fits.
  QUALIFICATIONS_PROVED: (offer, need, today) => {
    const last = sharedWindow(offer, need, today)?.until ?? need.facts.until;
    const lacking = need.facts.requiredQualifications
      .filter((key) => (offer.qualifications.get(key) ?? '') < last)
      .map((key) => `proof of ${key} that counts until ${last}`);
    return inWords(lacking);
  },
};

/** Whether an offer may be matched with a need at all. `today`, in Berlin, is when it is to be decided. */
export function meetsHardRules(offer: Offered, need: Needed, today: string): boolean {
  return hardRules.every((rule) => checks[rule](offer, need, today) === undefined);
}

/** Every hard rule that they do not meet, in the order of `hardRules`, each with the smallest change that would mend it. */
export function hardRuleFaults(offer: Offered, need: Needed, today: string): readonly HardRuleFault[] {
  return hardRules.flatMap((rule) => {
    const change = checks[rule](offer, need, today);
    return change === undefined ? [] : change === NO_CHANGE ? [{ rule }] : [{ rule, change }];
  });
}

function inWords(lacking: readonly string[]): string | undefined {
  return lacking.length === 0 ? undefined : lacking.join(' and ');
}
