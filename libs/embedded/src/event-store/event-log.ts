import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeEventAt, forEachEvent } from './event-codec';
import { LogIndex } from './log-index';
import { RecordFile } from './record-file';
import { RECORD_HEADER_BYTES } from './record-format';

/** An event as it was read: its place in the log and its bytes as they were stored. */
export interface StoredEvent {
  readonly position: number;
  readonly stored: Buffer;
}

/** Events that lie this close together are read at once; what lies between them is thrown away. */
const MAX_GAP_BYTES = 16 * 1024;
const PAGE_BYTES = 1024 * 1024;

/** The one file of events with its index. What can be read is durable. */
export class EventLog {
  private readonly followers = new Set<() => void>();

  private constructor(
    private readonly file: RecordFile,
    readonly index: LogIndex,
  ) {}

  /** @throws FileLockedError, RecordFileDamagedError, NotARecordFileError */
  static async open(dataDir: string, warn: (message: string) => void): Promise<EventLog> {
    await mkdir(dataDir, { recursive: true });
    const index = new LogIndex();
    const onRecord = (offset: number, payload: Buffer): void => void addTransaction(index, offset, payload);
    return new EventLog(await RecordFile.open(join(dataDir, 'events.log'), { onRecord, warn }), index);
  }

  /**
   * Writes events that belong together. When it resolves, with their positions, they are durable and can be read.
   * @throws RecordFileWriteError
   */
  async append(transaction: Buffer): Promise<number[]> {
    const offset = await this.file.append(transaction);
    const positions = addTransaction(this.index, offset, transaction);
    for (const wake of this.followers) wake();
    return positions;
  }

  /**
   * Reads events by their sequence numbers, in the order given, from `from` on: as many as fit in a page (at least one).
   */
  async readPage(sequences: ArrayLike<number>, from: number): Promise<StoredEvent[]> {
    const positions: number[] = [];
    let [start, end] = [Infinity, 0];
    for (let i = from; i < sequences.length; i++) {
      const sequence = sequences[i] as number;
      const position = this.index.position(sequence);
      const limit = this.positionAfter(sequence);
      if (i > from) {
        const gap = position < start ? start - limit : position - end;
        if (gap > MAX_GAP_BYTES || Math.max(end, limit) - Math.min(start, position) > PAGE_BYTES) break;
      }
      start = Math.min(start, position);
      end = Math.max(end, limit);
      positions.push(position);
    }
    if (positions.length === 0) return [];
    const bytes = await this.file.readRange(start, end - start);
    return positions.map((position) => ({ position, stored: decodeEventAt(bytes, position - start) }));
  }

  /** Resolves when the log has more than `count` events, or when the signal aborts. */
  async waitForMore(count: number, signal: AbortSignal): Promise<void> {
    while (this.index.count <= count && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.followers.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.followers.add(wake);
        signal.addEventListener('abort', wake);
      });
    }
  }

  /** How many times a write has failed; each failed all appends that were waiting. */
  get failures(): number {
    return this.file.failures;
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private positionAfter(sequence: number): number {
    return sequence + 1 < this.index.count ? this.index.position(sequence + 1) : this.file.size;
  }
}

/** Returns the positions of the events. */
function addTransaction(index: LogIndex, offset: number, payload: Buffer): number[] {
  const positions: number[] = [];
  forEachEvent(payload, (event, at) => {
    const position = offset + RECORD_HEADER_BYTES + at;
    index.add(event, position);
    positions.push(position);
  });
  return positions;
}
