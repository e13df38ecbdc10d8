import { Value } from '@sinclair/typebox/value';
import { recordedIn } from '../recorded-events.given';
import { needContracts, publishNeed } from './need.contract';
import { type NeedEvent, needEvents, type NeedFacts } from './need.events';

const needId = '40000000-0000-4000-8000-000000000001';
const organisationId = '20000000-0000-4000-8000-000000000001';
const refusedId = '20000000-0000-4000-8000-000000000002';
const told = {
  mustSkills: [{ key: 'counselling', level: 2 }],
  niceSkills: [],
  languages: [{ tag: 'de', level: 'C1' as const }],
  fieldKeys: ['accommodation'],
  regionKey: '09162000',
  isRemotePossible: true,
  ...{ from: '2026-04-06', until: '2026-04-26', minutesPerWeek: 300, neededBy: '2026-04-13', severity: 2 },
};
const facts: NeedFacts = {
  ...told,
  ...{ strain: 'overloaded', peoplePerHelper: 40, requiredQualifications: ['children'], mostSupporters: 2 },
  excludedOrganisationIds: [refusedId],
};
const life: NeedEvent[] = [
  { type: 'NeedOpened', data: { organisationId, facts, openedBy: 'representative-1' } },
  {
    type: 'NeedRevised',
    data: { facts: { ...facts, minutesPerWeek: 200, weekdays: ['thu'] }, revisedBy: 'representative-1' },
  },
  { type: 'NeedPrioritised', data: { severity: 3, reasonCode: 'shortage' } },
  { type: 'NeedClosed', data: { reasonCode: 'fulfilled-elsewhere' } },
];

const published = recordedIn(needEvents, needId, life).flatMap((event) => publishNeed(event) ?? []);

describe('what is published of a need', () => {
  it('is what is missing, when and where, how much it matters, and its end', () => {
    expect(published.map(({ contract, data }) => [contract.type, data])).toEqual([
      ['capacity-matching.NeedOpened.v1', { needId, organisationId, ...told, openedAt: '2026-04-01T00:00:00.000Z' }],
      [
        'capacity-matching.NeedRevised.v1',
        { needId, ...told, minutesPerWeek: 200, weekdays: ['thu'], revisedAt: '2026-04-01T01:00:00.000Z' },
      ],
      [
        'capacity-matching.NeedPrioritised.v1',
        { needId, severity: 3, reasonCode: 'shortage', prioritisedAt: '2026-04-01T02:00:00.000Z' },
      ],
      [
        'capacity-matching.NeedClosed.v1',
        { needId, reasonCode: 'fulfilled-elsewhere', closedAt: '2026-04-01T03:00:00.000Z' },
      ],
    ]);
  });

  it('satisfies its contracts, and tells neither of persons, nor of whom it refuses, nor how its organisation stands', () => {
    expect(new Set(published.map(({ contract }) => contract))).toEqual(new Set(needContracts));
    for (const { contract, data } of published) {
      expect([...Value.Errors(contract.schema, data)]).toEqual([]);
      expect(JSON.stringify(data)).not.toMatch(new RegExp(`representative|overloaded|${refusedId}`));
    }
  });
});
