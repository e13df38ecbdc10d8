import { isDeepStrictEqual } from 'node:util';
import { annotations, type JsonSchema } from './json-schema';

/**
 * Whom a change harms. Topics keep everything and read models are rebuilt from them, so old and new meet both ways:
 * - `readers`: what runs today was built from the published schema and gets events written with the changed one;
 * - `rebuilds`: what is built from the changed schema reads events that were written with the published one.
 */
export type Harmed = 'readers' | 'rebuilds' | 'readers and rebuilds';

/** One reason why a changed schema may not take the place of the published one. */
export interface Breach {
  /** Where: `data.identifiers[].number`. */
  readonly at: string;
  readonly change: string;
  readonly harms: Harmed;
}

/**
 * What is incompatible in a changed schema; empty when it may take the place of the published one. Only remarks may
 * change and optional properties may be added; everything else needs a new type beside the old.
 */
export function breaches(published: JsonSchema, changed: JsonSchema, at = 'data'): readonly Breach[] {
  const keywords = new Set([...Object.keys(published), ...Object.keys(changed)]) as Set<keyof JsonSchema>;
  return [...propertyBreaches(published, changed, at)].concat(
    [...keywords].flatMap((keyword) => keywordBreaches(keyword, published, changed, at)),
  );
}

function propertyBreaches(published: JsonSchema, changed: JsonSchema, at: string): readonly Breach[] {
  const names = new Set([...Object.keys(published.properties ?? {}), ...Object.keys(changed.properties ?? {})]);
  return [...names].flatMap((name) => {
    const before = property(published, name);
    const now = property(changed, name);
    const path = `${at}.${name}`;
    // Even an optional one: readers lose what they relied on, and the name could come back with another meaning.
    if (!now) return { at: path, change: 'removed or renamed', harms: 'readers' };
    if (!before) return now.required ? { at: path, change: 'added as required', harms: 'rebuilds' } : [];
    const within = breaches(before.schema, now.schema, path);
    if (before.required === now.required) return within;
    return before.required
      ? [{ at: path, change: 'required → optional', harms: 'readers' }, ...within]
      : [{ at: path, change: 'optional → required', harms: 'rebuilds' }, ...within];
  });
}

function property(schema: JsonSchema, name: string): { schema: JsonSchema; required: boolean } | undefined {
  const properties = new Map(Object.entries(schema.properties ?? {}));
  const own = properties.get(name);
  return own && { schema: own, required: schema.required?.includes(name) ?? false };
}

function keywordBreaches(
  keyword: keyof JsonSchema,
  published: JsonSchema,
  changed: JsonSchema,
  at: string,
): readonly Breach[] {
  if (annotations.has(keyword) || keyword === 'properties' || keyword === 'required') return [];
  const [before, now] = [published[keyword], changed[keyword]];
  if (isDeepStrictEqual(before, now)) return [];
  switch (keyword) {
    case 'items':
      if (!published.items || !changed.items) break;
      return breaches(published.items, changed.items, `${at}[]`);
    case 'anyOf': {
      const [from, to] = [published.anyOf ?? [], changed.anyOf ?? []];
      if (from.length !== to.length) break;
      return from.flatMap((each, index) => breaches(each, to[index] ?? {}, `${at}|${index}`));
    }
    case 'enum':
      if (!published.enum || !changed.enum) break;
      return [
        ...without(changed.enum, published.enum).map((value) => added(value)),
        ...without(published.enum, changed.enum).map((value) => removed(value)),
      ];
    case 'minLength':
    case 'minItems':
    case 'minimum':
      return [moved((changed[keyword] ?? -Infinity) < (published[keyword] ?? -Infinity) ? 'readers' : 'rebuilds')];
    case 'maxLength':
    case 'maxItems':
    case 'maximum':
      return [moved((changed[keyword] ?? Infinity) > (published[keyword] ?? Infinity) ? 'readers' : 'rebuilds')];
    default:
  }
  return [moved('readers and rebuilds')];

  function moved(harms: Harmed): Breach {
    return { at, change: `${keyword} ${JSON.stringify(before) ?? 'none'} → ${JSON.stringify(now) ?? 'none'}`, harms };
  }
  function added(value: unknown): Breach {
    return { at, change: `value ${JSON.stringify(value)} added`, harms: 'readers' };
  }
  function removed(value: unknown): Breach {
    return { at, change: `value ${JSON.stringify(value)} removed`, harms: 'rebuilds' };
  }
}

function without(values: readonly unknown[], others: readonly unknown[]): readonly unknown[] {
  return values.filter((value) => !others.some((other) => isDeepStrictEqual(other, value)));
}
