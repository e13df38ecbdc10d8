import { csvLine } from '@alliance/csv';
import type { RegionLevel } from '../region-levels';

/** A row of who does what where, as it is given out. */
export interface Presence {
  readonly structureId: string;
  readonly structureName: string;
  readonly organisationId: string;
  readonly organisationName: string;
  readonly organisationKind: string;
  readonly fieldKey: string;
  readonly fieldNameDe?: string;
  readonly fieldNameEn?: string;
  readonly service: string;
  readonly targetGroups: readonly string[];
  readonly regionKey: string;
  readonly regionName?: string;
  readonly regionLevels: readonly RegionLevel[];
  readonly presentFrom: string;
  readonly presentUntil?: string;
  readonly status: string;
  readonly asOf: string;
}

/** Header, HXL tag (hxlstandard.org 1.1; adm1 is the Land, adm3 the Kreis, adm4 the Gemeinde) and cell of each column. */
const COLUMNS: readonly (readonly [string, string, (row: Presence) => string | undefined])[] = [
  ['organisation', '#org+name', (row) => row.organisationName],
  ['organisation_id', '#org+code', (row) => row.organisationId],
  ['organisation_kind', '#org+type', (row) => row.organisationKind],
  ['structure', '#activity+name', (row) => row.structureName],
  ['structure_id', '#activity+code', (row) => row.structureId],
  ['service', '#activity+type', (row) => row.service],
  ['target_groups', '#beneficiary+type', (row) => row.targetGroups.join(' ')],
  ['field', '#sector+code', (row) => row.fieldKey],
  ['field_de', '#sector+name+i_de', (row) => row.fieldNameDe],
  ['field_en', '#sector+name+i_en', (row) => row.fieldNameEn],
  ['land', '#adm1+code', (row) => `${row.regionKey.slice(0, 2)}000000`],
  ['kreis', '#adm3+code', kreisOf],
  ['gemeinde', '#adm4+code', (row) => (row.regionLevels.includes('gemeinde') ? row.regionKey : '')],
  ['region', '#loc+code', (row) => row.regionKey],
  ['region_name', '#loc+name', (row) => row.regionName],
  ['region_levels', '#loc+type', (row) => row.regionLevels.join(' ')],
  ['present_from', '#date+start', (row) => row.presentFrom],
  ['present_until', '#date+end', (row) => row.presentUntil],
  ['status', '#status', (row) => row.status],
  ['as_of', '#date+as_of', (row) => row.asOf],
];

function kreisOf({ regionKey, regionLevels }: Presence): string {
  if (regionLevels.includes('kreis')) return regionKey;
  return regionLevels.includes('gemeinde') ? `${regionKey.slice(0, 5)}000` : '';
}

/** The header and, between it and the data, the row of HXL tags. */
export const presenceCsvHead = [COLUMNS.map(([name]) => name), COLUMNS.map(([, tag]) => tag)].map(csvLine).join('');

export function presenceCsvLine(row: Presence): string {
  return csvLine(COLUMNS.map(([, , cellOf]) => cellOf(row) ?? ''));
}
