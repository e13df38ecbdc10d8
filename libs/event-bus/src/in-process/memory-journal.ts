import type { Journal } from './journal-records';

/** A journal that forgets, for tests. */
export class MemoryJournal implements Journal {
  private readonly records: Buffer[] = [];

  async appendAll(records: readonly Buffer[]): Promise<readonly number[]> {
    return records.map((record) => this.records.push(record) - 1);
  }

  async read(place: number): Promise<Buffer> {
    const record = this.records[place];
    if (record === undefined) throw new RangeError(`There is no record at ${place}.`);
    return record;
  }

  async close(): Promise<void> {
    this.records.length = 0;
  }
}
