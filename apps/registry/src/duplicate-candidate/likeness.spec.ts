import fc from 'fast-check';
import { type ComparableFacts, EVERY_ORGANISATION, fingerprintOf } from './fingerprint';
import { likenessOf } from './likeness';
import { legalKindOf, splitLegalForm } from './legal-form';
import { nameWords } from './name-words';

/** As in a register of some size, in which everything is rare that is not said to be frequent. */
const frequencies = (key: string) => (key === EVERY_ORGANISATION ? 20_000 : 2);
const likeness = (a: ComparableFacts, b: ComparableFacts) =>
  likenessOf(fingerprintOf(a), fingerprintOf(b), frequencies);
const KOELN = '05315000';
const BONN = '05314000';
const keysOf = (name: string) => nameWords(name).map(({ key }) => key);

describe('the words of a name', () => {
  it.each([
    ['Münchner Brücke e.V.', 'Muenchner Bruecke eingetragener Verein'],
    ['Hilfswerk Ost gGmbH', 'Hilfswerk Ost gemeinnützige GmbH'],
    ['Hilfswerk Ost gUG (haftungsbeschränkt)', 'Hilfswerk Ost gemeinnützige UG haftungsbeschränkt'],
    ['Deutsches Rotes Kreuz Kreisverband Bonn', 'DRK KV Bonn e.V.'],
    ['Haus der Kulturen', 'Haus der Kulturen (HDK)'],
    ['Kirchengemeinde Sankt Anna, Körperschaft des öffentlichen Rechts', 'Kirchengemeinde St. Anna KdöR'],
    ['Verein für die Ukraine', 'Ukraine'],
    ['Kulturverein Aue', 'Kultur-verein Aue'],
    ['Kulturverein Aue', 'KULTUR-VEREIN AUE'],
    ['Evangelisch-Lutherische Kirchengemeinde Aue', 'Ev.-luth. Kirchengemeinde Aue'],
    ['Evangelisch-Lutherische Kirchengemeinde Aue', 'Evangelische Kirchengemeinde Aue'],
    ['Tatkraft gGmbH', 'Tatkraft gGmH'],
    ['Spedition Schröder AG', 'Spedition Schröder AG Deutschland'],
    ['Tatkraft, gemeinnütziger Verein', 'Tatkraft gemeinnützior Verein'],
    ['Müller-Stiftung, rechtsfähige Stiftung', 'Müller-Stiftung'],
  ])('of "%s" are those of "%s"', (one, other) => {
    expect([...keysOf(one)].sort()).toEqual([...keysOf(other)].sort());
  });

  it('are never none, whatever the name', () => {
    const name = fc.string({ minLength: 1, unit: fc.constantFrom(...'eV. gmbhäß()&-Аяїi1') });
    fc.assert(fc.property(name, (text) => expect(keysOf(text).length > 0).toBe(/[\p{L}\p{N}]/u.test(text))));
  });

  it('keep the AG that is a working group', () => {
    expect(splitLegalForm('AG Asyl Bonn').kind).toBeUndefined();
    expect(splitLegalForm('Werkzeug Bonn AG').kind).toBe('company');
  });
});

describe('the kind of a legal form', () => {
  it.each([
    ['e. V.', 'association'],
    ['eingetragener Verein', 'association'],
    ['gemeinnützige Gesellschaft mit beschränkter Haftung', 'company'],
    ['UG (haftungsbeschränkt)', 'company'],
    ['GmbH & Co. KG', 'partnership'],
    ['Stiftung bürgerlichen Rechts', 'foundation'],
    ['K.d.ö.R.', 'public-law'],
    ['eG', 'cooperative'],
    ['Freundeskreis', undefined],
  ])('%s is %s', (form, kind) => expect(legalKindOf(form)).toBe(kind));
});

describe('the likeness of two organisations', () => {
  const bruecke = { name: 'Münchner Brücke e.V.', regionKey: '09162000' };

  it.each<[string, ComparableFacts, ComparableFacts]>([
    ['umlauts and legal form', bruecke, { name: 'Muenchner Bruecke', regionKey: '09162000' }],
    ['word order and a slip', bruecke, { name: 'Brücke Münhner e. V.', regionKey: '09162000' }],
    ['a name in another script', { name: 'Зоря Надії', regionKey: KOELN }, { name: 'Zorja Nadiji', regionKey: KOELN }],
    [
      'the register number alone',
      { name: 'Lichtblick', identifiers: [{ scheme: 'vereinsregister', court: 'Köln', number: 'VR 7' }] },
      { name: 'Hilfe im Alltag', identifiers: [{ scheme: 'vereinsregister', court: 'Köln', number: 'VR 7' }] },
    ],
    [
      'a name that says its town, after a move',
      { name: 'Bonner Volksküche e.V.', address: { street: 'Markt 1', postcode: '53111', city: 'Bonn' } },
      { name: 'Volksküche Bonn', address: { street: 'Am Ufer 2', postcode: '21073', city: 'Hamburg' } },
    ],
    [
      'two words that are one, with a slip',
      { name: 'Volksküche Bonn', regionKey: BONN },
      { name: 'Volks-Kücche Bonn', regionKey: BONN },
    ],
    [
      'a slip in the register number',
      { ...bruecke, identifiers: [{ scheme: 'vereinsregister', court: 'München', number: 'VR 15087' }] },
      { ...bruecke, identifiers: [{ scheme: 'vereinsregister', court: 'München', number: 'VR 15081' }] },
    ],
    [
      'name and website after a move',
      { name: 'Lichtblick', regionKey: KOELN, website: 'https://www.lichtblick.example/' },
      { name: 'Lichtblick e.V.', regionKey: BONN, website: 'http://lichtblick.example' },
    ],
  ])('is high for %s', (_what, a, b) => expect(likeness(a, b).score).toBeGreaterThan(0.9));

  it.each<[string, ComparableFacts, ComparableFacts]>([
    [
      'groups of one subject in two towns',
      { name: 'Flüchtlingshilfe Köln e.V.', regionKey: KOELN },
      { name: 'Flüchtlingshilfe Bonn e.V.', regionKey: BONN },
    ],
    [
      'two chapters of a federation in one town',
      { name: 'AWO Ortsverein Köln', regionKey: KOELN },
      { name: 'AWO Kreisverband Köln', regionKey: KOELN },
    ],
    [
      'parishes of two confessions in one town',
      { name: 'Evangelische Kirchengemeinde St. Lukas Bonn', regionKey: BONN },
      { name: 'Katholische Kirchengemeinde St. Lukas Bonn', regionKey: BONN },
    ],
    [
      'a Lutheran parish and one that is named after Luther',
      { name: 'Evangelisch-Lutherische Kirchengemeinde Kreuz Bonn', regionKey: BONN },
      { name: 'Evangelische Kirchengemeinde Luther Bonn', regionKey: BONN },
    ],
    [
      'an association and its company in one house',
      { name: 'Lichtblick e.V.', address: { street: 'Markt 1', postcode: '50667', city: 'Köln' } },
      { name: 'Lichtblick gGmbH', address: { street: 'Markt 1', postcode: '50667', city: 'Köln' } },
    ],
    [
      'two numbers in one register',
      { ...bruecke, identifiers: [{ scheme: 'vereinsregister', court: 'München', number: 'VR 15087' }] },
      { ...bruecke, identifiers: [{ scheme: 'vereinsregister', court: 'München', number: 'VR 20411' }] },
    ],
  ])('is low for %s', (_what, a, b) => expect(likeness(a, b).score).toBeLessThan(0.4));

  it('says its reasons, whose weights are the score', () => {
    const { score, reasons } = likeness(bruecke, { name: 'Muenchner Bruecke', regionKey: '09162000' });
    expect(reasons).toContainEqual(
      expect.objectContaining({ kind: 'name', text: expect.stringContaining('"muenchner", "bruecke"') }),
    );
    const bits = reasons.reduce((sum, { weight }) => sum + weight, 0);
    expect(score).toBeCloseTo(1 / (1 + 2 ** -bits), 3);
  });

  it('forgives a word that nobody else has a slip more', () => {
    const [right, wrong] = ['Hilfe für Familien', 'Hscfe für Familien'].map((name) => fingerprintOf({ name }));
    const weight = (namesWithSlip: number) =>
      likenessOf(right!, wrong!, (key) =>
        key === wrong!.words[0]!.key ? namesWithSlip : frequencies(key),
      ).reasons.find(({ kind }) => kind === 'name')!.weight;
    expect(weight(1)).toBeGreaterThan(weight(2) + 10);
  });

  it('is the same from either side, and a probability', () => {
    const words = fc.constantFrom(
      'Hilfe',
      'Köln',
      'Kölner',
      'DRK',
      'Brücke',
      'Bürcke',
      'Зоря',
      'Zoria',
      'Evangelische',
      'katholische',
      'Haus',
      'HDK',
      'e.V.',
      'gGmbH',
    );
    const facts = fc.record(
      {
        name: fc.array(words, { minLength: 1, maxLength: 6 }).map((some) => some.join(' ')),
        regionKey: fc.constantFrom(KOELN, BONN),
        website: fc.constantFrom('https://a.example', 'https://b.example'),
        identifiers: fc.constantFrom(
          [{ scheme: 'vereinsregister' as const, court: 'Köln', number: 'VR 71' }],
          [{ scheme: 'vereinsregister' as const, court: 'Köln', number: 'VR 72' }],
          [{ scheme: 'handelsregister' as const, court: 'Bonn', number: 'HRB 5' }],
        ),
      },
      { requiredKeys: ['name'] },
    );
    fc.assert(
      fc.property(facts, facts, (a, b) => {
        const { score } = likeness(a, b);
        expect(score).toBe(likeness(b, a).score);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
      }),
    );
  });
});
