import fc from 'fast-check';
import type { Region } from './region.events';
import { regionChanges } from './region-changes';

const gemeinde = (key: string, more: Partial<Region> = {}): Region => ({
  key,
  name: `Gemeinde ${key}`,
  levels: ['gemeinde'],
  parentKey: '10041000',
  population: 1000,
  validFrom: '2026-01-01',
  ...more,
});
const saarland: Region = { key: '10000000', name: 'Saarland', levels: ['land'], validFrom: '1990-10-03' };
const recordedAs = (...regions: Region[]) => new Map(regions.map((region) => [region.key, region]));
const official = (regions: Region[], statedOn = '2026-09-30') => ({ source: 'gv100ad' as const, regions, statedOn });
const csv = (...regions: Region[]) => ({ source: 'csv' as const, regions });
const kindsOf = (changes: ReturnType<typeof regionChanges>) => changes.map(({ key, kinds }) => [key, ...kinds]);

describe('the changes that an import of regions would make', () => {
  it.each<[string, Partial<Region>]>([
    ['renamed', { name: 'Other' }],
    ['levels', { levels: ['kreis', 'gemeinde'] }],
    ['parent', { parentKey: '10042000' }],
    ['population', { population: 999 }],
    ['validity', { validFrom: '2025-01-01' }],
    ['ended', { validTo: '2026-06-30' }],
    ['successors', { successorKeys: ['10041002'] }],
  ])('name what is %s', (kind, change) => {
    const [before, after] = [gemeinde('10041001'), gemeinde('10041001', change)];
    expect(regionChanges(csv(after), recordedAs(before))).toEqual([{ key: '10041001', kinds: [kind], before, after }]);
  });

  it('begin a region anew that had ended before the day of the file, and take back an end that was wrong', () => {
    const ended = gemeinde('10041001', { validTo: '2026-06-30' });
    const changes = (validFrom: string) => regionChanges(csv(gemeinde('10041001', { validFrom })), recordedAs(ended));
    expect(changes('2026-07-01')).toMatchObject([{ kinds: ['validity'], after: { validFrom: '2026-07-01' } }]);
    expect(changes('2026-06-30')).toMatchObject([{ kinds: ['validity'], after: { validFrom: '2026-01-01' } }]);
    for (const [change] of [changes('2026-07-01'), changes('2026-06-30')])
      expect(change?.after.validTo).toBeUndefined();
  });

  it('end what a complete file leaves out of its Länder, on the day before, and nothing else', () => {
    const others = {
      elsewhere: gemeinde('09184148'),
      youngerThanTheFile: gemeinde('10041003', { validFrom: '2026-10-01' }),
      endedBefore: gemeinde('10041004', { validTo: '2026-03-31' }),
    };
    const recorded = recordedAs(saarland, gemeinde('10041001'), gemeinde('10041002'), ...Object.values(others));
    const changes = regionChanges(official([saarland, gemeinde('10041001')]), recorded);
    expect(changes).toMatchObject([{ key: '10041002', kinds: ['ended'], after: { validTo: '2026-09-29' } }]);
    expect(regionChanges(csv(saarland, gemeinde('10041001')), recorded)).toEqual([]);
    expect(regionChanges(official([gemeinde('10041001')]), recorded)).toEqual([]);
  });

  it('end no region before it began', () => {
    const recorded = recordedAs(saarland, gemeinde('10041001', { validFrom: '2026-09-30' }));
    expect(regionChanges(official([saarland]), recorded)).toMatchObject([{ after: { validTo: '2026-09-30' } }]);
  });

  it('leave nothing to change once they are recorded, whatever the file', () => {
    const day = fc.constantFrom('2026-01-01', '2026-06-30', '2026-09-30', '2026-12-31');
    const region = fc
      .record({
        number: fc.integer({ min: 1, max: 6 }),
        name: fc.constantFrom('A', 'B'),
        population: fc.integer({ min: 0, max: 2 }),
        validFrom: day,
        validTo: fc.option(day, { nil: undefined }),
      })
      .map(({ number, validTo, ...facts }) => {
        const end = validTo !== undefined && validTo >= facts.validFrom ? { validTo } : {};
        return gemeinde(`1004100${number}`, { ...facts, ...end });
      });
    const regions = fc.uniqueArray(region, { selector: ({ key }) => key });
    fc.assert(
      fc.property(regions, regions, fc.boolean(), (before, now, isComplete) => {
        const recorded = recordedAs(saarland, ...before);
        const list = isComplete ? official([saarland, ...now]) : csv(...now);
        const changes = regionChanges(list, recorded);
        expect(kindsOf(changes).map(([key]) => key)).toEqual([...new Set(changes.map(({ key }) => key))].sort());
        const after = new Map(recorded);
        for (const change of changes) after.set(change.key, change.after);
        expect(regionChanges(list, after)).toEqual([]);
        for (const { validFrom, validTo = '9999' } of after.values()) expect(validTo >= validFrom).toBe(true);
      }),
    );
  });
});
