/** Cyrillic as different people write it in Latin letters. */
type System = Readonly<Record<string, string>>;

const SHARED: System = {
  ...{ а: 'a', б: 'b', ґ: 'g', д: 'd', е: 'e', к: 'k', л: 'l', м: 'm', н: 'n', о: 'o', п: 'p', р: 'r', т: 't', у: 'u' },
  ...{ ф: 'f', і: 'i', ь: '', ъ: '', э: 'e', ё: 'yo', ы: 'y' },
};

/** Resolution 55 of the Ukrainian cabinet (2010), as in passports. */
const passport: System = {
  ...SHARED,
  ...{ в: 'v', г: 'h', є: 'ie', ж: 'zh', з: 'z', и: 'y', ї: 'i', й: 'i', с: 's', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh' },
  ...{ щ: 'shch', ю: 'iu', я: 'ia' },
};
/** As German newspapers write it. */
const german: System = {
  ...SHARED,
  ...{
    в: 'w',
    г: 'h',
    є: 'je',
    ж: 'sch',
    з: 's',
    и: 'y',
    ї: 'ji',
    й: 'j',
    с: 's',
    х: 'ch',
    ц: 'z',
    ч: 'tsch',
    ш: 'sch',
  },
  ...{ щ: 'schtsch', ю: 'ju', я: 'ja', ё: 'jo' },
};
/** As libraries write it (ISO/R 9, DIN 1460). */
const scientific: System = {
  ...SHARED,
  ...{ в: 'v', г: 'h', є: 'je', ж: 'ž', з: 'z', и: 'y', ї: 'ji', й: 'j', с: 's', х: 'ch', ц: 'c', ч: 'č', ш: 'š' },
  ...{ щ: 'šč', ю: 'ju', я: 'ja', ё: 'ë' },
};
/** BGN/PCGN, as English atlases write it. */
const english: System = {
  ...SHARED,
  ...{ в: 'v', г: 'h', є: 'ye', ж: 'zh', з: 'z', и: 'y', ї: 'yi', й: 'y', с: 's', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh' },
  ...{ щ: 'shch', ю: 'yu', я: 'ya' },
};
export const systems = [passport, german, scientific, english] as const;

export function inLatin(cyrillic: string, system: System): string {
  const isRussian = /[ыэёъ]/i.test(cyrillic) || !/[іїєґ]/i.test(cyrillic);
  return [...cyrillic]
    .map((letter) => {
      const lower = letter.toLowerCase();
      const latin = isRussian && lower === 'г' ? 'g' : isRussian && lower === 'и' ? 'i' : (system[lower] ?? letter);
      return letter === lower ? latin : latin.charAt(0).toUpperCase() + latin.slice(1);
    })
    .join('');
}
