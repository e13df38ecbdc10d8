/**
 * JSON in the one form that a value has: names of fields in their order, maps as objects, without what is `undefined`. Equal
 * values have equal texts, so that texts can be digested and compared.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (one === null || typeof one !== 'object' || Array.isArray(one)) return one;
    const entries: readonly (readonly [string, unknown])[] =
      one instanceof Map ? [...(one as ReadonlyMap<string, unknown>)] : Object.entries(one);
    return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
