import type { NeedFacts } from './need.events';
import { needFaults } from './need-facts';
import { needFacts } from './need.given';

const faults = (changed: Partial<NeedFacts>, today = '2026-04-01') => needFaults({ ...needFacts, ...changed }, today);
const fieldsOf = (changed: Partial<NeedFacts>, today?: string) => faults(changed, today).map(({ field }) => field);

describe('The facts of a need', () => {
  it('hold together', () => {
    expect(faults({})).toEqual([]);
    expect(faults({}, '2026-04-13')).toEqual([]);
  });

  it('name the field that does not fit, and what would be right', () => {
    expect(faults({ until: '2026-04-05' })).toEqual([
      { field: 'until', expected: 'must not come before from, which is 2026-04-06' },
    ]);
    expect(faults({}, '2026-05-04')).toEqual([
      { field: 'until', expected: 'must not be past; today is 2026-05-04' },
      { field: 'neededBy', expected: 'must not be past; today is 2026-05-04' },
    ]);
    expect(faults({ neededBy: '2026-05-04' })).toEqual([
      { field: 'neededBy', expected: 'must be from 2026-04-06 to 2026-05-03, when help is needed at all' },
    ]);
    expect(fieldsOf({ until: '2028-05-01' })).toEqual(['until']);
    expect(fieldsOf({ weekdays: ['sat'], until: '2026-04-10', neededBy: '2026-04-10' })).toEqual(['weekdays']);
    const skill = { key: 'counselling', level: 1 };
    expect(fieldsOf({ niceSkills: [skill] })).toEqual(['niceSkills[0]']);
    expect(fieldsOf({ mustSkills: [skill, skill] })).toEqual(['mustSkills[1]']);
    const [language] = needFacts.languages;
    expect(fieldsOf({ languages: language && [language, language] })).toEqual(['languages[1]']);
  });
});
