import type { Region, RegionSource } from './region.events';

/** What is wrong with a line of a file, counted from 1. */
export interface LineFault {
  readonly line: number;
  readonly reason: string;
}

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
