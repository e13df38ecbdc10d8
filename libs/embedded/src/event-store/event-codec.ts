import { MessageReader, MessageWriter } from './protobuf';

/** An event as a client proposes it. */
export interface ProposedEvent {
  /** UUID in lower case with hyphens. */
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly customMetadata: Uint8Array;
}

/** 2^63 - 1 on the wire; as a number it is not exact, but no other revision is near. */
export const TOMBSTONE_REVISION = Number(2n ** 63n - 1n);
const TOMBSTONE_VARINT = Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);

/** Tag of the one field of a record's payload: `repeated RecordedEvent events = 1`. */
const TRANSACTION_EVENT = 0x0a;

const RECORDED_ID = 0x0a;
const UUID_STRING = 0x12;
const RECORDED_STREAM = 0x12;
const STREAM_NAME = 0x1a;
const RECORDED_REVISION = 0x18;
const RECORDED_METADATA = 0x32;
const RECORDED_CUSTOM_METADATA = 0x3a;
const RECORDED_DATA = 0x42;
const MAP_KEY = 0x0a;
const MAP_VALUE = 0x12;

const TICKS_SUFFIX_OF_MS = '0000';

/**
 * The event as protobuf `ReadResp.ReadEvent.RecordedEvent`, which is how it lies in the file: with its fields in a fixed
 * order and without its positions, which are known only when it has been written.
 */
export function encodeEvent(streamName: string, revision: number, createdAtMs: number, event: ProposedEvent): Buffer {
  const message = new MessageWriter()
    .bytes(RECORDED_ID, new MessageWriter().string(UUID_STRING, event.id).finish())
    .bytes(RECORDED_STREAM, new MessageWriter().string(STREAM_NAME, streamName).finish());
  if (revision === TOMBSTONE_REVISION) message.raw(Buffer.from([RECORDED_REVISION])).raw(TOMBSTONE_VARINT);
  else message.integer(RECORDED_REVISION, revision);
  return message
    .bytes(RECORDED_METADATA, mapEntry('type', event.type))
    .bytes(RECORDED_METADATA, mapEntry('created', `${createdAtMs}${TICKS_SUFFIX_OF_MS}`))
    .bytes(RECORDED_METADATA, mapEntry('content-type', event.contentType))
    .bytes(RECORDED_CUSTOM_METADATA, asBuffer(event.customMetadata))
    .bytes(RECORDED_DATA, asBuffer(event.data))
    .finish();
}

function mapEntry(key: string, value: string): Buffer {
  return new MessageWriter().string(MAP_KEY, key).string(MAP_VALUE, value).finish();
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** An event in the form that `encodeEvent` gives it. What comes first in it is read at once, the rest when asked for. */
export class EventView {
  readonly streamName: string;
  /** Place in the stream; `TOMBSTONE_REVISION` for the event that ends it for ever. */
  readonly revision: number;
  readonly type: string;
  private readonly afterType: number;

  /** The event begins at `start` of the buffer. */
  constructor(
    private readonly buffer: Buffer,
    private readonly start = 0,
  ) {
    const reader = new MessageReader(buffer, start);
    reader.skip(RECORDED_ID);
    reader.enter(RECORDED_STREAM);
    this.streamName = reader.string(STREAM_NAME);
    this.revision = reader.expect(RECORDED_REVISION).varint();
    this.type = mapValue(reader);
    this.afterType = reader.at;
  }

  get id(): string {
    const reader = new MessageReader(this.buffer, this.start);
    reader.enter(RECORDED_ID);
    return reader.string(UUID_STRING);
  }

  /** Milliseconds since 1970. */
  get createdAtMs(): number {
    const created = mapValue(new MessageReader(this.buffer, this.afterType));
    return Number(created.slice(0, -TICKS_SUFFIX_OF_MS.length));
  }

  /** The data as text. */
  get text(): string {
    const reader = new MessageReader(this.buffer, this.afterType);
    for (const tag of [RECORDED_METADATA, RECORDED_METADATA, RECORDED_CUSTOM_METADATA]) reader.skip(tag);
    return reader.string(RECORDED_DATA);
  }
}

function mapValue(reader: MessageReader): string {
  reader.enter(RECORDED_METADATA);
  reader.skip(MAP_KEY);
  return reader.string(MAP_VALUE);
}

/** The payload of a record: the events of one append, which become durable together or not at all. */
export function encodeTransaction(events: readonly Buffer[]): Buffer {
  const transaction = new MessageWriter();
  for (const event of events) transaction.bytes(TRANSACTION_EVENT, event);
  return transaction.finish();
}

/** The events of a record's payload, each with its place in the payload. */
export function forEachEvent(payload: Buffer, visit: (event: EventView, at: number) => void): void {
  const reader = new MessageReader(payload);
  while (reader.at < payload.length) {
    const { at } = reader;
    const length = reader.enter(TRANSACTION_EVENT);
    visit(new EventView(payload, reader.at), at);
    reader.at += length;
  }
}

/** The event that begins at this place of a transaction's bytes. */
export function decodeEventAt(bytes: Buffer, at: number): Buffer {
  return new MessageReader(bytes, at).bytes(TRANSACTION_EVENT);
}
