import fc from 'fast-check';
import { FieldSuccession } from './field-succession';
import { overlapWith, type Scope } from './overlap';

const inField = (...fieldKeys: readonly string[]): Scope => ({
  fieldKeys,
  regionKeys: ['09162000'],
  targetGroups: ['families'],
  service: 'legal-advice',
});
/** What the field term says of a proposal and an existing structure. */
const term = (fields: FieldSuccession, proposed: readonly string[], existing: readonly string[]) =>
  overlapWith(inField(...proposed), fields)(inField(...existing)).terms.field;

describe('the overlap of fields of action that were split, merged or replaced', () => {
  it('is that of the fields in their place, and says since when', () => {
    const fields = new FieldSuccession([
      { key: 'accommodation', validTo: '2025-12-31', successorKeys: ['housing'] },
      { key: 'shelter', validTo: '2023-12-31', successorKeys: ['accommodation'] },
    ]);
    expect(term(fields, ['housing'], ['accommodation'])).toEqual({
      score: 1,
      reason: 'the same field of action: housing (accommodation went into housing on 2026-01-01)',
    });
    expect(term(fields, ['shelter', 'work'], ['housing', 'health'])).toEqual({
      score: 0.5,
      reason:
        '1 of 2 fields of action in common: housing ' +
        '(shelter went into accommodation on 2024-01-01; accommodation went into housing on 2026-01-01)',
    });
    expect(term(fields, ['work'], ['accommodation'])).toEqual({ score: 0, reason: 'no field of action in common' });
  });

  it('after a split is whole with each part, and nothing between the parts', () => {
    const fields = new FieldSuccession([
      { key: 'health', validTo: '2024-02-28', successorKeys: ['care', 'counselling'] },
    ]);
    expect(term(fields, ['care'], ['health'])).toEqual({
      score: 1,
      reason: 'the same field of action: care (health went into care and counselling on 2024-02-29)',
    });
    expect(term(fields, ['health'], ['counselling', 'care']).score).toBe(1);
    expect(term(fields, ['care'], ['counselling']).score).toBe(0);
  });

  it('after a merger is whole between the merged', () => {
    const merged = ['language', 'work'].map((key) => ({ key, validTo: '2025-12-31', successorKeys: ['integration'] }));
    const { score, reason } = term(new FieldSuccession(merged), ['language'], ['work']);
    expect(score).toBe(1);
    expect(reason).toBe(
      'the same field of action: integration (language went into integration on 2026-01-01; work went into integration on 2026-01-01)',
    );
  });

  // Successors come later in the alphabet, so that there is no circle.
  const keys = [...'abcdefg'];
  const someOf = (from: readonly string[]) => fc.uniqueArray(fc.constantFrom(...from), { minLength: 1, maxLength: 3 });
  const succession = fc
    .tuple(...keys.slice(0, -1).map((_, at) => fc.option(someOf(keys.slice(at + 1)), { nil: undefined })))
    .map((successors) => {
      const retired = successors.flatMap((successorKeys, at) =>
        successorKeys === undefined ? [] : [{ key: keys[at]!, validTo: '2025-12-31', successorKeys }],
      );
      return { retired, fields: new FieldSuccession(retired) };
    });

  it('is the same the other way round, and is found exactly by the keys under which it may be recorded', () => {
    fc.assert(
      fc.property(succession, someOf(keys), someOf(keys), ({ fields }, one, other) => {
        const { score } = term(fields, one, other);
        expect(term(fields, other, one).score).toBe(score);
        const searched = fields.recordedKeys(one);
        expect(other.some((key) => searched.includes(key))).toBe(score > 0);
      }),
    );
  });

  it('is there between every field and what took its place', () => {
    fc.assert(
      fc.property(succession, ({ retired, fields }) => {
        for (const { key, successorKeys } of retired) {
          for (const successor of successorKeys) expect(term(fields, [successor], [key]).score).toBe(1);
        }
      }),
    );
  });
});
