import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { grantsCsvHead, grantsCsvLine, type ListedGrant } from './grants-csv';

const theGrant: ListedGrant = {
  id: '9a1c8e54-2d3f-4b6a-8c71-5e0f9d2b4a36',
  title: 'Beratung',
  stage: 'closed',
  stageSince: '2026-03-01T00:00:00.000Z',
  applicantId: '7d0f3c1e-6f0a-4b8e-9d52-0c6a1f2b3c4d',
  callId: 'c1d2e3f4-0a1b-4c2d-8e3f-4a5b6c7d8e9f',
  potId: 'b0a1c2d3-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
  fieldKeys: ['housing', 'orientation'],
  regionKeys: ['09162000'],
  currency: 'EUR',
  ...{ requested: '1200000', recommended: '1000001', awarded: '1000001', disbursed: '600000' },
  ...{ remaining: '5', spent: '55', returned: '0' },
};
function cellsOf(grant: ListedGrant): Record<string, string> {
  const [row]: Record<string, string>[] = parse(grantsCsvHead + grantsCsvLine(grant), { columns: true });
  return row ?? {};
}

describe('exports: CSV safe against formula injection', () => {
  it('gives a row for each grant, its amounts in major units to the cent', () => {
    expect(cellsOf(theGrant)).toMatchObject({
      ...{ grant_id: theGrant.id, title: 'Beratung', applicant: '', fields: 'housing orientation' },
      ...{ requested: '12000.00', recommended: '10000.01', awarded: '10000.01', disbursed: '6000.00' },
      ...{ remaining: '0.05', spent: '0.55', returned: '0.00' },
    });
  });

  it('lets no cell be taken for a formula, and loses nothing of any text', () => {
    const begin = fc.constantFrom('=', '+', '-', '@', '\t', '\r', '"', ',', '\n', 'a', ' ');
    fc.assert(
      fc.property(begin, fc.string(), begin, fc.string(), (first, rest, second, more) => {
        const cells = cellsOf({ ...theGrant, title: first + rest, applicantName: second + more });
        for (const cell of Object.values(cells)) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
        expect([first + rest, `'${first}${rest}`]).toContain(cells.title);
        expect([second + more, `'${second}${more}`]).toContain(cells.applicant);
      }),
    );
  });
});
