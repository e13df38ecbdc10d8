import fc from 'fast-check';
import { canonicalJson } from './canonical-json';

/** The same in other words: what JSON's own replacer makes of it. */
function byReplacer(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (one === null || typeof one !== 'object' || Array.isArray(one)) return one;
    const entries = one instanceof Map ? [...(one as ReadonlyMap<string, unknown>)] : Object.entries(one);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

describe('The canonical form of JSON', () => {
  const anything = fc.anything({ withNullPrototype: true, withObjectString: true, key: fc.string() });

  it('has the names of fields in order, maps as objects, and nothing that is undefined', () => {
    expect(
      canonicalJson({
        b: new Map([
          ['z', 1],
          ['y', 2],
        ]),
        c: undefined,
        a: [null, 'x'],
      }),
    ).toBe('{"a":[null,"x"],"b":{"y":2,"z":1}}');
  });

  it('is the text that sorting every object while it is written gives', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), anything), (value) => {
        expect(canonicalJson(value)).toBe(byReplacer(value));
        expect(canonicalJson(new Map(Object.entries(value)))).toBe(byReplacer(value));
      }),
    );
  });

  it('is the same for the same fields in whatever order they come', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(fc.string(), anything), { selector: ([name]) => name }), (entries) => {
        expect(canonicalJson(Object.fromEntries(entries.toReversed()))).toBe(
          canonicalJson(Object.fromEntries(entries)),
        );
      }),
    );
  });
});
