import type { BusMessage } from '../bus';

/** Where the in-process bus keeps what must survive: an append-only file of records. */
export interface Journal {
  /** Resolves with the places of the records, in order, when all are durable. */
  appendAll(records: readonly Buffer[]): Promise<readonly number[]>;
  /** The record at a place that `appendAll` or the opening gave. */
  read(place: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** How far a group has come in a topic: the place of the next message. */
export interface Cursor {
  readonly group: string;
  readonly topic: string;
  readonly next: number;
}

export type JournalRecord = { readonly message: BusMessage } | { readonly cursor: Cursor };

type Head = { readonly message: Omit<BusMessage, 'value'> } | { readonly cursor: Cursor };

const HEAD_AT = 4;

/** The length of the head (u32, little-endian), the head as JSON, and of a message the body as it is. */
export function encodeRecord(record: JournalRecord): Buffer {
  if ('cursor' in record) return framed(record, Buffer.alloc(0));
  const { topic, key, headers, value } = record.message;
  return framed({ message: { topic, key, headers } }, value);
}

export function decodeRecord(bytes: Buffer): JournalRecord {
  const bodyAt = HEAD_AT + bytes.readUInt32LE(0);
  const head = JSON.parse(bytes.toString('utf8', HEAD_AT, bodyAt)) as Head;
  return 'cursor' in head ? head : { message: { ...head.message, value: bytes.subarray(bodyAt) } };
}

function framed(head: Head, body: Buffer): Buffer {
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(HEAD_AT);
  length.writeUInt32LE(json.length);
  return Buffer.concat([length, json, body]);
}
