import * as fc from 'fast-check';
import { parseStrictJson } from './strict-json';

const fields = (text: string) => {
  const parsed = parseStrictJson(text);
  return 'faults' in parsed ? parsed.faults.map(({ field }) => field) : [];
};

const isExact = (value: unknown): boolean =>
  typeof value === 'object' && value !== null
    ? Object.values(value).every(isExact)
    : !Number.isInteger(value) || Number.isSafeInteger(value);

describe('strict JSON', () => {
  it('is what JSON.parse makes of it, however it is laid out', () => {
    const storable = fc
      .jsonValue({ maxDepth: 6, stringUnit: 'grapheme' })
      .filter((value) => !/\\u0000|"(__proto__|constructor|prototype)"/.test(JSON.stringify(value)) && isExact(value));
    fc.assert(
      fc.property(storable, fc.constantFrom(undefined, 2, '\t'), (value, space) => {
        const text = JSON.stringify(value, undefined, space);
        expect(parseStrictJson(text)).toEqual({ value: JSON.parse(text) as unknown });
      }),
    );
  });

  it('names the place of every fault', () => {
    expect(fields(`{"a": [1, {"b": "\\ud800"}], "c": {"d": 9007199254740993, "d": 1}, "e": "\\u0000"}`)).toEqual([
      'a[1].b',
      'c.d',
      'c',
      'e',
    ]);
  });

  it('takes a key that is repeated in another object, and escapes, for what they are', () => {
    expect(fields(`[{"a": 1}, {"a": 1, "b": {"a": "\\"}{,:[\\\\"}}]`)).toEqual([]);
  });

  it('takes exact numbers only', () => {
    expect(fields('[9007199254740991, -9007199254740991, 0.1, 1e2, -0]')).toEqual([]);
    expect(fields('[9007199254740992, 1e400, 123456789012345678901234567890, -1e999]')).toEqual([
      '[0]',
      '[1]',
      '[2]',
      '[3]',
    ]);
  });

  it('is nested 32 deep at most', () => {
    expect(fields('['.repeat(32) + ']'.repeat(32))).toEqual([]);
    expect(fields('['.repeat(33) + ']'.repeat(33))).toHaveLength(1);
  });
});
