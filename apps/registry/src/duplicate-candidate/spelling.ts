/**
 * One spelling for the many in which a name is written, for comparing and for nothing else: without case and marks,
 * umlauts as their bare vowel (ä, ae, a), ß as ss, Cyrillic in Latin letters, and the sounds that the systems of
 * transliteration write differently in one letter each, whoever wrote them: Ukrainian passport and BGN/PCGN
 * (Zhytomyr), German (Schytomyr), scientific (Žytomyr).
 */

/** As German writes it where the systems differ; what is left open by that is folded afterwards. */
const CYRILLIC: Readonly<Record<string, string>> = {
  ...{ а: 'a', б: 'b', в: 'w', г: 'h', ґ: 'g', д: 'd', е: 'e', є: 'je', ё: 'jo', ж: 'sh', з: 's', и: 'i', і: 'i' },
  ...{ ї: 'i', й: 'i', к: 'k', л: 'l', м: 'm', н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f' },
  ...{ х: 'ch', ц: 'ts', ч: 'tsch', ш: 'sch', щ: 'schtsch', ъ: '', ы: 'y', ь: '', э: 'e', ю: 'ju', я: 'ja' },
};

/** One letter for what sounds alike, or what one letter of Cyrillic becomes: г is h in Ukrainian and g in Russian. */
const LATIN: readonly (readonly [RegExp, string])[] = [
  [/schtsch|shch|shh/g, 's'],
  [/tsch|tch/g, 'ch'],
  [/sch|zh/g, 's'],
  [/[ckg]h/g, 'h'],
  [/g/g, 'h'],
  [/tz|ts|z/g, 's'],
  [/ck|q/g, 'k'],
  [/c(?=[eiyjs])/g, 's'],
  [/c/g, 'k'],
  [/ph/g, 'f'],
  [/th|dt/g, 't'],
  [/v/g, 'w'],
  [/x/g, 'ks'],
  [/[jy]/g, 'i'],
  [/([aou])e/g, '$1'],
  [/sh/g, 's'],
  [/([a-z])\1+/g, '$1'],
];

/** Lower case in Latin letters, for reading word by word; marks are kept where they tell letters apart (š, ä). */
function latinise(text: string): string {
  const lower = text.normalize('NFKC').toLowerCase();
  if (!/\p{Script=Cyrillic}/u.test(lower)) return lower;
  return [...lower].map((letter) => CYRILLIC[letter] ?? letter).join('');
}

/** Lower case, umlauts written out, no other marks: the spelling in which words are looked up in lists. */
export function plain(text: string): string {
  return latinise(text)
    .normalize('NFC')
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .replaceAll('ß', 'ss')
    .replaceAll('š', 'sh')
    .replaceAll('č', 'ch')
    .replaceAll('ž', 'zh')
    .replaceAll('ł', 'l')
    .replaceAll('ë', 'jo')
    .normalize('NFD')
    .replace(/\p{Mark}|['’ʼʹ`´"]/gu, '');
}

/** Words recur: the names of 20,000 organisations have some thousands. */
const folded = new Map<string, string>();
const MOST_REMEMBERED = 20_000;

/** The spelling in which two words are the same when they sound the same; idempotent. */
export function fold(text: string): string {
  const known = folded.get(text);
  if (known !== undefined) return known;
  let result = plain(text);
  for (let before = ''; before !== result;) {
    before = result;
    for (const [pattern, letter] of LATIN) result = result.replace(pattern, letter);
  }
  if (folded.size >= MOST_REMEMBERED) folded.clear();
  folded.set(text, result);
  return result;
}

/** Endings of inflection and of what is derived from places: Hilfen, Kölner, ukrainische. */
const ENDINGS = /(?:er|en|em|es|is|e|n|s)$/;
const SHORTEST_STEM = 3;

/** The folded word without its endings, after the manner of CISTEM (Weissweiler and Fraser 2017). Idempotent. */
export function stem(word: string): string {
  let stemmed = word;
  for (;;) {
    const shorter = stemmed.replace(ENDINGS, '');
    if (shorter === stemmed || shorter.length < SHORTEST_STEM) return stemmed;
    stemmed = shorter;
  }
}

/** Edits (of one letter, or two swapped) that a word of this length may differ by and still be the same word misspelt. */
function forgivenEdits(length: number): number {
  return length < 4 ? 0 : length < 7 ? 1 : 2;
}

const SHORTEST_WITH_SPARE = 5;

/**
 * How many edits make one of the words the other (optimal string alignment), if they are few enough to be a slip;
 * `undefined` for different words. Words with digits are the same only when they are equal. `spare` edits more are
 * forgiven in words that are not short.
 */
export function editsBetween(a: string, b: string, spare = 0): number | undefined {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  const most = forgivenEdits(shorter) + (shorter < SHORTEST_WITH_SPARE ? 0 : spare);
  if (most === 0 || Math.abs(a.length - b.length) > most || /\d/.test(a + b)) return undefined;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let edits = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        edits = Math.min(edits, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(edits);
    }
    if (Math.min(...row) > most) return undefined;
    beforeLast = last;
    last = row;
  }
  const edits = last[b.length] ?? Infinity;
  return edits <= most ? edits : undefined;
}
