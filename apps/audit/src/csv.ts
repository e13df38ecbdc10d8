/**
 * Lines of CSV by RFC 4180. A cell that a spreadsheet would take for a formula begins with an apostrophe (OWASP, CSV
 * injection).
 */
export function csv(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [head, ...rows].map((row) => row.map(cell).join(','));
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
