import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lockFile } from './process-lock';
import {
  FILE_SIGNATURE,
  MAX_RECORD_BYTES,
  payloadAt,
  readAt,
  RECORD_HEADER_BYTES,
  recordBytes,
  recordOf,
  scanRecords,
} from './record-format';

/** The file could not be written, as when the disk is full. It still holds exactly what was acknowledged. */
export class RecordFileWriteError extends Error {
  constructor(path: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`${path} cannot be written: ${reason}`, { cause });
    this.name = 'RecordFileWriteError';
  }
}

/** Bytes within the acknowledged part of the file are not what was written. Nothing is repaired by guessing. */
export class RecordFileDamagedError extends Error {
  constructor(path: string, offset: number) {
    super(
      `${path} is damaged at byte ${offset}, before records that were acknowledged later; restore it from a copy of the file`,
    );
    this.name = 'RecordFileDamagedError';
  }
}

/** The file was written by something else. It is left as it is. */
export class NotARecordFileError extends Error {
  constructor(path: string) {
    super(`${path} is not a record file, or one of a version that is not known here`);
    this.name = 'NotARecordFileError';
  }
}

export interface RecordFileOptions {
  /** Called for each record at open, in order. The bytes are valid during the call only. */
  readonly onRecord?: (offset: number, bytes: Buffer) => void;
  /** Told in one sentence when a torn tail was cut. */
  readonly warn?: (message: string) => void;
}

interface Waiting {
  readonly bytes: Buffer;
  readonly resolve: (offset: number) => void;
  readonly reject: (error: Error) => void;
}

/** What one write and one sync carry at most, so that a waiting append is not held up by all that came later. */
const MAX_COMMIT_BYTES = 8 * 1024 * 1024;

/**
 * An append-only file of records that one process writes. An append is acknowledged when it is on the disk; appends
 * that wait at the same time share one write and one sync. What a crash leaves half written is cut at the next open.
 */
export class RecordFile {
  /** How many times a write has failed; each failed all appends that were waiting. */
  failures = 0;
  private waiting: Waiting[] = [];
  private flushing: Promise<void> | undefined;
  private broken: Error | undefined;

  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    private readonly unlock: () => Promise<void>,
    private durableEnd: number,
  ) {}

  /**
   * Opens or creates the file, hands out every record, and cuts a torn tail.
   * @throws FileLockedError, RecordFileDamagedError, NotARecordFileError
   */
  static async open(path: string, { onRecord, warn }: RecordFileOptions = {}): Promise<RecordFile> {
    const handle = await open(path, constants.O_RDWR | constants.O_CREAT);
    let unlock: (() => Promise<void>) | undefined;
    try {
      unlock = await lockFile(path);
      const size = await signedSize(handle, path);
      const scan = await scanRecords(handle, size, onRecord ?? (() => undefined));
      if (scan.damaged) throw new RecordFileDamagedError(path, scan.end);
      if (scan.end < size) {
        warn?.(`${path}: ${size - scan.end} bytes of an unfinished write were cut at byte ${scan.end}`);
        await handle.truncate(scan.end);
        await handle.sync();
      }
      return new RecordFile(path, handle, unlock, scan.end);
    } catch (error) {
      await handle.close();
      await unlock?.();
      throw error;
    }
  }

  /** Length of the acknowledged part, in bytes. */
  get size(): number {
    return this.durableEnd;
  }

  /**
   * Resolves with the record's offset when it is on the disk.
   * @throws RecordFileWriteError; then no append that was waiting has left anything in the file, and a later one may
   *   succeed when there is space again. After a failed sync none does before the file is opened anew.
   */
  append(bytes: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.broken !== undefined) return reject(this.broken);
      if (RECORD_HEADER_BYTES + bytes.length > MAX_RECORD_BYTES) {
        return reject(new RangeError(`${bytes.length} bytes are too many for a record`));
      }
      this.waiting.push({ bytes, resolve, reject });
      this.flushing ??= this.flush();
    });
  }

  /** Appends one record each, in this order; resolves with their offsets when all are on the disk. */
  appendAll(many: readonly Buffer[]): Promise<number[]> {
    return Promise.all(many.map((bytes) => this.append(bytes)));
  }

  /** The record at an offset that `append` or `onRecord` gave. Throws RecordFileDamagedError when it is not whole. */
  async read(offset: number): Promise<Buffer> {
    const header = await this.readRange(offset, RECORD_HEADER_BYTES);
    const bytes = payloadAt(await this.readRange(offset, Math.min(recordBytes(header, 0), MAX_RECORD_BYTES)), 0);
    if (bytes === undefined) throw new RecordFileDamagedError(this.path, offset);
    return bytes;
  }

  /** Bytes as they lie in the file, record headers included; fewer where the acknowledged part ends. */
  readRange(offset: number, length: number): Promise<Buffer> {
    return readAt(this.handle, offset, Math.max(0, Math.min(length, this.durableEnd - offset)));
  }

  /** Waits for the appends under way, then lets the file go. */
  async close(): Promise<void> {
    this.broken ??= new RecordFileWriteError(this.path, 'it is closed');
    await this.flushing;
    await this.handle.close();
    await this.unlock();
  }

  private async flush(): Promise<void> {
    // A turn of the event loop lets appends of the same moment join the first commit.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) {
      const commit = this.takeCommit();
      try {
        await this.commit(commit);
      } catch (error) {
        const failure = new RecordFileWriteError(this.path, error);
        // Those that came later may rest on the earlier ones: they fail with them.
        this.failures++;
        for (const { reject } of [...commit, ...this.waiting.splice(0)]) reject(this.broken ?? failure);
      }
    }
    this.flushing = undefined;
  }

  private takeCommit(): Waiting[] {
    let bytes = 0;
    const beyond = this.waiting.findIndex(
      (next, index) => (bytes += next.bytes.length) > MAX_COMMIT_BYTES && index > 0,
    );
    return this.waiting.splice(0, beyond === -1 ? this.waiting.length : beyond);
  }

  private async commit(commit: readonly Waiting[]): Promise<void> {
    const start = this.durableEnd;
    const bytes = Buffer.concat(commit.flatMap(({ bytes }) => recordOf(bytes, start)));
    try {
      let written = 0;
      while (written < bytes.length) {
        written += (await this.handle.write(bytes, written, bytes.length - written, start + written)).bytesWritten;
      }
    } catch (error) {
      await this.handle.truncate(start).catch((failure: unknown) => this.giveUp(failure));
      throw error;
    }
    // After a failed sync nobody knows what is on the disk, and asking again would be answered with a wrong yes.
    await this.handle.datasync().catch((failure: unknown) => this.giveUp(failure));
    this.durableEnd = start + bytes.length;
    let offset = start;
    for (const { bytes, resolve } of commit) {
      resolve(offset);
      offset += RECORD_HEADER_BYTES + bytes.length;
    }
  }

  private giveUp(cause: unknown): never {
    this.broken = new RecordFileWriteError(this.path, cause);
    throw this.broken;
  }
}

/** Length of the file, after its signature has been checked or, in a new file, written. */
async function signedSize(handle: FileHandle, path: string): Promise<number> {
  const { size } = await handle.stat();
  const beginning = await readAt(handle, 0, Math.min(size, FILE_SIGNATURE.length));
  if (!FILE_SIGNATURE.subarray(0, beginning.length).equals(beginning)) throw new NotARecordFileError(path);
  if (size >= FILE_SIGNATURE.length) return size;
  await handle.write(FILE_SIGNATURE, 0, FILE_SIGNATURE.length, 0);
  await handle.sync();
  await syncDirectory(dirname(path));
  return FILE_SIGNATURE.length;
}

async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return; // Windows neither needs nor allows it.
  const directory = await open(path, 'r');
  await directory.sync().finally(() => directory.close());
}
