/**
 * The official key of a region (AGS): `LL R KK GGG` for Land, Regierungsbezirk, Kreis, Gemeinde, always eight digits as
 * text. The key alone does not tell the levels: 11000000 (Berlin) is Land, Kreis and Gemeinde at once.
 */

export const regionLevels = ['land', 'regierungsbezirk', 'kreis', 'gemeinde'] as const;
export type RegionLevel = (typeof regionLevels)[number];

const KEY = /^(?:0[1-9]|1[0-6])\d{6}$/;
const DIGITS: Record<RegionLevel, number> = { land: 2, regierungsbezirk: 3, kreis: 5, gemeinde: 8 };
/** The Länder whose whole territory is one Gemeinde: Hamburg and Berlin. Bremen has two. */
const CITY_STATES: readonly string[] = ['02000000', '11000000'];

/** What is wrong with the text as a key, and what would be right; `undefined` when it is one. Never repeats the text. */
export function keyFault(text: string): string | undefined {
  if (KEY.test(text)) return undefined;
  if (!/^\d+$/.test(text)) return 'an AGS consists of eight digits, such as 09162000';
  switch (text.length) {
    case 5:
      return 'five digits look like a postcode, which names no region (or are a Kreis without its zeros); a region is named by its AGS of eight digits, such as 09162000';
    case 7:
      return KEY.test(`0${text}`)
        ? 'seven digits: the leading zero is missing, as spreadsheets drop it; an AGS is text of eight digits, such as 09162000'
        : wrongLength(7);
    case 8:
      return 'the first two digits of an AGS are those of a Land, 01 to 16';
    case 11:
    case 12:
      return `${text.length === 12 ? 'twelve digits are' : 'eleven digits look like'} an ARS${text.length === 12 ? '' : ' without its leading zero'}; the AGS leaves out its digits six to nine`;
    default:
      return wrongLength(text.length);
  }
}

function wrongLength(digits: number): string {
  return `${digits} digit${digits === 1 ? '' : 's'}; an AGS has eight, filled up with zeros on the right (Bavaria is 09000000)`;
}

/** The digits that every region within begins with; from the levels, never from the zeros. */
export function containmentPrefix(key: string, levels: readonly RegionLevel[]): string {
  return key.slice(0, Math.min(...levels.map((level) => DIGITS[level])));
}

/** The keys that can contain this one, nearest first. */
export function possibleParents(key: string): readonly string[] {
  const padded = [5, 3, 2].map((digits) => key.slice(0, digits).padEnd(8, '0'));
  return [...new Set(padded)].filter((parent) => parent !== key);
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
