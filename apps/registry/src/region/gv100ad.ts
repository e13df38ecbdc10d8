import { isDay } from '@alliance/calendar';
import { regionKeyFault, regionLadder } from '@alliance/region-keys';
import type { Region } from './region.events';
import type { LineFault } from '../csv-table';
import type { RegionList, RegionListContext } from './region-list';
import { type RegionLevel, regionLevels } from '../region-levels';

/*
 * GV100AD of Destatis: one record a line, fixed width. Columns, counted from 1, that are read here:
 *
 *   1–2     kind of record (Satzart): 10 Land, 20 Regierungsbezirk, 30 Region (Baden-Württemberg only), 40 Kreis,
 *           50 Gemeindeverband, 60 Gemeinde
 *   3–10    day of the territory (Gebietsstand), JJJJMMTT
 *   11–18   AGS: 2 Land, 1 Regierungsbezirk, 2 Kreis, 3 Gemeinde; blank on the right of the record's own level
 *   19–22   Gemeindeverband (ARS only)
 *   23–72   name
 *   140–150 population, in records of Gemeinden
 *
 * Regions (30) and Gemeindeverbände (50) have no AGS and are passed over. A city that is Kreis and Gemeinde, or Land,
 * Kreis and Gemeinde, has a record for each, under one key: so the records give the set of its levels.
 */
const LEVEL_OF_RECORD: Readonly<Record<string, RegionLevel | 'none'>> = {
  '10': 'land',
  '20': 'regierungsbezirk',
  '30': 'none',
  '40': 'kreis',
  '50': 'none',
  '60': 'gemeinde',
};

interface GvRecord {
  readonly key: string;
  readonly level: RegionLevel;
  readonly name: string;
  readonly day: string;
  readonly population: number;
}

/** Reads the text of a GV100AD file; a text that does not begin with one of its records has a fault in each line. */
export function readGv100ad(text: string, { knownKeys }: RegionListContext): RegionList {
  const faults: LineFault[] = [];
  const records = new Map<string, GvRecord>();
  text.split(/\r?\n/).forEach((line, index) => {
    if (line.trim() === '') return;
    const record = readRecord(line);
    if (record === undefined) return;
    const id = typeof record === 'string' ? '' : `${record.level} ${record.key}`;
    if (typeof record === 'string') faults.push({ line: index + 1, reason: record });
    else if (records.has(id)) faults.push({ line: index + 1, reason: `the ${id} stands in the file twice` });
    else records.set(id, record);
  });
  if (faults.length > 0) return { faults };

  const byKey = new Map<string, GvRecord[]>();
  for (const record of records.values()) byKey.set(record.key, [...(byKey.get(record.key) ?? []), record]);
  const populations = sumUp([...records.values()].filter(({ level }) => level === 'gemeinde'));
  const regions = [...byKey.values()].map((same) =>
    regionOf(same, populations, (key) => byKey.has(key) || knownKeys.has(key)),
  );
  const statedOn = regions.reduce((latest, { validFrom }) => (validFrom > latest ? validFrom : latest), '');
  return { source: 'gv100ad', regions, statedOn };
}

/** The record; nothing for one that is passed over; a text that says what is wrong with the line. */
function readRecord(line: string): GvRecord | string | undefined {
  const columns = (from: number, to: number) => line.slice(from - 1, to).trim();
  const level = LEVEL_OF_RECORD[columns(1, 2)];
  if (level === undefined) return 'columns 1 to 2 are none of 10, 20, 30, 40, 50, 60';
  if (level === 'none') return undefined;
  const day = columns(3, 10).replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  if (!isDay(day)) return 'columns 3 to 10 are no day (JJJJMMTT)';
  const key = columns(11, 18).padEnd(8, '0');
  const fault = regionKeyFault(key);
  if (fault !== undefined) return `columns 11 to 18: ${fault}`;
  const name = columns(23, 72).normalize('NFC');
  if (name === '') return 'columns 23 to 72 have no name';
  const population = columns(140, 150);
  if (level === 'gemeinde' && !/^\d+$/.test(population)) return 'columns 140 to 150 have no population';
  return { key, level, name, day, population: Number(population) };
}

/** Only Gemeinden are counted in the file; every region above has the sum of its Gemeinden. */
function sumUp(gemeinden: readonly GvRecord[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { key, population } of gemeinden) {
    for (const region of regionLadder(key)) sums.set(region, (sums.get(region) ?? 0) + population);
  }
  return sums;
}

function regionOf(
  same: readonly GvRecord[],
  populations: ReadonlyMap<string, number>,
  exists: (key: string) => boolean,
): Region {
  const [first] = same;
  if (first === undefined) throw new Error('A key without a record.');
  const { key, name, day } = first;
  const parentKey = regionLadder(key).slice(1).find(exists);
  const population = populations.get(key);
  return {
    key,
    name,
    levels: regionLevels.filter((level) => same.some((record) => record.level === level)),
    ...(parentKey !== undefined && { parentKey }),
    ...(population !== undefined && { population }),
    validFrom: day,
  };
}
