import type { LineFault } from '../csv-table';
import type { Region, RegionSource } from './region.events';

/** The regions that a file lists. */
export interface ListedRegions {
  readonly source: RegionSource;
  readonly regions: readonly Region[];
  /** The day of the territory, of a file that is complete: what it leaves out did not exist on that day. */
  readonly statedOn?: string;
}

/** A file's regions, or everything that is wrong with it. */
export type RegionList = ListedRegions | { readonly faults: readonly LineFault[] };

/** What a reader of files must know besides the file. */
export interface RegionListContext {
  /** The day on which the regions exist, if the file does not say. */
  readonly asOf: string;
  /** The keys of the recorded regions that have not ended. */
  readonly knownKeys: ReadonlySet<string>;
}
