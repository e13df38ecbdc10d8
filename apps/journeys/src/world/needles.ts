import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where one of the needles was found, and written how. */
export interface Find {
  readonly needle: string;
  readonly spelling: string;
  readonly place: string;
}

/**
 * Looks for texts in bytes, in every way that a program is likely to have written them: as they are, in other cases and
 * transliterated, decomposed, in other character sets, escaped for JSON or for a URL, in Base64 wherever they begin in
 * it, in hexadecimal digits.
 */
export class Needles {
  private readonly patterns: readonly { readonly needle: string; readonly spelling: string; readonly bytes: Buffer }[];

  constructor(needles: readonly string[]) {
    const seen = new Set<string>();
    this.patterns = needles.flatMap((needle) =>
      variantsOf(needle).flatMap((variant) =>
        spellingsOf(variant)
          .filter(({ bytes }) => !seen.has(bytes.toString('hex')) && seen.add(bytes.toString('hex')))
          .map(({ spelling, bytes }) => ({ needle, spelling, bytes })),
      ),
    );
  }

  in(content: Buffer | string, place: string): Find[] {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    return this.patterns.flatMap(({ needle, spelling, bytes: pattern }) =>
      bytes.includes(pattern) ? [{ needle, spelling, place }] : [],
    );
  }

  /** In every file of the folder and of those in it. */
  async inFolder(folder: string): Promise<Find[]> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const finds: Find[] = [];
    for (const entry of entries.filter((one) => one.isFile())) {
      const path = join(entry.parentPath, entry.name);
      const content = await readFile(path);
      // Kafka reserves its indexes in advance: megabytes in which nothing stands.
      if (!content.equals(Buffer.alloc(content.length))) finds.push(...this.in(content, path));
    }
    return finds;
  }
}

/** The text as a person writes it, and as programs bring it into one spelling. */
function variantsOf(text: string): readonly string[] {
  const lower = text.toLowerCase();
  const transliterated = lower.replaceAll('ä', 'ae').replaceAll('ö', 'oe').replaceAll('ü', 'ue').replaceAll('ß', 'ss');
  const withoutMarks = lower.normalize('NFD').replace(/\p{M}/gu, '');
  return [text, lower, text.toUpperCase(), transliterated, withoutMarks];
}

function spellingsOf(text: string): readonly { readonly spelling: string; readonly bytes: Buffer }[] {
  const utf8 = Buffer.from(text);
  const utf16 = Buffer.from(text, 'utf16le');
  const escaped = text.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const percent = encodeURIComponent(text);
  const lowerPercent = percent.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  return [
    { spelling: 'UTF-8', bytes: utf8 },
    { spelling: 'UTF-8, decomposed', bytes: Buffer.from(text.normalize('NFD')) },
    { spelling: 'Latin-1', bytes: Buffer.from(text, 'latin1') },
    { spelling: 'UTF-16LE', bytes: utf16 },
    { spelling: 'UTF-16BE', bytes: Buffer.from(utf16).swap16() },
    { spelling: 'JSON, escaped', bytes: Buffer.from(escaped) },
    {
      spelling: 'JSON, escaped in capitals',
      bytes: Buffer.from(escaped.replace(/\\u[0-9a-f]{4}/g, (code) => `\\u${code.slice(2).toUpperCase()}`)),
    },
    { spelling: 'URL', bytes: Buffer.from(percent) },
    { spelling: 'URL, in small letters', bytes: Buffer.from(lowerPercent) },
    { spelling: 'form', bytes: Buffer.from(new URLSearchParams({ '': text }).toString().slice(1)) },
    { spelling: 'hexadecimal', bytes: Buffer.from(utf8.toString('hex')) },
    ...[utf8, Buffer.from(escaped)].flatMap((bytes) =>
      base64Within(bytes).flatMap((base64) => [
        { spelling: 'Base64', bytes: Buffer.from(base64) },
        { spelling: 'Base64 for URLs', bytes: Buffer.from(base64.replaceAll('+', '-').replaceAll('/', '_')) },
      ]),
    ),
  ];
}

/** The digits that these bytes alone decide, for each of the three places in a group where they may begin. */
function base64Within(bytes: Buffer): readonly string[] {
  return [0, 1, 2].map((before) => {
    const digits = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const wholeAtTheEnd = (before + bytes.length) % 3 === 0;
    return digits.slice([0, 2, 3][before], wholeAtTheEnd ? undefined : -1);
  });
}
