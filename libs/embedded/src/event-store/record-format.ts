import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/** What every record file begins with; its last character is the version of the format. */
export const FILE_SIGNATURE = Buffer.from('RECORDS1', 'latin1');

/**
 * One record: CRC-32 of all that follows (u32), payload length (u32), the length of the file that was known to be on the
 * disk when the record was written (u64), payload. All little-endian.
 */
export const RECORD_HEADER_BYTES = 16;

/** The longest record, header included. */
export const MAX_RECORD_BYTES = 64 * 1024 * 1024;

const SCAN_BYTES = 4 * 1024 * 1024;

/** Header and payload of a record, to be written one after the other. */
export function recordOf(bytes: Buffer, durableEnd: number): [Buffer, Buffer] {
  const header = Buffer.alloc(RECORD_HEADER_BYTES);
  header.writeUInt32LE(bytes.length, 4);
  header.writeUIntLE(durableEnd, 8, 6);
  header.writeUInt32LE(crc32(bytes, crc32(header.subarray(4))), 0);
  return [header, bytes];
}

/** Length of the record that begins at `start` of the buffer, header included, as far as the header is there. */
export function recordBytes(buffer: Buffer, start: number): number {
  return start + RECORD_HEADER_BYTES > buffer.length ? Infinity : RECORD_HEADER_BYTES + buffer.readUInt32LE(start + 4);
}

/** Payload of the record that begins at `start` of the buffer; `undefined` when it is not whole and sound. */
export function payloadAt(buffer: Buffer, start: number): Buffer | undefined {
  const end = start + recordBytes(buffer, start);
  if (end > buffer.length) return undefined;
  return crc32(buffer.subarray(start + 4, end)) === buffer.readUInt32LE(start)
    ? buffer.subarray(start + RECORD_HEADER_BYTES, end)
    : undefined;
}

/** How far the records of a file are sound, and whether what follows had been acknowledged (then it is damage). */
export interface Scan {
  readonly end: number;
  readonly damaged: boolean;
}

/** Hands out every record from the beginning to the first that is not sound. */
export async function scanRecords(
  handle: FileHandle,
  size: number,
  onRecord: (offset: number, bytes: Buffer) => void,
): Promise<Scan> {
  let offset = FILE_SIGNATURE.length;
  let chunkBytes = SCAN_BYTES;
  while (offset < size) {
    const chunk = await readAt(handle, offset, Math.min(chunkBytes, size - offset));
    let at = 0;
    for (let bytes = payloadAt(chunk, at); bytes !== undefined; bytes = payloadAt(chunk, at)) {
      onRecord(offset + at, bytes);
      at += RECORD_HEADER_BYTES + bytes.length;
    }
    offset += at;
    if (at > 0) {
      chunkBytes = SCAN_BYTES;
      continue;
    }
    const wanted = recordBytes(chunk, 0);
    if (wanted <= chunkBytes || wanted > size - offset || wanted > MAX_RECORD_BYTES) {
      return { end: offset, damaged: await wasAcknowledged(handle, offset, size) };
    }
    chunkBytes = wanted;
  }
  return { end: offset, damaged: false };
}

/**
 * Whether the bytes at `offset` had been on the disk once: some sound record further on says that the file was
 * acknowledged beyond them when it was written. A write that a crash tore has no such record after it.
 */
async function wasAcknowledged(handle: FileHandle, offset: number, size: number): Promise<boolean> {
  for (let base = offset + 1; base + RECORD_HEADER_BYTES <= size; base += SCAN_BYTES) {
    const chunk = await readAt(handle, base, Math.min(SCAN_BYTES + RECORD_HEADER_BYTES - 1, size - base));
    for (let at = 0; at + RECORD_HEADER_BYTES <= chunk.length; at++) {
      const durableEnd = chunk.readUIntLE(at + 8, 6);
      const end = base + at + recordBytes(chunk, at);
      if (durableEnd <= offset || durableEnd > base + at || end > size) continue;
      const record = await readAt(handle, base + at, end - base - at);
      if (payloadAt(record, 0) !== undefined) return true;
    }
  }
  return false;
}

/** Exactly these bytes of the file. */
export async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) throw new Error(`the file ends at byte ${offset + filled}, before byte ${offset + length}`);
    filled += bytesRead;
  }
  return buffer;
}
