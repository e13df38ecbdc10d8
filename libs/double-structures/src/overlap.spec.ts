import { regionLadder } from '@alliance/region-keys';
import fc from 'fast-check';
import { overlapWith, type Scope, termNames } from './overlap';

const advice: Scope = {
  fieldKeys: ['orientation'],
  regionKeys: ['09162000'],
  targetGroups: ['families'],
  service: 'legal-advice',
};
const overlap = (proposed: Partial<Scope>, existing: Partial<Scope>) =>
  overlapWith({ ...advice, ...proposed })({ ...advice, ...existing });
const regionScore = (proposed: readonly string[], existing: readonly string[]) =>
  overlap({ regionKeys: proposed }, { regionKeys: existing }).terms.region.score;

// Few words, so that they often meet.
const some = (...words: readonly string[]) => fc.uniqueArray(fc.constantFrom(...words), { minLength: 1, maxLength: 4 });
const regionKey = fc.constantFrom(
  ...['09000000', '09100000', '09162000', '09184000', '09184148', '08111000', '08000000', '11000000', '02000000'],
  ...['04000000', '04011000', '04012000'],
);
const scope: fc.Arbitrary<Scope> = fc.record({
  fieldKeys: some('orientation', 'accommodation', 'language', 'health', 'work'),
  regionKeys: fc.uniqueArray(regionKey, { minLength: 1, maxLength: 5 }),
  targetGroups: some('everyone', 'families', 'children', 'women', 'students'),
  service: some('legal', 'advice', 'course', 'language').map((words) => words.join('-')),
});

describe('the overlap of a proposal and an existing structure', () => {
  it('is the product of its terms, each with its reason', () => {
    const names: Readonly<Record<string, string>> = { '09162000': 'München', '09000000': 'Bayern' };
    const existing = {
      fieldKeys: ['orientation', 'work'],
      regionKeys: ['09000000'],
      targetGroups: ['everyone'],
      service: 'legal-hotline',
    };
    expect(overlapWith(advice, undefined, (key) => names[key])(existing)).toEqual({
      score: 0.083,
      terms: {
        field: { score: 1, reason: 'the same field of action: orientation' },
        region: { score: 0.333, reason: 'München (09162000) lies within Bayern (09000000), 2 steps up' },
        targetGroup: { score: 0.5, reason: 'one is for everyone, the other for families among them' },
        service: { score: 0.5, reason: 'legal-advice and legal-hotline have in common: legal' },
      },
    });
  });

  it('is 1 for the same', () => {
    fc.assert(
      fc.property(scope, (one) => {
        expect(overlapWith(one)(one).score).toBe(1);
      }),
    );
  });

  it('is the same the other way round', () => {
    fc.assert(
      fc.property(scope, scope, (one, other) => {
        const [there, back] = [overlapWith(one)(other), overlapWith(other)(one)];
        expect(there.score).toBe(back.score);
        for (const name of termNames) expect(there.terms[name].score).toBe(back.terms[name].score);
      }),
    );
  });

  it('lies between 0 and its least term, and is 0 exactly where a term is', () => {
    fc.assert(
      fc.property(scope, scope, (one, other) => {
        const { score, terms } = overlapWith(one)(other);
        const scores = termNames.map((name) => terms[name].score);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(Math.min(...scores));
        expect(score === 0).toBe(scores.includes(0));
      }),
    );
  });

  it('never shrinks when either takes in one more region', () => {
    fc.assert(
      fc.property(scope, scope, regionKey, (one, other, key) => {
        const { score } = overlapWith(one)(other);
        const more = { ...one, regionKeys: [...one.regionKeys, key] };
        expect(overlapWith(more)(other).score).toBeGreaterThanOrEqual(score);
        expect(overlapWith(other)(more).score).toBeGreaterThanOrEqual(score);
      }),
    );
  });

  it('is not lowered by naming fields or groups beyond those in common', () => {
    const { terms } = overlap(
      { fieldKeys: ['orientation', 'work', 'health'], targetGroups: ['families', 'women'] },
      {},
    );
    expect([terms.field.score, terms.targetGroup.score]).toEqual([1, 1]);
  });
});

describe('the overlap of regions', () => {
  it('is 1 for the same, and less with each step of the ladder, both ways', () => {
    expect(regionScore(['09184148'], ['09184148'])).toBe(1);
    expect(regionScore(['09184148'], ['09184000'])).toBe(0.5);
    expect(regionScore(['09184148'], ['09100000'])).toBe(0.333);
    expect(regionScore(['09184148'], ['09000000'])).toBe(0.25);
    expect(regionScore(['09000000'], ['09184148'])).toBe(0.25);
  });

  it('is nothing for neighbours', () => {
    expect(regionScore(['09162000'], ['09184000'])).toBe(0);
    expect(regionScore(['04011000'], ['04012000'])).toBe(0);
    expect(overlap({ regionKeys: ['11000000'] }, { regionKeys: ['12000000'] }).terms.region.reason).toBe(
      'no region in common',
    );
  });

  it('takes a city state for one body: Berlin is Land, Kreis and Gemeinde at once', () => {
    expect(regionLadder('11000000')).toEqual(['11000000']);
    expect(regionLadder('02000000')).toEqual(['02000000']);
    expect(regionScore(['11000000'], ['11000000'])).toBe(1);
  });

  it('knows that Bremen has two Gemeinden within its Land, and Stuttgart is Kreis and Gemeinde', () => {
    expect(regionScore(['04011000'], ['04000000'])).toBe(0.5);
    expect(regionLadder('08111000')).toEqual(['08111000', '08100000', '08000000']);
  });

  it('is that of the closest pair: where they meet they are double', () => {
    expect(regionScore(['11000000', '09162000'], ['09000000', '09162000', '05000000'])).toBe(1);
    const { reason } = overlap({ regionKeys: ['11000000', '09184148'] }, { regionKeys: ['09000000', '09184000'] }).terms
      .region;
    expect(reason).toBe('the region (09184148) lies within the region (09184000), 1 step up');
  });

  it('sees all of Germany, which is the sixteen Länder, meet every region', () => {
    const germany = Array.from({ length: 16 }, (_, land) => `${String(land + 1).padStart(2, '0')}000000`);
    expect(regionScore(['09162000'], germany)).toBe(0.333);
    expect(regionScore(germany, ['11000000'])).toBe(1);
  });
});
