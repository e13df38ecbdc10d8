import Ajv from 'ajv';
import fc from 'fast-check';
import type { TSchema } from '@sinclair/typebox';
import { readerSchema } from '../src/reader-schema';
import { type Breach, breaches } from './compatibility';
import type { JsonSchema } from './json-schema';

const text: JsonSchema = { type: 'string' };
const whole: JsonSchema = { type: 'integer' };
const closed = (properties: Record<string, JsonSchema>, required: readonly string[] = []): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});
const list = (items: JsonSchema, limits: JsonSchema = {}): JsonSchema => ({ type: 'array', items, ...limits });
const choice = (...values: string[]): JsonSchema => ({ type: 'string', enum: values });

describe('compatible with what is published', () => {
  const paid = closed({ kind: { const: 'paid' }, amount: whole }, ['kind', 'amount']);
  const open = closed({ kind: { const: 'open' } }, ['kind']);
  it.each<[string, JsonSchema, JsonSchema]>([
    ['nothing changed', closed({ id: text }, ['id']), closed({ id: text }, ['id'])],
    ['an optional property is added', closed({ id: text }, ['id']), closed({ id: text, note: text }, ['id'])],
    [
      'an optional property is added deep within a list',
      closed({ rows: list(closed({ id: text }, ['id'])) }),
      closed({ rows: list(closed({ id: text, note: whole }, ['id'])) }),
    ],
    [
      'an optional property is added to one of several shapes',
      closed({ state: { anyOf: [paid, open] } }),
      closed({ state: { anyOf: [paid, closed({ kind: { const: 'open' }, since: text }, ['kind'])] } }),
    ],
    ['an optional object is added', closed({}), closed({ seat: closed({ court: text }, ['court']) })],
    ['a remark is changed', closed({ id: { ...text, description: 'a' } }), closed({ id: { ...text, title: 'b' } })],
    ['a property is declared deprecated', closed({ id: text }), closed({ id: { ...text, deprecated: true } })],
    [
      'the order of properties and names',
      closed({ a: text, b: text }, ['a', 'b']),
      closed({ b: text, a: text }, ['b', 'a']),
    ],
    ['the order of the values of a choice', closed({ k: choice('a', 'b') }), closed({ k: choice('b', 'a') })],
  ])('%s', (_, published, changed) => {
    expect(breaches(published, changed)).toEqual([]);
  });
});

describe('refused, because it harms readers that were built from the published schema', () => {
  it.each<[string, JsonSchema, JsonSchema, string]>([
    [
      'a required property is removed',
      closed({ id: text, n: whole }, ['id', 'n']),
      closed({ id: text }, ['id']),
      'data.n',
    ],
    ['an optional property is removed', closed({ id: text, n: whole }, ['id']), closed({ id: text }, ['id']), 'data.n'],
    ['a property is renamed', closed({ name: text }), closed({ nameDe: text }), 'data.name'],
    ['a required property becomes optional', closed({ id: text }, ['id']), closed({ id: text }), 'data.id'],
    ['a choice grows', closed({ k: choice('a') }), closed({ k: choice('a', 'b') }), 'data.k'],
    [
      'an upper limit is raised',
      closed({ s: { ...text, maxLength: 5 } }),
      closed({ s: { ...text, maxLength: 6 } }),
      'data.s',
    ],
    ['an upper limit is dropped', closed({ n: { ...whole, maximum: 5 } }), closed({ n: whole }), 'data.n'],
    [
      'a lower limit is lowered',
      closed({ n: { ...whole, minimum: 0 } }),
      closed({ n: { ...whole, minimum: -1 } }),
      'data.n',
    ],
    ['a list may become empty', closed({ l: list(text, { minItems: 1 }) }), closed({ l: list(text) }), 'data.l'],
    [
      'it is deep within a list',
      closed({ l: list(closed({ a: text })) }),
      closed({ l: list(closed({})) }),
      'data.l[].a',
    ],
    [
      'it is in one of several shapes',
      { anyOf: [text, closed({ a: text })] },
      { anyOf: [text, closed({})] },
      'data|1.a',
    ],
  ])('%s', (_, published, changed, at) => {
    expect(breaches(published, changed)).toEqual<Breach[]>([{ at, change: expect.any(String), harms: 'readers' }]);
  });
});

describe('refused, because it harms those who read the events already published', () => {
  it.each<[string, JsonSchema, JsonSchema, string]>([
    ['a required property is added', closed({ id: text }), closed({ id: text, n: whole }, ['n']), 'data.n'],
    ['an optional property becomes required', closed({ id: text }), closed({ id: text }, ['id']), 'data.id'],
    ['a choice shrinks', closed({ k: choice('a', 'b') }), closed({ k: choice('a') }), 'data.k'],
    [
      'an upper limit is lowered',
      closed({ s: { ...text, maxLength: 5 } }),
      closed({ s: { ...text, maxLength: 4 } }),
      'data.s',
    ],
    ['an upper limit is set', closed({ l: list(text) }), closed({ l: list(text, { maxItems: 9 }) }), 'data.l'],
    [
      'a lower limit is raised',
      closed({ s: { ...text, minLength: 1 } }),
      closed({ s: { ...text, minLength: 2 } }),
      'data.s',
    ],
    ['a lower limit is set', closed({ n: whole }), closed({ n: { ...whole, minimum: 0 } }), 'data.n'],
  ])('%s', (_, published, changed, at) => {
    expect(breaches(published, changed)).toEqual<Breach[]>([{ at, change: expect.any(String), harms: 'rebuilds' }]);
  });
});

describe('refused, because it may harm both', () => {
  const pattern = (value: string): JsonSchema => closed({ s: { ...text, pattern: value } });
  it.each<[string, JsonSchema, JsonSchema]>([
    ['a type is changed', closed({ n: whole }), closed({ n: text })],
    ['a type is widened', closed({ n: whole }), closed({ n: { type: 'number' } })],
    ['a pattern is changed', pattern('^a'), pattern('^b')],
    ['a pattern is dropped', pattern('^a'), closed({ s: text })],
    ['a pattern is set', closed({ s: text }), pattern('^a')],
    ['a constant is changed', closed({ k: { const: 'a' } }), closed({ k: { const: 'b' } })],
    ['a choice becomes free text', closed({ k: choice('a') }), closed({ k: text })],
    ['a shape is added', { anyOf: [text] }, { anyOf: [text, whole] }],
    ['a shape is removed', { anyOf: [text, whole] }, { anyOf: [text] }],
    ['a list must not repeat', closed({ l: list(text) }), closed({ l: list(text, { uniqueItems: true }) })],
    ['one becomes many', closed({ l: text }), closed({ l: list(text) })],
    ['an object is opened', closed({}), { ...closed({}), additionalProperties: true }],
    [
      'a keyword that the check does not know is set',
      closed({ s: text }),
      closed({ s: { ...text, format: 'uuid' } as JsonSchema }),
    ],
  ])('%s', (_, published, changed) => {
    const harms = breaches(published, changed).map((breach) => breach.harms);
    expect(harms).toContain('readers and rebuilds');
  });
});

it('names like those that every object inherits are properties like others', () => {
  expect(breaches(closed({}), closed({ constructor: text }))).toEqual([]);
  expect(breaches(closed({ constructor: text }), closed({}))).toHaveLength(1);
});

describe('a schema that is judged compatible', () => {
  /** Random schemas, with random values that satisfy them. */
  const { schema: anySchema, object: anyObject } = fc.letrec<{ schema: JsonSchema; object: JsonSchema }>((tie) => ({
    object: fc
      .dictionary(fc.constantFrom('p', 'q', 'r'), fc.record({ schema: tie('schema'), required: fc.boolean() }))
      .map((entries) => {
        const all = Object.entries(entries);
        return closed(
          Object.fromEntries(all.map(([name, each]) => [name, each.schema])),
          all.filter(([, each]) => each.required).map(([name]) => name),
        );
      }),
    schema: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<JsonSchema>(text, whole, choice('a', 'b'), choice('a'), { type: 'boolean' }),
      fc
        .record({ minLength: fc.constantFrom(0, 1), maxLength: fc.constantFrom(2, 3) })
        .map((limits) => ({ ...text, ...limits })),
      fc
        .record({ minimum: fc.constantFrom(0, 1), maximum: fc.constantFrom(2, 3) })
        .map((limits) => ({ ...whole, ...limits })),
      tie('schema').map((items) => list(items)),
      fc.array(tie('schema'), { minLength: 1, maxLength: 2 }).map((anyOf) => ({ anyOf })),
      tie('object'),
    ),
  }));

  function valueOf(schema: JsonSchema): fc.Arbitrary<unknown> {
    if (schema.anyOf) return fc.oneof(...schema.anyOf.map(valueOf));
    if (schema.enum) return fc.constantFrom(...schema.enum);
    switch (schema.type) {
      case 'string':
        return fc.string({ minLength: schema.minLength ?? 0, maxLength: schema.maxLength ?? 4 });
      case 'integer':
        return fc.integer({ min: schema.minimum ?? -5, max: schema.maximum ?? 5 });
      case 'boolean':
        return fc.boolean();
      case 'array':
        return fc.array(valueOf(schema.items ?? {}), { maxLength: 3 });
      case 'object': {
        const properties = Object.entries(schema.properties ?? {});
        return fc.record(Object.fromEntries(properties.map(([name, each]) => [name, valueOf(each)])), {
          requiredKeys: [...(schema.required ?? [])],
        });
      }
      default:
        throw new Error(`No values for ${JSON.stringify(schema)}.`);
    }
  }

  /** The schema with one thing changed somewhere: often compatibly, often not. */
  function changeOf(schema: JsonSchema): fc.Arbitrary<JsonSchema> {
    const changes: fc.Arbitrary<JsonSchema>[] = [schema.properties ? anyObject : anySchema];
    if (schema.properties) {
      const { properties, required = [] } = schema;
      const names = Object.keys(properties);
      changes.push(
        fc.tuple(fc.constantFrom('p', 'q', 'r', 's', 't'), anySchema).map(([name, added]) => ({
          ...schema,
          properties: { [name]: added, ...properties },
        })),
        fc.subarray(names).map((some) => ({ ...schema, required: some })),
        ...names.map((name) =>
          changeOf(properties[name] ?? {}).map((changed) => ({
            ...schema,
            properties: { ...properties, [name]: changed },
          })),
        ),
        ...names.map((name) => {
          const { [name]: _removed, ...rest } = properties;
          return fc.constant({ ...schema, properties: rest, required: required.filter((each) => each !== name) });
        }),
      );
    }
    const { items, anyOf } = schema;
    if (items) changes.push(changeOf(items).map((changed) => ({ ...schema, items: changed })));
    if (anyOf) {
      changes.push(
        ...anyOf.map((each, index) =>
          changeOf(each).map((changed) => ({ ...schema, anyOf: anyOf.with(index, changed) })),
        ),
      );
    }
    return fc.oneof(...changes);
  }

  const ajv = new Ajv({ strict: false });
  const accepts = (schema: JsonSchema, value: unknown): boolean =>
    ajv.compile(readerSchema(schema as unknown as TSchema))(value);

  it('gives no event that a reader of the published one refuses, and refuses none that was published', () => {
    let compatible = 0;
    fc.assert(
      fc.property(
        anyObject.chain((published) =>
          changeOf(published).chain((changed) =>
            breaches(published, changed).length > 0
              ? fc.constant(undefined)
              : fc.record({
                  published: fc.constant(published),
                  changed: fc.constant(changed),
                  before: fc.array(valueOf(published), { minLength: 3, maxLength: 3 }),
                  after: fc.array(valueOf(changed), { minLength: 3, maxLength: 3 }),
                }),
          ),
        ),
        (pair) => {
          if (!pair) return;
          compatible += 1;
          for (const value of pair.after) expect(accepts(pair.published, value)).toBe(true);
          for (const value of pair.before) expect(accepts(pair.changed, value)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
    expect(compatible).toBeGreaterThan(50);
  });
});
