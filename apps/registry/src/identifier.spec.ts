import fc from 'fast-check';
import {
  hasValidLeiCheckDigits,
  type Identifier,
  isIdentifierFault,
  normaliseIdentifier,
  orgId,
  registrationKey,
} from './identifier';

function normalised(identifier: Identifier): Identifier {
  const result = normaliseIdentifier(identifier);
  if (isIdentifierFault(result)) throw new Error(result.reason);
  return result;
}

describe('an identifier', () => {
  it.each([
    [{ scheme: 'vereinsregister', court: 'Amtsgericht Köln', number: '00123' }, 'Köln', 'VR 123'],
    [{ scheme: 'vereinsregister', court: 'AG Charlottenburg', number: 'vr 12345 b' }, 'Charlottenburg', 'VR 12345 B'],
    [{ scheme: 'handelsregister', court: 'k1101', number: 'hrb104157' }, 'K1101', 'HRB 104157'],
    [{ scheme: 'handelsregister', court: 'Köln', number: 'GnR 55' }, 'Köln', 'GNR 55'],
    [{ scheme: 'wirtschafts-id', number: 'de 123456789 - 00001' }, undefined, 'DE123456789-00001'],
    [{ scheme: 'stiftungsregister', court: 'Regierung von Oberbayern', number: '12.1-1222' }, undefined, undefined],
    [{ scheme: 'lei', number: '529900t8bm49aursdo55' }, undefined, '529900T8BM49AURSDO55'],
    [{ scheme: 'ags', number: '09162000' }, undefined, '09162000'],
  ] as const)('%j is brought to its one spelling', (identifier, court, number) => {
    const result = normalised(identifier);
    if (court !== undefined) expect(result.court).toBe(court);
    if (number !== undefined) expect(result.number).toBe(number);
  });

  it.each([
    { scheme: 'vereinsregister', number: 'VR 123' },
    { scheme: 'vereinsregister', court: '  ', number: 'VR 123' },
    { scheme: 'vereinsregister', court: 'Amtsgericht …', number: 'VR 123' },
    { scheme: 'vereinsregister', court: 'Köln', number: 'VR 0' },
    { scheme: 'handelsregister', court: 'Köln', number: '123' },
    { scheme: 'wirtschafts-id', number: 'DE12345678' },
    { scheme: 'lei', number: '529900T8BM49AURSDO54' },
    { scheme: 'lei', court: 'Köln', number: '529900T8BM49AURSDO55' },
    { scheme: 'ags', number: '17000000' },
    { scheme: 'ags', number: '80331' },
  ] as const)('%j is none', (identifier) => {
    expect(isIdentifierFault(normaliseIdentifier(identifier))).toBe(true);
  });

  it.each([
    ['80331', /postcode/],
    ['9162000', /leading zero/],
  ])('as an AGS tells what is wrong with %s', (number, reason) => {
    expect(normaliseIdentifier({ scheme: 'ags', number })).toEqual({ reason: expect.stringMatching(reason) });
  });

  it('has the same key however it is spelt, and its spelling stays when it is normalised again', () => {
    const spelling = fc.record({
      digits: fc.integer({ min: 1, max: 9_999_999 }),
      zeros: fc.nat(3),
      prefix: fc.constantFrom('', 'VR', 'vr ', 'VR  '),
      court: fc.constantFrom('Köln', 'Koeln', 'KÖLN', 'Amtsgericht Köln', 'AG  Köln', 'Ko\u0308ln'),
    });
    fc.assert(
      fc.property(spelling, ({ digits, zeros, prefix, court }) => {
        const number = prefix + '0'.repeat(zeros) + String(digits);
        const result = normalised({ scheme: 'vereinsregister', court, number });
        expect(registrationKey(result)).toBe(`vereinsregister-koeln-vr.${digits}`);
        expect(normalised(result)).toEqual(result);
      }),
    );
  });

  it('is another one at another court, and the same body under all activities of a Wirtschafts-ID', () => {
    const key = (identifier: Identifier) => registrationKey(normalised(identifier));
    expect(key({ scheme: 'vereinsregister', court: 'Köln', number: '1' })).not.toBe(
      key({ scheme: 'vereinsregister', court: 'Bonn', number: '1' }),
    );
    expect(key({ scheme: 'wirtschafts-id', number: 'DE123456789-00002' })).toBe(
      key({ scheme: 'wirtschafts-id', number: 'DE123456789' }),
    );
  });

  it('has an org-id where the court is given by its code', () => {
    expect(orgId(normalised({ scheme: 'handelsregister', court: 'K1101', number: 'HRB 104157' }))).toBe(
      'DE-CR-K1101-HRB104157',
    );
    expect(orgId(normalised({ scheme: 'handelsregister', court: 'Hamburg', number: 'HRB 104157' }))).toBeUndefined();
    expect(orgId({ scheme: 'ags', number: '09162000' })).toBeUndefined();
  });
});

describe('the check digits of a LEI', () => {
  const mod97 = (text: string) => BigInt([...text].map((character) => String(parseInt(character, 36))).join('')) % 97n;
  const body = fc
    .array(fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'), { minLength: 18, maxLength: 18 })
    .map((letters) => letters.join(''));

  it('are those that ISO 7064 MOD 97-10 gives', () => {
    fc.assert(
      fc.property(body, (text) => {
        const check = String(98n - mod97(`${text}00`)).padStart(2, '0');
        expect(hasValidLeiCheckDigits(text + check)).toBe(true);
      }),
    );
  });

  it('catch every wrong character and every swap of neighbours, among letters and among digits', () => {
    const areOfOneKind = (a: string, b: string) => /\d/.test(a) === /\d/.test(b);
    fc.assert(
      fc.property(body, fc.nat(16), fc.constantFrom(...'ABCDEFGHIJ0123456789'), (text, at, character) => {
        const lei = text + String(98n - mod97(`${text}00`)).padStart(2, '0');
        const [here, next] = [lei.charAt(at), lei.charAt(at + 1)];
        if (here !== character && areOfOneKind(here, character)) {
          expect(hasValidLeiCheckDigits(lei.slice(0, at) + character + lei.slice(at + 1))).toBe(false);
        }
        if (here !== next && areOfOneKind(here, next)) {
          expect(hasValidLeiCheckDigits(lei.slice(0, at) + next + here + lei.slice(at + 2))).toBe(false);
        }
      }),
    );
  });
});
