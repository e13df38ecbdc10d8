/**
 * A line of a CSV file by RFC 4180. A spreadsheet would take a cell that begins with = + - @ TAB or CR for a formula
 * and run it: behind an apostrophe it is text.
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(harmless).map(quoted).join(',')}\r\n`;
}

function harmless(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
