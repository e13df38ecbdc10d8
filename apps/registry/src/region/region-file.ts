import { readGv100ad } from './gv100ad';
import { readRegionCsv } from './region-csv';
import type { RegionList, RegionListContext } from './region-list';

/**
 * Reads the official GV100AD or a CSV (`ags,name,population`), in UTF-8 or ISO-8859-1, whichever it is. All or nothing:
 * with one bad line there are no regions but the list of all bad lines.
 */
export function readRegionFile(bytes: Uint8Array, context: RegionListContext): RegionList {
  const text = decode(bytes);
  return /^(?:10|20|30|40|50|60)\d{8}/.test(text) ? readGv100ad(text, context) : readRegionCsv(text, context);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}
