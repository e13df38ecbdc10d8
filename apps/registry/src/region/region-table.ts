import { isDay } from '@alliance/calendar';
import { regionKeyFault, regionLadder } from '@alliance/region-keys';
import type { CsvRow, CsvTable } from '../csv-table';
import type { Region } from './region.events';
import type { RegionList, RegionListContext } from './region-list';
import { levelsOfListed } from '../region-levels';

export const regionColumns = ['ags', 'name', 'population'];
/** For what has a past: a region that came or ended on a known day, and the keys that its territory went to. */
export const optionalRegionColumns = ['valid_from', 'valid_to', 'successors'];

/**
 * Reads `ags,name,population[,valid_from,valid_to,successors]`; successors are keys with a space between. A row
 * with an end and no begin speaks of a region that is known since before.
 */
export function readRegionTable({ rows, faults: unreadable }: CsvTable, context: RegionListContext): RegionList {
  const faults = [...unreadable];
  const seen = new Map<string, number>();
  for (const { row, line } of rows) {
    const key = row['ags'] ?? '';
    const reasons = faultsOf(row);
    const before = seen.get(key);
    if (before === undefined) seen.set(key, line);
    else reasons.push(`the key stands in line ${before} already`);
    faults.push(...reasons.map((reason) => ({ line, reason })));
  }
  if (faults.length > 0) return { faults: faults.sort((a, b) => a.line - b.line) };

  const levelsOf = levelsOfListed([...seen.keys()], context.knownKeys);
  const exists = (key: string) => seen.has(key) || context.knownKeys.has(key);
  const regions = rows.map(({ row }): Region => {
    const { ags: key = '', name = '', population, valid_from, valid_to, successors } = row;
    const parentKey = regionLadder(key).slice(1).find(exists);
    return {
      key,
      name: name.normalize('NFC'),
      levels: [...levelsOf(key)],
      ...(parentKey !== undefined && { parentKey }),
      ...(population && { population: Number(population) }),
      validFrom: valid_from || (valid_to && valid_to < context.asOf ? valid_to : context.asOf),
      ...(valid_to && { validTo: valid_to }),
      ...(successors && { successorKeys: successors.split(/\s+/) }),
    };
  });
  return { source: 'csv', regions };
}

function faultsOf(row: CsvRow): string[] {
  const { ags = '', name = '', population = '', valid_from = '', valid_to, successors } = row;
  const reasons: string[] = [];
  const ofKey = regionKeyFault(ags);
  if (ofKey !== undefined) reasons.push(`ags: ${ofKey}`);
  if (name === '' || name.length > 120) reasons.push('name: 1 to 120 characters');
  if (!/^\d{0,9}$/.test(population)) reasons.push('population: a whole number, or nothing');
  if (valid_from && !isDay(valid_from)) reasons.push('valid_from: a day such as 2026-01-01');
  if (valid_to && (!isDay(valid_to) || valid_to < valid_from)) {
    reasons.push('valid_to: a day such as 2026-12-31, not before valid_from');
  }
  const successorKeys = successors ? successors.split(/\s+/) : [];
  if (successorKeys.length > 50) reasons.push('successors: 50 keys at most, with a space between');
  const ofSuccessors = new Set(successorKeys.map(regionKeyFault).filter((fault) => fault !== undefined));
  reasons.push(...[...ofSuccessors].map((fault) => `successors: ${fault}`));
  return reasons;
}
