import { createRequire } from 'node:module';

/** A message with what kafkajs adds to it, about to be written into a request. */
export interface RecordToEncode {
  readonly key?: unknown;
  readonly value?: unknown;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly offsetDelta?: number;
  readonly timestampDelta?: number;
}

/** The form from which kafkajs copies a record into the request. */
export interface EncodedRecord {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

type EncodeRecord = (record: RecordToEncode) => EncodedRecord;

/** kafkajs' own. */
export const encodeRecordAsKafkajs = load<EncodeRecord>('kafkajs/src/protocol/recordBatch/record/v0/index.js');

/**
 * kafkajs 2.2.4 makes a buffer of half a KiB for each record and for each of its headers, and one more for every number
 * in them: with our dozen headers that took half of the relay's time. This measures a record and writes it once. The
 * version of kafkajs is pinned, and a test compares the bytes.
 */
export function encodeRecordsOnce(): void {
  replace('kafkajs/src/protocol/recordBatch/record/v0/index.js', encodeRecord);
}

/** Records of another form than this lib's (a string as key, bytes as value, strings as headers) go kafkajs' way. */
export function encodeRecord(record: RecordToEncode): EncodedRecord {
  const { key, value, headers = {}, offsetDelta = 0, timestampDelta = 0 } = record;
  if (typeof key !== 'string' || !Buffer.isBuffer(value) || timestampDelta !== 0) return encodeRecordAsKafkajs(record);
  const names = Object.keys(headers);
  const texts: string[] = [key];
  for (const name of names) {
    const text = headers[name];
    if (typeof text !== 'string') return encodeRecordAsKafkajs(record);
    texts.push(name, text);
  }
  const lengths = texts.map((text) => Buffer.byteLength(text));
  // Attributes and the difference in time, which are one byte each and 0.
  let bodyBytes = 2 + varintBytes(offsetDelta) + varintBytes(value.length) + value.length + varintBytes(names.length);
  for (const length of lengths) bodyBytes += varintBytes(length) + length;

  const bytes = Buffer.allocUnsafe(varintBytes(bodyBytes) + bodyBytes);
  let at = writeVarint(bytes, 0, bodyBytes);
  bytes[at++] = 0;
  bytes[at++] = 0;
  at = writeVarint(bytes, at, offsetDelta);
  texts.forEach((text, index) => {
    at = writeVarint(bytes, at, lengths[index] ?? 0);
    at += bytes.write(text, at);
    if (index > 0) return;
    at = writeVarint(bytes, at, value.length);
    at += value.copy(bytes, at);
    at = writeVarint(bytes, at, names.length);
  });
  return { buf: bytes, buffer: bytes };
}

/** Kafka's numbers in a record are zigzag-coded; ours are never negative, so that is to double them. */
function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value * 2; rest >= 0x80; rest >>>= 7) bytes += 1;
  return bytes;
}

function writeVarint(target: Buffer, from: number, value: number): number {
  let at = from;
  let rest = value * 2;
  for (; rest >= 0x80; rest >>>= 7) target[at++] = (rest & 0x7f) | 0x80;
  target[at++] = rest;
  return at;
}

function load<Exports>(path: string): Exports {
  return createRequire(__filename)(path) as Exports;
}

/** For all who load the module from now on; kafkajs loads its requests when it makes the first of each kind. */
function replace(path: string, exports: unknown): void {
  const require = createRequire(__filename);
  const module = require.cache[require.resolve(path)];
  if (module === undefined) throw new Error(`${path} is not loaded.`);
  module.exports = exports;
}
