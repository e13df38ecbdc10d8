import type { LineFault } from '../csv-table';
import type { Region, RegionSource } from './region.events';

/** A file's regions, or everything that is wrong with it. */
export type RegionList =
  { readonly source: RegionSource; readonly regions: readonly Region[] } | { readonly faults: readonly LineFault[] };

/** What a reader of files must know besides the file. */
export interface RegionListContext {
  /** The day on which the regions exist, if the file does not say. */
  readonly asOf: string;
  /** The keys of the regions recorded so far. */
  readonly knownKeys: ReadonlySet<string>;
}
