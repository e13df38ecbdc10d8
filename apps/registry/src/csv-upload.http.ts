import { parse } from 'csv-parse/sync';
import type { CsvRow, CsvTable, LineFault } from './csv-table';

/** Takes a file as text: UTF-8, or ISO-8859-1 where it is not that. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

/**
 * Reads a CSV file whose first line names its columns, in any order: all of `columns`, any of `optionalColumns`, no
 * others. Never throws: what cannot be read is a fault with its line.
 */
export function readCsv(text: string, columns: readonly string[], optionalColumns: readonly string[]): CsvTable {
  let header: readonly string[] = [];
  const faults: LineFault[] = [];
  const records = parse(text, {
    bom: true,
    trim: true,
    info: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: 10_000,
    columns: (names: string[]) => {
      header = names.map((name) => name.toLowerCase());
      return [...header];
    },
    on_skip: (error) => {
      faults.push({ line: Number(error?.['lines'] ?? 1), reason: 'the line cannot be read as CSV with these columns' });
      return undefined;
    },
  }) as unknown as readonly { readonly record: CsvRow; readonly info: { readonly lines: number } }[];

  const isComplete = columns.every((column) => header.includes(column));
  const hasUnknown = header.some((column) => !columns.includes(column) && !optionalColumns.includes(column));
  if (!isComplete || hasUnknown || new Set(header).size < header.length) {
    const more = optionalColumns.length > 0 ? `, and besides them ${optionalColumns.join(', ')} where wanted` : '';
    return { rows: [], faults: [{ line: 1, reason: `the first line names the columns ${columns.join(',')}${more}` }] };
  }
  const rows = records.map(({ record, info }) => ({
    line: info.lines,
    row: withAll(columns, optionalColumns, record),
  }));
  if (rows.length === 0 && faults.length === 0) faults.push({ line: 1, reason: 'the file has no rows' });
  return { rows, faults };
}

function withAll(columns: readonly string[], optionalColumns: readonly string[], record: CsvRow): CsvRow {
  return Object.fromEntries([...columns, ...optionalColumns].map((column) => [column, record[column] ?? '']));
}
