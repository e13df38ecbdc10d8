import { hardRuleFaults, meetsHardRules, type Needed, type Offered, sharedWindow } from './feasibility';
import { needFacts } from './need/need.given';
import { offerFacts } from './offer/offer.given';

const TODAY = '2026-04-01';
const supporting = '5f0c1c44-0c0f-4b8e-8f6e-0d3a6f3d9a01';
const helping = '0c6f31b6-8f2d-4d2a-9d0a-3f1f2a1c7e02';
const offered = (facts: Partial<Offered['facts']> = {}, qualifications: Readonly<Record<string, string>> = {}) => ({
  organisationId: supporting,
  facts: { ...offerFacts, ...facts },
  qualifications: new Map(Object.entries(qualifications)),
});
const needed = (facts: Partial<Needed['facts']> = {}) => ({
  organisationId: helping,
  facts: { ...needFacts, ...facts },
});
const faults = (offer: Offered, need: Needed, today = TODAY) => {
  const found = hardRuleFaults(offer, need, today);
  expect(meetsHardRules(offer, need, today)).toBe(found.length === 0);
  return found;
};

describe('Hard rules between an offer and a need', () => {
  it('are met by what fits', () => {
    expect(faults(offered(), needed())).toEqual([]);
  });

  it('match nobody with itself, nor with whom either side excludes', () => {
    expect(faults({ ...offered(), organisationId: helping }, needed())).toEqual([{ rule: 'OTHER_ORGANISATION' }]);
    const excluded = [{ rule: 'NOT_EXCLUDED' }];
    expect(faults(offered({ excludedOrganisationIds: [helping] }), needed())).toEqual(excluded);
    expect(faults(offered(), needed({ excludedOrganisationIds: [supporting] }))).toEqual(excluded);
  });

  it('ask for a field in common', () => {
    expect(faults(offered({ fieldKeys: ['basic-supplies'] }), needed())).toEqual([
      { rule: 'FIELD_SHARED', change: 'an offer in the field accommodation or orientation' },
    ]);
  });

  it('ask for the region or one that it lies in, or for both to be able to do without', () => {
    expect(faults(offered({ regionKeys: ['09000000'] }), needed())).toEqual([]);
    expect(faults(offered({ regionKeys: ['09163000'] }), needed())).toEqual([
      { rule: 'REGION_REACHED', change: 'an offer that reaches the region 09162000' },
    ]);
    // Munich lies within Bavaria; not all of Bavaria lies within Munich.
    expect(faults(offered(), needed({ regionKey: '09000000' }))).toMatchObject([{ rule: 'REGION_REACHED' }]);
    const remote = offered({ regionKeys: [], isRemotePossible: true });
    expect(faults(remote, needed({ isRemotePossible: true }))).toEqual([]);
    expect(faults(remote, needed())).toMatchObject([{ change: expect.stringContaining('met remotely') as string }]);
  });

  it('ask for every skill and language at its level', () => {
    expect(faults(offered({ skills: [{ key: 'counselling', level: 1 }] }), needed())).toEqual([
      { rule: 'SKILLS_THERE', change: 'counselling at level 2 instead of 1' },
    ]);
    expect(faults(offered({ skills: [], languages: [] }), needed())).toEqual([
      { rule: 'SKILLS_THERE', change: 'counselling at level 2' },
      { rule: 'LANGUAGES_THERE', change: 'uk at B1' },
    ]);
    expect(faults(offered({ languages: [{ tag: 'uk', level: 'A2' }] }), needed())).toEqual([
      { rule: 'LANGUAGES_THERE', change: 'uk at B1 instead of A2' },
    ]);
  });

  it('ask for days that both cover, after the lead time', () => {
    expect(sharedWindow(offered({ leadTimeDays: 10 }), needed(), TODAY)).toEqual({
      from: '2026-04-11',
      until: '2026-04-26',
    });
    expect(faults(offered({ leadTimeDays: 40 }), needed())).toEqual([
      { rule: 'WINDOW_SHARED', change: 'a lead time of less than 40 days' },
    ]);
    expect(faults(offered({ from: '2026-05-04', until: '2026-05-10' }), needed())).toEqual([
      { rule: 'WINDOW_SHARED', change: 'an offer from 2026-05-03 on instead of 2026-05-04' },
    ]);
    expect(faults(offered(), needed({ from: '2026-04-27' }))).toEqual([
      { rule: 'WINDOW_SHARED', change: 'an offer until 2026-04-27 instead of 2026-04-26' },
    ]);
  });

  it('ask that help comes on days on which it is wanted', () => {
    const weekdays = ['mon', 'tue', 'thu'] as const;
    expect(faults(offered({ weekdays: ['tue', 'thu'] }), needed({ weekdays: [...weekdays] }))).toEqual([]);
    expect(faults(offered({ weekdays: ['tue', 'thu'] }), needed())).toEqual([]);
    expect(faults(offered({ weekdays: ['thu', 'sat'] }), needed({ weekdays: [...weekdays] }))).toEqual([
      { rule: 'WEEKDAYS_WANTED', change: 'a need on sat too' },
    ]);
    expect(faults(offered(), needed({ weekdays: [...weekdays] }))).toEqual([
      { rule: 'WEEKDAYS_WANTED', change: 'an offer on mon, tue, thu only' },
    ]);
  });

  it('ask for no more than the minimum block', () => {
    expect(faults(offered({ minimumBlockMinutes: 540 }), needed())).toEqual([
      { rule: 'BLOCK_FITS', change: '240 minutes a week more, since the offer is 540 at least' },
    ]);
  });

  it('ask for proof of what work with children needs, to the last day of help', () => {
    const need = needed({ requiredQualifications: ['certificate-of-conduct'] });
    const lacking = [
      { rule: 'QUALIFICATIONS_PROVED', change: 'proof of certificate-of-conduct that counts until 2026-04-26' },
    ];
    expect(faults(offered(), need)).toEqual(lacking);
    expect(faults(offered({}, { 'certificate-of-conduct': '2026-04-25' }), need)).toEqual(lacking);
    expect(faults(offered({}, { 'certificate-of-conduct': '2026-04-26' }), need)).toEqual([]);
  });
});
