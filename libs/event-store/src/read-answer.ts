import type { LogPosition } from '@alliance/event-sourcing';
import { FieldReader } from './field-reader';

/** An event as the server gives it. */
export interface StoredEvent {
  readonly kind: 'event';
  readonly id: string;
  readonly streamName: string;
  readonly revision: bigint;
  readonly position: LogPosition;
  readonly type: string;
  /** JSON text, if those who wrote it kept to that. */
  readonly data: string;
  /** As `data`; empty when the event was written without. */
  readonly metadata: string;
}

/** What a server says in the course of a read or a subscription, one after the other. */
export type ReadAnswer =
  | StoredEvent
  | { readonly kind: 'checkpoint'; readonly position: LogPosition }
  | { readonly kind: 'confirmed' | 'caught-up' | 'fell-behind' | 'stream-not-found' | 'other' };

/*
 * Field numbers of `event_store.client.streams.ReadResp` and of what is within it. All else is passed over, as are
 * links: none is ever resolved for us.
 */
const ANSWER = { event: 1, confirmation: 2, checkpoint: 3, streamNotFound: 4, caughtUp: 8, fellBehind: 9 } as const;
const READ_EVENT = { event: 1 } as const;
const EVENT = {
  id: 1,
  streamIdentifier: 2,
  revision: 3,
  preparePosition: 4,
  commitPosition: 5,
  properties: 6,
  metadata: 7,
  data: 8,
} as const;
const CHECKPOINT = { commitPosition: 1, preparePosition: 2 } as const;
const UUID = { string: 2 } as const;
const STREAM_IDENTIFIER = { name: 3 } as const;
const PROPERTY = { key: 1, value: 2 } as const;

const CONFIRMED = { kind: 'confirmed' } as const;
const CAUGHT_UP = { kind: 'caught-up' } as const;
const FELL_BEHIND = { kind: 'fell-behind' } as const;
const STREAM_NOT_FOUND = { kind: 'stream-not-found' } as const;
const OTHER = { kind: 'other' } as const;

/** Reads a `ReadResp` from its bytes; a number that is not there is 0, as protobuf has it. Throws `RangeError` when they are no such message. */
export function decodeReadAnswer(bytes: Buffer): ReadAnswer {
  const answer = new FieldReader(bytes);
  while (answer.next()) {
    switch (answer.field) {
      case ANSWER.event:
        return readEvent(answer.message());
      case ANSWER.checkpoint:
        return readCheckpoint(answer.message());
      case ANSWER.confirmation:
        return CONFIRMED;
      case ANSWER.caughtUp:
        return CAUGHT_UP;
      case ANSWER.fellBehind:
        return FELL_BEHIND;
      case ANSWER.streamNotFound:
        return STREAM_NOT_FOUND;
      default:
        answer.skip();
    }
  }
  return OTHER;
}

function readEvent(resolved: FieldReader): ReadAnswer {
  while (resolved.next()) {
    if (resolved.field === READ_EVENT.event) return readRecordedEvent(resolved.message());
    resolved.skip();
  }
  return OTHER;
}

function readRecordedEvent(event: FieldReader): StoredEvent {
  let id = '';
  let streamName = '';
  let revision = 0n;
  let prepare = 0n;
  let commit = 0n;
  let type = '';
  let metadata = '';
  let data = '';
  while (event.next()) {
    switch (event.field) {
      case EVENT.id:
        id = textIn(event.message(), UUID.string);
        break;
      case EVENT.streamIdentifier:
        streamName = textIn(event.message(), STREAM_IDENTIFIER.name);
        break;
      case EVENT.revision:
        revision = event.uint64();
        break;
      case EVENT.preparePosition:
        prepare = event.uint64();
        break;
      case EVENT.commitPosition:
        commit = event.uint64();
        break;
      case EVENT.properties: {
        const property = event.message();
        type ||= typeIn(property);
        break;
      }
      case EVENT.metadata:
        metadata = event.text();
        break;
      case EVENT.data:
        data = event.text();
        break;
      default:
        event.skip();
    }
  }
  return { kind: 'event', id, streamName, revision, position: { commit, prepare }, type, data, metadata };
}

function readCheckpoint(checkpoint: FieldReader): ReadAnswer {
  let commit = 0n;
  let prepare = 0n;
  while (checkpoint.next()) {
    if (checkpoint.field === CHECKPOINT.commitPosition) commit = checkpoint.uint64();
    else if (checkpoint.field === CHECKPOINT.preparePosition) prepare = checkpoint.uint64();
    else checkpoint.skip();
  }
  return { kind: 'checkpoint', position: { commit, prepare } };
}

/** The event's type, if this is the property that holds it. */
function typeIn(property: FieldReader): string {
  let key = '';
  let value = '';
  while (property.next()) {
    if (property.field === PROPERTY.key) key = property.text();
    else if (property.field === PROPERTY.value) value = property.text();
    else property.skip();
  }
  return key === 'type' ? value : '';
}

function textIn(message: FieldReader, field: number): string {
  let text = '';
  while (message.next()) {
    if (message.field === field) text = message.text();
    else message.skip();
  }
  return text;
}
