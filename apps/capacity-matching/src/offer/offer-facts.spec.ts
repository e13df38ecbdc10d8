import { offerFaults } from './offer-facts';
import { offerFacts } from './offer.given';

const fieldsOf = (changed: Partial<typeof offerFacts>) =>
  offerFaults({ ...offerFacts, ...changed }, '2026-04-01').map(({ field }) => field);

describe('The facts of an offer', () => {
  it('hold together', () => {
    expect(fieldsOf({})).toEqual([]);
    expect(fieldsOf({ regionKeys: [], isRemotePossible: true })).toEqual([]);
  });

  it('name the field that does not fit, and what would be right', () => {
    expect(offerFaults({ ...offerFacts, until: '2026-04-05' }, '2026-04-01')).toEqual([
      { field: 'until', expected: 'must not come before from, which is 2026-04-06' },
    ]);
    expect(offerFaults({ ...offerFacts, minutesPerWeek: 20_161 }, '2026-04-01')).toEqual([
      { field: 'minutesPerWeek', expected: 'must be at most 20160: a week has 10080 minutes for each seat' },
    ]);
    expect(fieldsOf({ from: '2026-03-01', until: '2026-03-31' })).toEqual(['until']);
    expect(fieldsOf({ weekdays: ['sun'], until: '2026-04-07' })).toEqual(['weekdays']);
    expect(fieldsOf({ minimumBlockMinutes: 601 })).toEqual(['minimumBlockMinutes']);
    expect(fieldsOf({ regionKeys: [] })).toEqual(['regionKeys']);
    expect(fieldsOf({ skills: [...offerFacts.skills, { key: 'counselling', level: 1 }] })).toEqual(['skills[1]']);
  });

  it('reach over two years at most', () => {
    const [fault] = offerFaults({ ...offerFacts, until: '2028-04-17' }, '2026-04-01');
    expect(fault).toEqual({
      field: 'until',
      expected: 'must be within 106 weeks from 2026-04-06: 2028-04-16 at the latest',
    });
    expect(fieldsOf({ until: '2028-04-16' })).toEqual([]);
  });
});
