import type { NeedFacts } from './need.events';

/** Five hours a week over four whole weeks: 2026-W15 to 2026-W18. */
export const needFacts: NeedFacts = {
  mustSkills: [{ key: 'counselling', level: 2 }],
  niceSkills: [],
  languages: [{ tag: 'uk', level: 'B1' }],
  fieldKeys: ['accommodation', 'orientation'],
  regionKey: '09162000',
  isRemotePossible: false,
  from: '2026-04-06',
  until: '2026-05-03',
  minutesPerWeek: 300,
  neededBy: '2026-04-13',
  severity: 2,
  strain: 'challenging',
  peoplePerHelper: 20,
  requiredQualifications: [],
  excludedOrganisationIds: [],
};
