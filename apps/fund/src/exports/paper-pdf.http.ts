import path from 'node:path';
import pdfmake from 'pdfmake';
import type { Block } from './paper-blocks';

// Roboto comes with the library; it has the letters of German and Ukrainian.
const fontFolder = path.join(path.dirname(require.resolve('pdfmake/package.json')), 'fonts', 'Roboto');
const fontFile = (style: string) => path.join(fontFolder, `Roboto-${style}.ttf`);
pdfmake.setFonts({
  Roboto: {
    normal: fontFile('Regular'),
    bold: fontFile('Medium'),
    italics: fontFile('Italic'),
    bolditalics: fontFile('MediumItalic'),
  },
});
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((file) => path.dirname(file) === fontFolder);

/**
 * The paper as PDF, of the same bytes whenever it is asked for: it bears the time of what it tells, not of its making.
 * What the font lacks is shown by its number (`[U+6587]`), for a gap would not be seen.
 */
export function paperPdf(blocks: readonly Block[], asOf: Date): Promise<Buffer> {
  const title = blocks.find(({ kind }) => kind === 'heading');
  return pdfmake
    .createPdf({
      info: { title: title?.kind === 'heading' ? title.text : '', creationDate: asOf },
      content: blocks.map(contentOf),
      defaultStyle: { font: 'Roboto', fontSize: 9 },
      footer: (page, of) => ({ text: `${page} / ${of}`, alignment: 'center', fontSize: 8 }),
    })
    .getBuffer();
}

function contentOf(block: Block): pdfmake.Content {
  switch (block.kind) {
    case 'heading':
      return { ...textOf(block.text), bold: true, fontSize: block.level === 1 ? 16 : 12, margin: [0, 10, 0, 4] };
    case 'paragraph':
      return { ...textOf(block.text), margin: [0, 0, 0, 6] };
    case 'table': {
      const head = block.head.map((text) => ({ ...textOf(text), bold: true }));
      const body = [head, ...block.rows.map((cells) => cells.map(textOf))];
      const widths = block.head.map(() => 'auto' as const);
      return { table: { headerRows: 1, widths, body }, layout: 'lightHorizontalLines', margin: [0, 0, 0, 6] };
    }
  }
}

/** A word that no column has room for goes on in the next line, for it would run off the page. */
function textOf(text: string): { readonly text: string; readonly wordBreak?: 'break-all' } {
  const plain = shown(text);
  return { text: plain, ...(/\S{25}/.test(plain) && { wordBreak: 'break-all' as const }) };
}

function shown(text: string): string {
  return text.replaceAll(/[^\n -~\u00a0-\u017f\u0400-\u045f\u0490\u0491–—‘’‚“”„•…€№≤≥]/gu, (character) => {
    if (/\s/u.test(character)) return ' ';
    return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
  });
}
