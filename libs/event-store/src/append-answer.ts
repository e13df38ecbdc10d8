import type { LogPosition } from '@alliance/event-sourcing';
import type { Status } from '@eventstore/db-client/generated/status_pb';
import { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import { FieldReader } from './field-reader';

/** Where an append came to lie: the revision of its last event, and the log's position. */
export interface Appended {
  readonly revision: bigint;
  readonly position: LogPosition;
}

/** What the server says to one append of a batch: one of the two, unless it makes no sense. */
export interface AppendAnswer {
  /** The correlation id that the append was sent with. */
  readonly id: string;
  readonly appended?: Appended;
  readonly error?: Status;
}

/* Field numbers of `event_store.client.streams.BatchAppendResp` and of what is within it. */
const ANSWER = { correlationId: 1, error: 2, success: 3 } as const;
const UUID = { string: 2 } as const;
const SUCCESS = { currentRevision: 1, position: 3 } as const;
const POSITION = { commit: 1, prepare: 2 } as const;

/**
 * Reads a `BatchAppendResp` from its bytes; errors, which are rare, by the generated classes. Throws `RangeError` when
 * they are no such message.
 */
export function decodeAppendAnswer(bytes: Buffer): AppendAnswer {
  const answer = new FieldReader(bytes);
  let id = '';
  let appended: Appended | undefined;
  while (answer.next()) {
    switch (answer.field) {
      case ANSWER.correlationId:
        id = idIn(answer.message());
        break;
      case ANSWER.success:
        appended = appendedIn(answer.message());
        break;
      case ANSWER.error: {
        const whole = BatchAppendResp.deserializeBinary(bytes);
        return { id: whole.getCorrelationId()?.getString() ?? '', error: whole.getError() };
      }
      default:
        answer.skip();
    }
  }
  return { id, appended };
}

function idIn(uuid: FieldReader): string {
  let id = '';
  while (uuid.next()) {
    if (uuid.field === UUID.string) id = uuid.text();
    else uuid.skip();
  }
  return id;
}

/** `undefined` when the server does not say where. */
function appendedIn(success: FieldReader): Appended | undefined {
  let revision = 0n;
  let position: LogPosition | undefined;
  while (success.next()) {
    if (success.field === SUCCESS.currentRevision) revision = success.uint64();
    else if (success.field === SUCCESS.position) position = positionIn(success.message());
    else success.skip();
  }
  return position && { revision, position };
}

function positionIn(message: FieldReader): LogPosition {
  let commit = 0n;
  let prepare = 0n;
  while (message.next()) {
    if (message.field === POSITION.commit) commit = message.uint64();
    else if (message.field === POSITION.prepare) prepare = message.uint64();
    else message.skip();
  }
  return { commit, prepare };
}
