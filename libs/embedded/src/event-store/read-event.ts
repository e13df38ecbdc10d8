import { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { UUID } from '@eventstore/db-client/generated/shared_pb';
import { varintBytes, writeVarint } from './protobuf';

const RECORDED_PREPARE_POSITION = 0x20;
const RECORDED_COMMIT_POSITION = 0x28;
const RESPONSE_EVENT = 0x0a;
const READ_EVENT_EVENT = 0x0a;
const READ_EVENT_COMMIT_POSITION = 0x18;

/** A `ReadResp` with one event, as bytes. The position is where the event lies in the log. */
export function encodeReadEvent(stored: Buffer, position: number): Buffer {
  const positionBytes = varintBytes(position);
  const recordedBytes = stored.length + 2 * (1 + positionBytes);
  const readEventBytes = 1 + varintBytes(recordedBytes) + recordedBytes + 1 + positionBytes;
  const response = Buffer.allocUnsafe(1 + varintBytes(readEventBytes) + readEventBytes);
  let at = 0;
  response[at++] = RESPONSE_EVENT;
  at = writeVarint(response, at, readEventBytes);
  response[at++] = READ_EVENT_EVENT;
  at = writeVarint(response, at, recordedBytes);
  at += stored.copy(response, at);
  response[at++] = RECORDED_PREPARE_POSITION;
  at = writeVarint(response, at, position);
  response[at++] = RECORDED_COMMIT_POSITION;
  at = writeVarint(response, at, position);
  response[at++] = READ_EVENT_COMMIT_POSITION;
  writeVarint(response, at, position);
  return response;
}

/** The event with its id in the form of two numbers, for clients that ask for that. */
export function withStructuredId(stored: Buffer): Buffer {
  const event = ReadResp.ReadEvent.RecordedEvent.deserializeBinary(stored);
  const hex = (event.getId()?.getString() ?? '').replaceAll('-', '');
  const half = (digits: string): string => BigInt.asIntN(64, BigInt(`0x${digits}`)).toString();
  const id = new UUID.Structured();
  id.setMostSignificantBits(half(hex.slice(0, 16)));
  id.setLeastSignificantBits(half(hex.slice(16)));
  return Buffer.from(event.setId(new UUID().setStructured(id)).serializeBinary());
}
