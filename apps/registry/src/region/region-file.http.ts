import { decodeText, readCsv } from '../csv-upload.http';
import { readGv100ad } from './gv100ad';
import type { RegionList, RegionListContext } from './region-list';
import { regionColumns, optionalRegionColumns, readRegionTable } from './region-table';

/**
 * Reads the official GV100AD or a CSV (`ags,name,population`), in UTF-8 or ISO-8859-1, whichever it is. All or nothing:
 * with one bad line there are no regions but the list of all bad lines.
 */
export function readRegionFile(bytes: Uint8Array, context: RegionListContext): RegionList {
  const text = decodeText(bytes);
  if (/^(?:10|20|30|40|50|60)\d{8}/.test(text)) return readGv100ad(text, context);
  return readRegionTable(readCsv(text, regionColumns, optionalRegionColumns), context);
}
