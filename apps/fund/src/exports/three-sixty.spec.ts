import fc from 'fast-check';
import { type PublishedGrant, threeSixty } from './three-sixty';
import { threeSixtyFaults } from './three-sixty-rules';

const funder = { orgId: 'DE-CR-RA000220-VR8726', name: 'Fonds der Allianz' };
const theGrant: PublishedGrant = {
  grantId: '9a1c8e54-2d3f-4b6a-8c71-5e0f9d2b4a36',
  title: 'Beratung in zwei Sprachen',
  summary: 'Zwei weitere Beratungstage in der Woche.',
  awarded: { cents: 1_000_001, currency: 'EUR' },
  disbursed: { cents: 600_000, currency: 'EUR' },
  awardedOn: '2026-03-01',
  projectFrom: '2026-04-01',
  projectTo: '2026-12-31',
  regionKeys: ['09162000'],
  recipient: { id: '7d0f3c1e-6f0a-4b8e-9d52-0c6a1f2b3c4d', name: 'Спілка українців', identifiers: [] },
};

const recipientId = (...identifiers: PublishedGrant['recipient']['identifiers']) =>
  threeSixty([{ ...theGrant, recipient: { ...theGrant.recipient, identifiers } }], funder).grants[0]
    ?.recipientOrganization[0].id;

/** As it is given out, with a change to its only grant. */
const withFault = (change: (grant: Record<string, unknown>) => void): unknown => {
  const document = JSON.parse(JSON.stringify(threeSixty([theGrant], funder)));
  change(document.grants[0]);
  return document;
};

describe('exports: 360Giving 1.4 JSON validated against the rules of the published schema', () => {
  it('says of an award what the standard asks for, amounts in major units', () => {
    expect(threeSixty([theGrant], funder)).toEqual({
      version: '1.4',
      grants: [
        {
          id: `${funder.orgId}-${theGrant.grantId}`,
          title: 'Beratung in zwei Sprachen',
          description: 'Zwei weitere Beratungstage in der Woche.',
          currency: 'EUR',
          amountAwarded: 10_000.01,
          amountDisbursed: 6_000,
          awardDate: '2026-03-01',
          plannedDates: [{ startDate: '2026-04-01', endDate: '2026-12-31' }],
          fundingOrganization: [{ id: funder.orgId, name: 'Fonds der Allianz' }],
          recipientOrganization: [{ id: `${funder.orgId}-${theGrant.recipient.id}`, name: 'Спілка українців' }],
          ags: ['09162000'],
        },
      ],
    });
  });

  it('names an organisation by a register only where its court is known by code, and makes up no id', () => {
    const own = `${funder.orgId}-${theGrant.recipient.id}`;
    expect(recipientId({ scheme: 'vereinsregister', court: 'RA000220', number: 'VR 8726' })).toBe(
      'DE-CR-RA000220-VR8726',
    );
    expect(recipientId({ scheme: 'vereinsregister', court: 'München', number: 'VR 8726' })).toBe(own);
    expect(recipientId({ scheme: 'vereinsregister', number: 'VR 8726' })).toBe(own);
    expect(recipientId({ scheme: 'stiftungsregister', court: 'RA000220', number: 'VR 1' })).toBe(own);
    expect(recipientId({ scheme: 'lei', number: '529900T8BM49AURSDO55' })).toBe('XI-LEI-529900T8BM49AURSDO55');
    expect(recipientId()).toBe(own);
  });

  it('exports any set of grants without a fault, and its sums come back to the cent', () => {
    const day = fc
      .date({ min: new Date('2022-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
      .map((at) => at.toISOString().slice(0, 10));
    const text = fc.oneof(
      fc.string({ minLength: 1 }).filter((one) => one.trim() !== ''),
      fc.emailAddress().map((one) => `Fragen an ${one}.`),
    );
    const identifier = fc.record({
      scheme: fc.constantFrom('vereinsregister', 'handelsregister', 'lei', 'ags'),
      court: fc.constantFrom('RA000220', 'Bonn', 'RA22'),
      number: fc.constantFrom('VR 8726', 'HRB 12 B', '', '529900T8BM49AURSDO55', '../VR1'),
    });
    const grant = fc
      .record({
        grantId: fc.uuid(),
        title: text,
        summary: text,
        awarded: fc.integer({ min: 1, max: 999_999_999_999_999 }),
        paid: fc.nat(),
        awardedOn: day,
        days: fc.tuple(day, day).map((days) => days.sort()),
        recipient: fc.record({ id: fc.uuid(), name: text, identifiers: fc.array(identifier, { maxLength: 3 }) }),
      })
      .map(({ awarded, paid, days, ...given }): PublishedGrant => ({
        ...given,
        awarded: { cents: awarded, currency: 'EUR' },
        disbursed: { cents: Math.min(awarded, paid), currency: 'EUR' },
        projectFrom: days[0] ?? '',
        projectTo: days[1] ?? '',
        regionKeys: ['09162000'],
      }));
    const centsOf = (amount: number) => BigInt(amount.toFixed(2).replace('.', ''));
    fc.assert(
      fc.property(fc.uniqueArray(grant, { selector: ({ grantId }) => grantId, maxLength: 20 }), (grants) => {
        const document = JSON.parse(JSON.stringify(threeSixty(grants, funder)));
        expect(threeSixtyFaults(document, funder)).toEqual([]);
        const sumOf = (amounts: readonly bigint[]) => amounts.reduce((sum, cents) => sum + cents, 0n);
        const given: readonly { amountAwarded: number; amountDisbursed: number }[] = document.grants;
        expect(sumOf(given.map((one) => centsOf(one.amountAwarded)))).toBe(
          sumOf(grants.map(({ awarded }) => BigInt(awarded.cents))),
        );
        expect(sumOf(given.map((one) => centsOf(one.amountDisbursed)))).toBe(
          sumOf(grants.map(({ disbursed }) => BigInt(disbursed.cents))),
        );
      }),
    );
  });

  it.each<[string, string, (grant: Record<string, unknown>) => void]>([
    ...['id', 'title', 'description', 'currency', 'amountAwarded', 'awardDate'].map(
      (field): [string, string, (grant: Record<string, unknown>) => void] => [
        `no ${field}`,
        `grants[0].${field}`,
        (grant) => delete grant[field],
      ],
    ),
    ['no funder', 'grants[0].fundingOrganization', (grant) => (grant.fundingOrganization = [])],
    ['no recipient', 'grants[0].recipientOrganization', (grant) => delete grant.recipientOrganization],
    ['a private person', 'grants[0].recipientIndividual', (grant) => (grant.recipientIndividual = { name: 'X' })],
    ['a blank title', 'grants[0].title', (grant) => (grant.title = ' ')],
    ['a currency in words', 'grants[0].currency', (grant) => (grant.currency = 'euro')],
    ['an amount as text', 'grants[0].amountAwarded', (grant) => (grant.amountAwarded = '10000.01')],
    ['a part of a cent', 'grants[0].amountAwarded', (grant) => (grant.amountAwarded = 10_000.001)],
    ['a negative amount', 'grants[0].amountDisbursed', (grant) => (grant.amountDisbursed = -1)],
    ['more disbursed than awarded', 'grants[0].amountDisbursed', (grant) => (grant.amountDisbursed = 10_000.02)],
    ['a day that does not exist', 'grants[0].awardDate', (grant) => (grant.awardDate = '2026-02-30')],
    ['a German date', 'grants[0].awardDate', (grant) => (grant.awardDate = '01.03.2026')],
    [
      'an end before the beginning',
      'grants[0].plannedDates',
      (grant) => (grant.plannedDates = [{ startDate: '2026-12-31', endDate: '2026-04-01' }]),
    ],
    [
      'an organisation id of no list',
      'grants[0].recipientOrganization[0].id',
      (grant) => (grant.recipientOrganization = [{ id: 'DE-CR-München-VR1', name: 'Tafel' }]),
    ],
    [
      'an organisation without a name',
      'grants[0].recipientOrganization[0].name',
      (grant) => (grant.recipientOrganization = [{ id: funder.orgId }]),
    ],
    ['an address', 'grants[0].description', (grant) => (grant.description = 'An olena@example.org')],
    [
      'an address in what it is not asked for',
      'grants[0].contact.mail',
      (grant) => (grant.contact = { mail: 'a@b.de' }),
    ],
  ])('finds %s', (_, field, change) => {
    expect(threeSixtyFaults(withFault(change), funder).map((fault) => fault.field)).toContain(field);
  });

  it('finds an id that is given twice, and what is no document of the standard', () => {
    const twice = threeSixty([theGrant, theGrant], funder);
    expect(threeSixtyFaults(twice, funder)).toEqual([
      { field: 'grants[1].id', reason: 'repeated', expected: 'an id of its own' },
    ]);
    for (const none of [undefined, [], {}, { version: '1.4' }, { version: '1.3', grants: [] }]) {
      expect(threeSixtyFaults(none, funder)).toHaveLength(1);
    }
  });
});
