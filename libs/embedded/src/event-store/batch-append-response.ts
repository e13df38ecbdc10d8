import { status } from '@grpc/grpc-js';
import type { AppendOutcome, ExpectedRevision } from './appender';
import { GrpcRefusal } from './grpc-refusal';
import { MAX_APPEND_BYTES } from './proposals';
import { MessageWriter } from './protobuf';

/** To which request a reply belongs. */
export interface BatchReplyTo {
  /** The correlation id as it came, a protobuf `UUID`. */
  readonly correlationId: Uint8Array;
  readonly streamName: string;
  readonly expected: ExpectedRevision;
}

/** A `google.rpc.Status` with one `Any`. */
interface Failure {
  readonly code: status;
  /** Name of the protobuf message of the details. */
  readonly name: string;
  readonly details?: Buffer;
}

const EMPTY = Buffer.alloc(0);
/** The greatest number that a reply repeats exactly; nothing has so many events. */
const MAX_ECHOED = Number.MAX_SAFE_INTEGER;

/** The tags of `BatchAppendResp` and of what lies in it. Written by hand: the details of errors are packed in an `Any`. */
const RESPONSE = {
  correlationId: 0x0a,
  error: 0x12,
  success: 0x1a,
  streamIdentifier: 0x22,
  expected: 0x28,
  noStream: 0x32,
  any: 0x3a,
  streamExists: 0x42,
};
const SUCCESS = { revision: 0x08, noStream: 0x12, position: 0x1a, noPosition: 0x22 };
const STATUS = { code: 0x08, message: 0x12, details: 0x1a };
const WRONG = { revision: 0x08, noStream: 0x12, expected: 0x18, any: 0x22, streamExists: 0x2a, expectedNoStream: 0x32 };

/** The `BatchAppendResp` to an append that was decided about. */
export function batchReply(to: BatchReplyTo, outcome: AppendOutcome): Buffer {
  if (outcome.kind !== 'appended') return failed(to, refusal(to, outcome));
  const success = new MessageWriter();
  if (outcome.lastRevision < 0) success.bytes(SUCCESS.noStream, EMPTY);
  else success.integer(SUCCESS.revision, outcome.lastRevision);
  if (outcome.position === undefined) success.bytes(SUCCESS.noPosition, EMPTY);
  else
    success.bytes(
      SUCCESS.position,
      new MessageWriter().integer(0x08, outcome.position).integer(0x10, outcome.position).finish(),
    );
  return reply(to, RESPONSE.success, success.finish());
}

/** The reply to an append whose deadline passed before it was known to be durable. It may become so. */
export function batchTimeout(to: BatchReplyTo): Buffer {
  return failed(to, { code: status.DEADLINE_EXCEEDED, name: 'Timeout' });
}

/** The reply to an append that could not be decided about. */
export function batchError(to: BatchReplyTo, error: GrpcRefusal): Buffer {
  if (error.metadata.get('exception')[0] === 'maximum-append-size-exceeded') {
    const details = new MessageWriter().integer(0x08, MAX_APPEND_BYTES).finish();
    return failed(to, { code: error.code, name: 'MaximumAppendSizeExceeded', details });
  }
  if (error.code === status.INVALID_ARGUMENT) {
    const details = new MessageWriter().string(0x0a, error.details).finish();
    return failed(to, { code: error.code, name: 'BadRequest', details }, error.details);
  }
  // Of a message that it does not know, the client shows the text.
  return failed(to, { code: error.code, name: 'google.protobuf.Empty' }, error.details);
}

function refusal(to: BatchReplyTo, outcome: Exclude<AppendOutcome, { kind: 'appended' }>): Failure {
  if (outcome.kind === 'stream-deleted') {
    const details = new MessageWriter().bytes(0x0a, streamIdentifier(to.streamName)).finish();
    return { code: status.NOT_FOUND, name: 'StreamDeleted', details };
  }
  const details = new MessageWriter();
  if (outcome.lastRevision < 0) details.bytes(WRONG.noStream, EMPTY);
  else details.integer(WRONG.revision, outcome.lastRevision);
  if (typeof to.expected === 'number') details.integer(WRONG.expected, Math.min(to.expected, MAX_ECHOED));
  else
    details.bytes(
      { any: WRONG.any, no_stream: WRONG.expectedNoStream, stream_exists: WRONG.streamExists }[to.expected],
      EMPTY,
    );
  return { code: status.ALREADY_EXISTS, name: 'WrongExpectedVersion', details: details.finish() };
}

function failed(to: BatchReplyTo, { code, name, details = EMPTY }: Failure, message = name): Buffer {
  const any = new MessageWriter()
    .string(0x0a, `type.googleapis.com/${name.includes('.') ? name : `event_store.client.${name}`}`)
    .bytes(0x12, details);
  const error = new MessageWriter().integer(STATUS.code, code).string(STATUS.message, message);
  return reply(to, RESPONSE.error, error.bytes(STATUS.details, any.finish()).finish());
}

function reply({ correlationId, streamName, expected }: BatchReplyTo, tag: number, result: Buffer): Buffer {
  const response = new MessageWriter()
    .bytes(RESPONSE.correlationId, Buffer.from(correlationId))
    .bytes(tag, result)
    .bytes(RESPONSE.streamIdentifier, streamIdentifier(streamName));
  if (typeof expected === 'number') response.integer(RESPONSE.expected, Math.min(expected, MAX_ECHOED));
  else
    response.bytes(
      { any: RESPONSE.any, no_stream: RESPONSE.noStream, stream_exists: RESPONSE.streamExists }[expected],
      EMPTY,
    );
  return response.finish();
}

function streamIdentifier(streamName: string): Buffer {
  return new MessageWriter().string(0x1a, streamName).finish();
}
