import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { type Presence, presenceCsvHead, presenceCsvLine } from './presence-csv';

const row: Presence = {
  structureId: '5b9e7a52-1f0c-4c3e-8d26-6a3f1c2b7e90',
  structureName: 'Rechtsberatung',
  organisationId: '7d0f3c1e-6f0a-4b8e-9d52-0c6a1f2b3c4d',
  organisationName: 'Tafel e.V.',
  organisationKind: 'civil-society',
  fieldKey: 'orientation',
  service: 'legal-advice',
  targetGroups: ['families'],
  regionKey: '09184148',
  regionLevels: ['gemeinde'],
  presentFrom: '2022-04-01',
  status: 'recorded',
  asOf: '2026-03-01',
};
const [header, tags] = parse(presenceCsvHead, { relax_column_count: true });
const cellsOf = (more: Partial<Presence>) => {
  const [cells] = parse(presenceCsvLine({ ...row, ...more }));
  return Object.fromEntries((tags ?? []).map((tag, at) => [tag, cells?.[at]]));
};

describe('the CSV of who does what where', () => {
  it('has a row of HXL tags under its header, one for each column', () => {
    expect(tags).toHaveLength(header?.length ?? 0);
    expect(new Set(tags).size).toBe(tags?.length);
    for (const tag of tags ?? []) expect(tag).toMatch(/^#[a-z]+[0-9]*(\+[a-z0-9_]+)*$/);
    expect(tags).toEqual(
      expect.arrayContaining(['#org+name', '#org+code', '#sector+code', '#adm1+code', '#adm3+code']),
    );
  });

  it.each<[string, Presence['regionLevels'], string[]]>([
    ['09184148', ['gemeinde'], ['09000000', '09184000', '09184148']],
    ['09184000', ['kreis'], ['09000000', '09184000', '']],
    ['09162000', ['kreis', 'gemeinde'], ['09000000', '09162000', '09162000']],
    ['11000000', ['land', 'kreis', 'gemeinde'], ['11000000', '11000000', '11000000']],
    ['09100000', ['regierungsbezirk'], ['09000000', '', '']],
  ])('tells Land, Kreis and Gemeinde of %s', (regionKey, regionLevels, expected) => {
    const cells = cellsOf({ regionKey, regionLevels });
    expect([cells['#adm1+code'], cells['#adm3+code'], cells['#adm4+code']]).toEqual(expected);
  });

  it('lets no cell be taken for a formula, and loses nothing of any text', () => {
    const begin = fc.constantFrom('=', '+', '-', '@', '\t', '\r', '"', ',', '\n', 'a', ' ');
    fc.assert(
      fc.property(begin, fc.string(), (first, rest) => {
        const cell = cellsOf({ organisationName: first + rest })['#org+name'];
        expect(cell).not.toMatch(/^[=+\-@\t\r]/);
        expect([first + rest, `'${first}${rest}`]).toContain(cell);
      }),
    );
    expect(cellsOf({ structureName: '=HYPERLINK("x")' })['#activity+name']).toBe(`'=HYPERLINK("x")`);
  });
});
