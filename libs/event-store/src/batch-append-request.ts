import type { StreamRevision } from './errors';
import type { EncodedEvent } from './event-codec';

/** One append as `BatchAppend` takes it. */
export interface AppendRequest {
  /** The correlation id: a UUID that the reply carries too. */
  readonly id: string;
  readonly streamName: string;
  readonly events: readonly EncodedEvent[];
  readonly expected: StreamRevision;
  /** Milliseconds since 1970. */
  readonly deadlineAtMs: number;
}

/**
 * The bytes of a `BatchAppendReq` with all its events. Written by hand, since the generated classes take five times as
 * long, and every command comes by here. What lies between data and metadata is put together as text of one byte a
 * character; all of it becomes bytes in one buffer.
 */
export function encodeBatchAppend({ id, streamName, events, expected, deadlineAtMs }: AppendRequest): Buffer {
  const deadline =
    integer(TIMESTAMP.seconds, Math.floor(deadlineAtMs / 1000)) + integer(TIMESTAMP.nanos, (deadlineAtMs % 1000) * 1e6);
  const options =
    field(OPTIONS.streamIdentifier, text(STREAM_NAME, streamName)) +
    (expected === 'no-stream' ? field(OPTIONS.noStream, '') : integer(OPTIONS.streamPosition, Number(expected))) +
    field(OPTIONS.deadline, deadline);
  const beginning = field(REQUEST.correlationId, text(UUID_STRING, id)) + field(REQUEST.options, options);
  const messages = events.map(messageOf);
  const end = integer(REQUEST.isFinal, 1);
  const length = messages.reduce((sum, message) => sum + message.length, beginning.length + end.length);
  const bytes = Buffer.allocUnsafe(length);
  let at = bytes.write(beginning, 'latin1');
  for (const { beforeMetadata, metadata, beforeData, data } of messages) {
    at += bytes.write(beforeMetadata, at, 'latin1');
    at += bytes.write(metadata, at);
    at += bytes.write(beforeData, at, 'latin1');
    at += bytes.write(data, at);
  }
  bytes.write(end, at, 'latin1');
  return bytes;
}

/** The tags (`number << 3 | type`) of `BatchAppendReq` and of what lies in it. */
const REQUEST = { correlationId: 0x0a, options: 0x12, message: 0x1a, isFinal: 0x20 };
const OPTIONS = { streamIdentifier: 0x0a, streamPosition: 0x10, noStream: 0x1a, deadline: 0x32 };
const MESSAGE = { id: 0x0a, metadata: 0x12, customMetadata: 0x1a, data: 0x22 };
const MAP_ENTRY = { key: 0x0a, value: 0x12 };
const TIMESTAMP = { seconds: 0x08, nanos: 0x10 };
const UUID_STRING = 0x12;
const STREAM_NAME = 0x1a;

const CONTENT_TYPE = mapEntry('content-type', 'application/json');

/** An event's message in its parts, and how many bytes they are. */
interface Message {
  readonly beforeMetadata: string;
  readonly metadata: string;
  readonly beforeData: string;
  readonly data: string;
  readonly length: number;
}

function messageOf({ id, type, data, metadata }: EncodedEvent): Message {
  const metadataBytes = Buffer.byteLength(metadata);
  const dataBytes = Buffer.byteLength(data);
  const fields =
    field(MESSAGE.id, text(UUID_STRING, id)) +
    mapEntry('type', type) +
    CONTENT_TYPE +
    integer(MESSAGE.customMetadata, metadataBytes);
  const beforeData = integer(MESSAGE.data, dataBytes);
  const rest = metadataBytes + beforeData.length + dataBytes;
  const beforeMetadata = integer(REQUEST.message, fields.length + rest) + fields;
  return { beforeMetadata, metadata, beforeData, data, length: beforeMetadata.length + rest };
}

function mapEntry(key: string, value: string): string {
  return field(MESSAGE.metadata, text(MAP_ENTRY.key, key) + text(MAP_ENTRY.value, value));
}

/** A field with a length: bytes, or another message. */
function field(tag: number, bytes: string): string {
  return integer(tag, bytes.length) + bytes;
}

function text(tag: number, value: string): string {
  // As long in bytes as in characters: all of it is ASCII, as ids and the names of streams are, and is its own bytes.
  const isAscii = Buffer.byteLength(value) === value.length;
  return field(tag, isAscii ? value : Buffer.from(value).toString('latin1'));
}

/** A tag and a non-negative integer, which may be the length of what follows. */
function integer(tag: number, value: number): string {
  let bytes = String.fromCharCode(tag);
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes += String.fromCharCode((rest % 0x80) | 0x80);
  return bytes + String.fromCharCode(rest);
}
