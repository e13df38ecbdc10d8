import type { OfferFacts } from './offer.events';

/** Ten hours a week of two seats, over three whole weeks: 2026-W15 to 2026-W17. */
export const offerFacts: OfferFacts = {
  skills: [{ key: 'counselling', level: 3 }],
  languages: [{ tag: 'uk', level: 'B2' }],
  fieldKeys: ['accommodation'],
  regionKeys: ['09162000'],
  isRemotePossible: false,
  from: '2026-04-06',
  until: '2026-04-26',
  minutesPerWeek: 600,
  seats: 2,
  leadTimeDays: 0,
  excludedOrganisationIds: [],
};
