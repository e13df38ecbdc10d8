/**
 * JSON in the one form that a value has: names of fields in their order, maps as objects, without what is `undefined`. Equal
 * values have equal texts, so that texts can be digested and compared.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(inOrder(value));
}

function inOrder(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const known = value instanceof Map ? (value as ReadonlyMap<string, unknown>) : new Map(Object.entries(value));
  return Object.fromEntries([...known.keys()].sort().map((name) => [name, inOrder(known.get(name))]));
}
