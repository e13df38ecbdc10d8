import type { Block } from './paper-blocks';

/** The paper as CommonMark with tables (GFM). Whatever would be markup, or HTML, in its texts is escaped. */
export function markdown(blocks: readonly Block[]): string {
  return blocks.map((block) => `${rendered(block)}\n`).join('\n');
}

function rendered(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${inLine(block.text)}`;
    case 'paragraph':
      // A line of its own for each: without the two spaces they would run together.
      return block.text
        .split(/\r\n|\r|\n/)
        .map(inLine)
        .join('  \n');
    case 'table':
      return [block.head, block.head.map(() => '---'), ...block.rows]
        .map((cells, index) => `| ${cells.map((cell) => (index === 1 ? cell : inLine(cell))).join(' | ')} |`)
        .join('\n');
  }
}

/** Escapes what means something to CommonMark, within a line or at its beginning, or to what makes links of addresses. */
function inLine(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\`*_{}[\]<>|&#~$@]/g, '\\$&')
    .replaceAll(/:(?=\/\/)/g, '\\:')
    .replaceAll(/(?<=www)\./gi, '\\.')
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d+)(?=[.)])/, '$1\\');
}
