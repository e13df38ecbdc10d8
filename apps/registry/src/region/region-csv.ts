import { parse } from 'csv-parse/sync';
import { isDay } from '../calendar';
import type { Region } from './region.events';
import type { LineFault, RegionList, RegionListContext } from './region-list';
import { keyFault, levelsOfListed, possibleParents } from './region-key';

const COLUMNS = ['ags', 'name', 'population'];
/** For what has a past: a region that came or ended on a known day, and the keys that its territory went to. */
const OPTIONAL_COLUMNS = ['valid_from', 'valid_to', 'successors'];

type Row = Readonly<Record<string, string | undefined>>;

/** Reads `ags,name,population[,valid_from,valid_to,successors]`; successors are keys with a space between. */
export function readRegionCsv(text: string, { asOf, knownKeys }: RegionListContext): RegionList {
  const faults: LineFault[] = [];
  const rows = readRows(text, faults);
  const seen = new Map<string, number>();
  for (const { row, line } of rows) {
    const key = row['ags'] ?? '';
    const reasons = faultsOf(row);
    const before = seen.get(key);
    if (before !== undefined) reasons.push(`the key stands in line ${before} already`);
    else seen.set(key, line);
    faults.push(...reasons.map((reason) => ({ line, reason })));
  }
  if (rows.length === 0 && faults.length === 0) faults.push({ line: 1, reason: 'the file has no rows' });
  if (faults.length > 0) return { faults: faults.sort((a, b) => a.line - b.line) };

  const levelsOf = levelsOfListed([...seen.keys()], knownKeys);
  const exists = (key: string) => seen.has(key) || knownKeys.has(key);
  const regions = rows.map(({ row }): Region => {
    const { ags: key = '', name = '', population, valid_from, valid_to, successors } = row;
    const parentKey = possibleParents(key).find(exists);
    return {
      key,
      name: name.normalize('NFC'),
      levels: [...levelsOf(key)],
      ...(parentKey !== undefined && { parentKey }),
      ...(population && { population: Number(population) }),
      validFrom: valid_from || asOf,
      ...(valid_to && { validTo: valid_to }),
      ...(successors && { successorKeys: successors.split(/\s+/) }),
    };
  });
  return { source: 'csv', regions };
}

function readRows(text: string, faults: LineFault[]): readonly { readonly row: Row; readonly line: number }[] {
  let header: readonly string[] = [];
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
  }) as unknown as readonly { readonly record: Row; readonly info: { readonly lines: number } }[];
  const missing = COLUMNS.filter((column) => !header.includes(column));
  const unknown = header.filter((column) => ![...COLUMNS, ...OPTIONAL_COLUMNS].includes(column));
  if (missing.length > 0 || unknown.length > 0 || new Set(header).size < header.length) {
    faults.length = 0;
    const expected = `${COLUMNS.join(',')}, and besides them ${OPTIONAL_COLUMNS.join(', ')} where wanted`;
    faults.push({ line: 1, reason: `the first line has to name the columns ${expected}` });
    return [];
  }
  return records.map(({ record, info }) => ({ row: record, line: info.lines }));
}

function faultsOf(row: Row): string[] {
  const { ags = '', name = '', population = '', valid_from, valid_to, successors } = row;
  const reasons: string[] = [];
  const ofKey = keyFault(ags);
  if (ofKey !== undefined) reasons.push(`ags: ${ofKey}`);
  if (name === '' || name.length > 120) reasons.push('name: 1 to 120 characters');
  if (!/^\d{0,9}$/.test(population)) reasons.push('population: a whole number, or nothing');
  if (valid_from && !isDay(valid_from)) reasons.push('valid_from: a day such as 2026-01-01');
  if (valid_to && (!isDay(valid_to) || valid_to < (valid_from ?? ''))) {
    reasons.push('valid_to: a day such as 2026-12-31, not before valid_from');
  }
  const successorKeys = successors ? successors.split(/\s+/) : [];
  if (successorKeys.length > 50 || successorKeys.some((key) => keyFault(key) !== undefined)) {
    reasons.push('successors: keys of eight digits with a space between');
  }
  return reasons;
}
