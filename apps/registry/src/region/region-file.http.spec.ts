import { Value } from '@sinclair/typebox/value';
import fc from 'fast-check';
import { gvRecord } from './gv100ad.given';
import { laender } from './laender';
import { regionEvents } from './region.events';
import { readRegionFile } from './region-file.http';
import type { RegionList } from './region-list';
import { containmentPrefix, levelsOfListed } from '../region-levels';

const context = { asOf: '2026-03-01', knownKeys: new Set(laender.map(({ key }) => key)) };
const readText = (text: string) => readRegionFile(Buffer.from(text, 'utf8'), context);

function regionsOf(list: RegionList) {
  if ('faults' in list) throw new Error(JSON.stringify(list.faults));
  return new Map(list.regions.map((region) => [region.key, region]));
}
function faultsOf(list: RegionList) {
  if ('regions' in list) throw new Error('The file was read.');
  return list.faults;
}

const CSV = `ags,name,population
09000000,Bayern,13076721
09162000,"München, Landeshauptstadt",1471508
09184000,München,348871
09184148,Unterhaching,25316
11000000,"Berlin, Stadt",3644826
04000000,Bremen,682986
04011000,"Bremen, Stadt",569352
04012000,"Bremerhaven, Stadt",113634
`;

describe('a CSV of regions', () => {
  it('gives each region the set of its levels, and not by its zeros alone', () => {
    const regions = regionsOf(readText(CSV));
    const levels = Object.fromEntries([...regions].map(([key, region]) => [key, region.levels]));
    expect(levels).toEqual({
      '09000000': ['land'],
      '09162000': ['kreis', 'gemeinde'],
      '09184000': ['kreis'],
      '09184148': ['gemeinde'],
      '11000000': ['land', 'kreis', 'gemeinde'],
      '04000000': ['land'],
      '04011000': ['kreis', 'gemeinde'],
      '04012000': ['kreis', 'gemeinde'],
    });
    expect(regions.get('09184148')).toEqual({
      key: '09184148',
      name: 'Unterhaching',
      levels: ['gemeinde'],
      parentKey: '09184000',
      population: 25316,
      validFrom: '2026-03-01',
    });
  });

  it('does not take a Kreis for a city when its Gemeinden are known already', () => {
    const correction = Buffer.from('ags,name,population\n09184000,München (Landkreis),350000\n');
    const list = readRegionFile(correction, { ...context, knownKeys: new Set(['09184148']) });
    expect(regionsOf(list).get('09184000')?.levels).toEqual(['kreis']);
  });

  it('is read alike in UTF-8, with a byte order mark, and in ISO-8859-1', () => {
    const utf8 = readText(CSV);
    expect(readText(`\uFEFF${CSV}`)).toEqual(utf8);
    expect(readRegionFile(Buffer.from(CSV, 'latin1'), context)).toEqual(utf8);
    expect(readText(CSV.replaceAll('\n', '\r\n'))).toEqual(utf8);
  });

  it('can say since when and until when a region is valid and what came after it', () => {
    const text =
      'ags,name,population,valid_from,valid_to,successors\n16056000,Eisenach,42370,1998-01-01,2021-06-30,16063105\n';
    expect(regionsOf(readText(text)).get('16056000')).toMatchObject({
      validFrom: '1998-01-01',
      validTo: '2021-06-30',
      successorKeys: ['16063105'],
    });
  });

  it('with bad lines gives all of them by number and no region', () => {
    const bad = `ags,name,population
09000000,Bayern,13076721
9162000,München,1471508
80331,München,12

09184148,,25316
09184148,Unterhaching,many
09184149,"Unterschleißheim
09184150,x,1,2
`;
    const lines = faultsOf(readText(bad)).map(({ line, reason }) => `${line} ${reason}`);
    expect(lines).toEqual([
      expect.stringMatching(/^3 ags: seven digits: the leading zero is missing/),
      expect.stringMatching(/^4 ags: five digits look like a postcode/),
      expect.stringMatching(/^6 name/),
      expect.stringMatching(/^7 population/),
      expect.stringMatching(/^7 the key stands in line 6/),
      expect.stringMatching(/^\d+ the line cannot be read/),
    ]);
  });

  it.each(['', 'ags,name,population\n', 'ags;name;population\n09000000;Bayern;1\n', 'ags,name\n09000000,Bayern\n'])(
    'without columns or rows is refused: %j',
    (text) => {
      expect(faultsOf(readText(text))).toHaveLength(1);
    },
  );

  it('never throws, whatever bytes come', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, withHeader) => {
        const file = Buffer.concat([Buffer.from(withHeader ? 'ags,name,population\n' : ''), Buffer.from(bytes)]);
        const list = readRegionFile(file, context);
        expect('faults' in list ? list.faults.length : list.regions.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('a GV100AD file', () => {
  const record = (kind: string, key: string, name: string, population?: number, verband?: string) =>
    gvRecord(kind, key, name, { population, verband });
  const FILE = [
    record('10', '08', 'Baden-Württemberg'),
    record('20', '081', 'Reg.-Bez. Stuttgart'),
    record('30', '0811', 'Region Stuttgart'),
    record('40', '08111', 'Stuttgart, Stadtkreis'),
    record('50', '08111000', 'Stuttgart, Landeshauptstadt', undefined, '0000'),
    record('60', '08111000', 'Stuttgart, Landeshauptstadt', 635_911, '0000'),
    record('40', '08115', 'Böblingen'),
    record('60', '08115001', 'Aidlingen', 9_073, '5001'),
    record('60', '08115003', 'Böblingen, Stadt', 50_155, '0003'),
    record('10', '11', 'Berlin'),
    record('40', '11000', 'Berlin, Stadt'),
    record('60', '11000000', 'Berlin, Stadt', 3_782_202, '0000'),
  ];

  it.each(['utf8', 'latin1'] as const)(
    'gives levels from its records and sums up the population, in %s',
    (encoding) => {
      const regions = regionsOf(readRegionFile(Buffer.from(FILE.join('\r\n'), encoding), context));
      expect([...regions.values()].map(({ key, levels, population }) => [key, levels.join(' '), population])).toEqual([
        ['08000000', 'land', 695_139],
        ['08100000', 'regierungsbezirk', 695_139],
        ['08111000', 'kreis gemeinde', 635_911],
        ['08115000', 'kreis', 59_228],
        ['08115001', 'gemeinde', 9_073],
        ['08115003', 'gemeinde', 50_155],
        ['11000000', 'land kreis gemeinde', 3_782_202],
      ]);
      expect(regions.get('08115003')).toMatchObject({
        name: 'Böblingen, Stadt',
        parentKey: '08115000',
        validFrom: '2026-09-30',
      });
      expect(regions.get('08111000')?.parentKey).toBe('08100000');
      for (const region of regions.values()) {
        expect(Value.Check(regionEvents.definitions.RegionRecorded.schema, region)).toBe(true);
      }
    },
  );

  it('with bad lines gives all of them by number and no region', () => {
    const bad = [
      ...FILE,
      FILE[8]!,
      record('70', '08', 'x'),
      record('60', '99115003', 'x', 1),
      record('60', '08115004', '', 1),
      record('60', '08115005', 'x'),
      `60${'20261399'}${FILE[8]!.slice(10)}`,
    ].join('\n');
    expect(faultsOf(readText(bad)).map(({ line }) => line)).toEqual([13, 14, 15, 16, 17, 18]);
  });
});

describe('the key of a region', () => {
  it('contains by its unpadded prefix, which its levels tell', () => {
    expect(containmentPrefix('09000000', ['land'])).toBe('09');
    expect(containmentPrefix('11000000', ['land', 'kreis', 'gemeinde'])).toBe('11');
    expect(containmentPrefix('08111000', ['kreis', 'gemeinde'])).toBe('08111');
    expect(containmentPrefix('05100000', ['regierungsbezirk'])).toBe('051');
    expect(containmentPrefix('09184100', ['gemeinde'])).toBe('09184100');
  });

  it('gives every region of a list at least one level', () => {
    const keys = laender.map(({ key }) => key);
    for (const land of laender) expect(levelsOfListed(keys, [])(land.key)).toEqual(land.levels);
  });
});
