/** The levels of the administration. A key (AGS) alone does not tell them: 11000000 (Berlin) is three at once. */

export const regionLevels = ['land', 'regierungsbezirk', 'kreis', 'gemeinde'] as const;
export type RegionLevel = (typeof regionLevels)[number];

const DIGITS: Record<RegionLevel, number> = { land: 2, regierungsbezirk: 3, kreis: 5, gemeinde: 8 };
/** The Länder whose whole territory is one Gemeinde: Hamburg and Berlin. Bremen has two. */
const CITY_STATES: readonly string[] = ['02000000', '11000000'];

/** The digits that every region within begins with; from the levels, never from the zeros. */
export function containmentPrefix(key: string, levels: readonly RegionLevel[]): string {
  return key.slice(0, Math.min(...levels.map((level) => DIGITS[level])));
}

/**
 * The levels of each key of a list that has no levels of its own: a Kreis without any Gemeinde beneath it, in the list
 * or among what is known already, is a city that is both (kreisfreie Stadt).
 */
export function levelsOfListed(
  keys: readonly string[],
  known: Iterable<string>,
): (key: string) => readonly RegionLevel[] {
  const withGemeinden = new Set<string>();
  for (const key of [...keys, ...known]) if (!key.endsWith('000')) withGemeinden.add(key.slice(0, 5));
  return (key) => {
    if (!key.endsWith('000')) return ['gemeinde'];
    if (key.endsWith('000000')) return CITY_STATES.includes(key) ? ['land', 'kreis', 'gemeinde'] : ['land'];
    if (key.endsWith('00000')) return ['regierungsbezirk'];
    return withGemeinden.has(key.slice(0, 5)) ? ['kreis'] : ['kreis', 'gemeinde'];
  };
}
