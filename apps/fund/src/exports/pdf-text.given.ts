import { inflateSync } from 'node:zlib';

/** The text that a PDF shows, by the tables in it that lead from its glyphs back to characters. Throws where one is missing. */
export function textOf(pdf: Buffer): string {
  const objects = new Map(
    [...pdf.toString('latin1').matchAll(/(\d+) 0 obj\n([^]*?)\nendobj/g)].map(([, id, body]) => [id, body ?? '']),
  );
  const streamOf = (body: string): string => {
    const [, bytes] = /stream\n([^]*)\nendstream/.exec(body) ?? [];
    return inflateSync(Buffer.from(bytes ?? '', 'latin1')).toString('latin1');
  };
  const objectOf = (body: string, name: string) => {
    const [, id] = new RegExp(`/${name} (\\d+) 0 R`).exec(body) ?? [];
    const found = objects.get(id ?? '');
    if (found === undefined) throw new Error(`${name} leads nowhere.`);
    return found;
  };
  const pages = [...objects.values()].filter((body) => /\/Type \/Page\n/.test(body));
  return pages
    .map((page) => {
      const resources = objectOf(page, 'Resources');
      const [, names] = /\/Font <<([^]*?)>>/.exec(resources) ?? [];
      const fonts = [...(names ?? '').matchAll(/\/(F\d+) \d+ 0 R/g)].map(([, font]) => font ?? '');
      const unicode = new Map(
        fonts.map((font) => [font, charactersOf(streamOf(objectOf(objectOf(names ?? '', font), 'ToUnicode')))]),
      );
      return shownBy(streamOf(objectOf(page, 'Contents')), unicode);
    })
    .join('\n');
}

function shownBy(content: string, unicode: ReadonlyMap<string, readonly string[]>): string {
  let font: readonly string[] = [];
  let text = '';
  for (const [, name, glyphs] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (name !== undefined) font = unicode.get(name) ?? [];
    for (const [, hex] of (glyphs ?? '').matchAll(/<([0-9a-f]+)>/g)) {
      for (const code of hex?.match(/.{4}/g) ?? []) {
        const character = font[Number.parseInt(code, 16)];
        if (character === undefined || character === '\0') throw new Error(`Glyph ${code} stands for no character.`);
        text += character;
      }
    }
  }
  return text;
}

function charactersOf(map: string): readonly string[] {
  const characters: string[] = [];
  for (const [, first, list] of map.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/g)) {
    [...(list ?? '').matchAll(/<([0-9a-f ]+)>/g)].forEach(([, hex], index) => {
      const units = (hex ?? '').replaceAll(' ', '').match(/.{4}/g) ?? [];
      const at = Number.parseInt(first ?? '', 16) + index;
      characters[at] = String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16)));
    });
  }
  return characters;
}
