import { excludeOneAnother, keyOf, type NameWord } from './name-words';
import { editsBetween } from './spelling';

/** What one name has in common with the other, as each of them writes it. */
export interface SharedWords {
  readonly a: string;
  readonly b: string;
}

export interface NameComparison {
  /** Bits of evidence, for one and the same or against it. */
  readonly weight: number;
  readonly shared: readonly SharedWords[];
  /** Words, as they are written, that only one of the names has. */
  readonly only: readonly string[];
}

/** What is known of words in names. */
export interface WordStatistics {
  /** How rare the word is, in bits. */
  rarity(key: string): number;
  /** How many names have it. */
  count(key: string): number;
}

/** What a word is worth that is misspelt in one of the names: a part of its rarity, less a bit for each edit. */
const MISSPELT = 0.85;
const EDIT_BITS = 1;
/** A word that one name lacks speaks against them by a part of its rarity, and more where that name has another instead. */
const MISSING = 0.3;
const CONTRADICTED = 1.2;
const MOST_AGAINST = -25;
const SHORTEST_INITIALS = 2;
const MOST_WITH_ONE_SLIP = 3;
/** A word that nobody else has is the likelier misspelt: as many slips more are forgiven it, each at twice the price. */
const SPARE_EDITS = 1;
const EXCLUDED = 10;
/** Words of a name go together ("Haus der Begegnung"), so each says less than it would alone: the second, the third … */
const BESIDE_OTHERS = 0.75;

type Words = readonly NameWord[];
/** Words that are perhaps the same; the longer side may have lost some of its words to better pairs already. */
interface Pairing {
  readonly a: Words;
  readonly b: Words;
  readonly worth: number;
}

/** Compares names word by word, in whatever order the words stand: equal ones first, then joined, misspelt, initials. */
export function compareNames(a: Words, b: Words, statistics: WordStatistics): NameComparison {
  const bits = (words: Words) => words.reduce((sum, { key }) => sum + statistics.rarity(key), 0);
  const free = new Set([...a, ...b]);
  const left = (words: Words) => words.filter((word) => free.has(word));
  const shared: SharedWords[] = [];
  const worths: number[] = [];
  const accept = (pairing: Pairing) => {
    for (const word of [...pairing.a, ...pairing.b]) free.delete(word);
    shared.push({ a: textOf(pairing.a), b: textOf(pairing.b) });
    worths.push(pairing.worth);
  };
  const acceptWhole = (pairings: readonly Pairing[]) => {
    for (const pairing of pairings) if ([...pairing.a, ...pairing.b].every((word) => free.has(word))) accept(pairing);
  };

  acceptWhole(pairs(a, b, ({ key }, other) => (key === other.key ? 0 : undefined), bits));
  acceptWhole(
    joined(left(a), left(b)).map(([two, one]) => ({ a: two, b: [one], worth: Math.min(bits(two), bits([one])) })),
  );
  acceptWhole(
    joined(left(b), left(a)).map(([two, one]) => ({ a: [one], b: two, worth: Math.min(bits(two), bits([one])) })),
  );
  acceptWhole(pairs(left(a), left(b), (one, other) => slips(one, other, statistics), bits));
  // Its initials beside a name, "Haus der Kulturen (HDK)", add nothing, but they are not missing from the other name.
  const worth = (word: NameWord, run: Words) =>
    left(run).length < run.length ? 0 : MISSPELT * Math.min(bits([word]), bits(run));
  for (const [word, run] of initials(left(a), b)) accept({ a: [word], b: left(run), worth: worth(word, run) });
  for (const [word, run] of initials(left(b), a)) accept({ a: left(run), b: [word], worth: worth(word, run) });

  const [onlyA, onlyB] = [bits(left(a)), bits(left(b))];
  const against =
    MISSING * (onlyA + onlyB) +
    CONTRADICTED * Math.min(onlyA, onlyB) +
    (excludeOneAnother(left(a), left(b)) ? EXCLUDED : 0);
  const only = [...left(a), ...left(b)].map(({ text }) => text);
  const weight = worths.sort((x, y) => y - x).reduce((sum, worth, index) => sum + worth * BESIDE_OTHERS ** index, 0);
  return { weight: Math.max(MOST_AGAINST, weight - against), shared, only };
}

/** Pairs of single words with their edits, those with the fewest first. */
function pairs(
  a: Words,
  b: Words,
  editsOf: (one: NameWord, other: NameWord) => number | undefined,
  bits: (words: Words) => number,
): readonly Pairing[] {
  return a
    .flatMap((one) => b.map((other) => ({ one, other, edits: editsOf(one, other) ?? Infinity })))
    .filter(({ edits }) => edits < Infinity)
    .sort((x, y) => x.edits - y.edits)
    .map(({ one, other, edits }) => {
      const least = Math.min(bits([one]), bits([other]));
      return { a: [one], b: [other], worth: edits === 0 ? least : Math.max(0, MISSPELT * least - EDIT_BITS * edits) };
    });
}

/** How many slips make one word the other, as written or as it sounds; two words that many names have are two words. */
function slips(one: NameWord, other: NameWord, { count }: WordStatistics): number | undefined {
  const namesWithIt = Math.min(count(one.key), count(other.key));
  if (namesWithIt > MOST_WITH_ONE_SLIP) return undefined;
  const fewest = (spare: number) =>
    Math.min(
      editsBetween(one.text, other.text, spare) ?? Infinity,
      editsBetween(one.key, other.key, spare) ?? Infinity,
    );
  const edits = fewest(0);
  if (edits < Infinity || namesWithIt > 1) return edits;
  return fewest(SPARE_EDITS) + SPARE_EDITS;
}

/** Two words of one name that are one word of the other: "Flüchtlings-Hilfe" and "Flüchtlingshilfe". */
function joined(some: Words, others: Words): readonly (readonly [Words, NameWord])[] {
  return some.slice(1).flatMap((second, index) => {
    const first = some[index];
    const text = first && first.text + second.text;
    const whole =
      text && others.find((other) => other.key === keyOf(text) || editsBetween(other.text, text) !== undefined);
    return first && whole ? [[[first, second], whole] as const] : [];
  });
}

/** Words of one name that are the initials of words in a row of the other. */
function initials(words: Words, others: Words): readonly (readonly [NameWord, Words])[] {
  const letters = others.map(({ text }) => text[0] ?? '').join('');
  return words.flatMap((word) => {
    const { length } = word.text;
    const at = length < SHORTEST_INITIALS ? -1 : letters.indexOf(word.text);
    return at < 0 ? [] : [[word, others.slice(at, at + length)] as const];
  });
}

function textOf(words: Words): string {
  return words.map(({ text }) => text).join(' ');
}
