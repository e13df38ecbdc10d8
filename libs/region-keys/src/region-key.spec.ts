import fc from 'fast-check';
import { regionKeyFault } from './region-key';
import { regionLadder, regionsAround } from './region-ladder';

const key = fc
  .tuple(fc.integer({ min: 1, max: 16 }), fc.constantFrom('000000', '100000', '162000', '184148', '011000'))
  .map(([land, rest]) => String(land).padStart(2, '0') + rest);

describe('the key of a region', () => {
  it.each<[string, RegExp]>([
    ['80331', /look like a postcode/],
    ['9162000', /leading zero is missing/],
    ['1234567', /leading zero is missing/],
    ['0916200', /^7 digits/],
    ['091620000000', /^twelve digits are an ARS/],
    ['91620000000', /ARS without its leading zero/],
    ['0', /^1 digit; an AGS has eight/],
    ['09162', /postcode.*Kreis without its zeros/],
    ['00000000', /01 to 16/],
    ['17000000', /01 to 16/],
    ['', /eight digits/],
    [' 9162000', /eight digits/],
    ['München', /eight digits/],
  ])('is not “%s”, which is told why', (text, reason) => {
    expect(regionKeyFault(text)).toMatch(reason);
  });

  it('is text of eight digits, of which the first two are a Land', () => {
    fc.assert(fc.property(key, (one) => expect(regionKeyFault(one)).toBeUndefined()));
  });
});

describe('the ladder of regions', () => {
  it('goes from the region to its Land, each step once, and holds the ladder of each step', () => {
    fc.assert(
      fc.property(key, (one) => {
        const ladder = regionLadder(one);
        expect([ladder[0], ladder.at(-1)]).toEqual([one, `${one.slice(0, 2)}000000`]);
        expect(new Set(ladder).size).toBe(ladder.length);
        for (const [step, above] of ladder.entries()) expect(regionLadder(above)).toEqual(ladder.slice(step));
        expect(regionsAround([one, one])).toEqual(ladder);
      }),
    );
  });

  it('has one step for what is one body', () => {
    expect(regionLadder('11000000')).toEqual(['11000000']);
    expect(regionLadder('09162000')).toEqual(['09162000', '09100000', '09000000']);
    expect(regionLadder('09184148')).toEqual(['09184148', '09184000', '09100000', '09000000']);
  });
});
