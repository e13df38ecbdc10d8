import { addDays } from '@alliance/calendar';
import { needFacts } from '../need/need.given';
import { offerFacts } from '../offer/offer.given';
import { minutesByWeek } from '../weekly-minutes';
import { randomFrom } from './random-problem.given';
import type { NeedInput, OfferInput, RoundInputs, RoundSettings } from './round-inputs';
import { DEFAULT_WEIGHTS } from './score';

export const roundSettings: RoundSettings = {
  ...{ today: '2026-04-01', firstWeek: '2026-W15', lastWeek: '2026-W18', weights: DEFAULT_WEIGHTS },
  ...{ waitingFullDays: 60, loadFullPeople: 50, holdHours: 72 },
};

const uuid = (kind: number, n: number) =>
  `${String(kind).padStart(8, '0')}-0000-4000-8000-${String(n).padStart(12, '0')}`;

export function offerInput(n: number, changed: Partial<OfferInput['facts']> = {}): OfferInput {
  const facts = { ...offerFacts, ...changed };
  return {
    ...{ id: uuid(1, n), organisationId: uuid(2, n), facts, qualifications: new Map() },
    free: minutesByWeek(facts),
  };
}

export function needInput(n: number, changed: Partial<NeedInput['facts']> = {}): NeedInput {
  const facts = { ...needFacts, ...changed };
  return {
    ...{ id: uuid(3, n), organisationId: uuid(4, n), facts, severity: facts.severity },
    ...{ openedAt: '2026-03-01T08:00:00.000Z', supplies: [] },
  };
}

/** Offers and needs of some fields, regions, skills, languages and windows. */
export function randomInputs(seed: number, size: { readonly offers: number; readonly needs: number }): RoundInputs {
  const random = randomFrom(seed);
  const oneOf = <T>(values: readonly T[]) => values[random(values.length)] as T;
  const fields = ['accommodation', 'orientation', 'basic-supplies'];
  const regions = ['09000000', '09162000', '09163000', '11000000', '09184148'];
  const offers = Array.from({ length: size.offers }, (_, n) =>
    offerInput(n, {
      ...{ fieldKeys: [oneOf(fields)], regionKeys: random(5) === 0 ? [] : [oneOf(regions)] },
      ...{ isRemotePossible: random(3) === 0, minutesPerWeek: 60 * (1 + random(10)) },
      ...{ skills: [{ key: 'counselling', level: 1 + random(5) }], leadTimeDays: random(10) },
      ...{ from: addDays('2026-04-06', random(14)), until: addDays('2026-04-20', random(30)) },
      ...(random(3) === 0 && { minimumBlockMinutes: 120 }),
    }),
  );
  const needs = Array.from({ length: size.needs }, (_, n) =>
    needInput(n, {
      ...{ fieldKeys: [oneOf(fields), ...(random(2) === 0 ? ['health'] : [])], regionKey: oneOf(regions) },
      ...{ isRemotePossible: random(3) === 0, minutesPerWeek: 60 * (1 + random(10)), severity: 1 + random(3) },
      ...{ mustSkills: random(2) === 0 ? [] : [{ key: 'counselling', level: 1 + random(4) }] },
      ...{ from: addDays('2026-04-06', random(14)), until: addDays('2026-04-20', random(30)) },
      ...{ peoplePerHelper: random(80), neededBy: addDays('2026-04-20', random(5)) },
      ...(random(4) === 0 && { mostSupporters: 1 + random(2) }),
    }),
  );
  return { offers, needs, shortages: [], pausedOrganisationIds: [], settings: roundSettings };
}
