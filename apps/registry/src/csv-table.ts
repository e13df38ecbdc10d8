/** What is wrong with a line of a file, counted from 1. */
export interface LineFault {
  readonly line: number;
  readonly reason: string;
}

/** A row by its column names; an absent column or an empty cell is `''`. */
export type CsvRow = Readonly<Record<string, string>>;

/** The rows that could be read and the lines that could not. */
export interface CsvTable {
  readonly rows: readonly { readonly line: number; readonly row: CsvRow }[];
  readonly faults: readonly LineFault[];
}
