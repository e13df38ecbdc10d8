import { Metadata, status, type StatusObject } from '@grpc/grpc-js';
import { RecordFileWriteError } from './record-file';

/** An answer that is an error: status, text, and the trailers by which the client knows the kind. */
export class GrpcRefusal extends Error implements StatusObject {
  readonly metadata = new Metadata();

  constructor(
    readonly code: status,
    readonly details: string,
    trailers: Readonly<Record<string, string>> = {},
  ) {
    super(details);
    this.name = 'GrpcRefusal';
    // A stream's name may hold what a header may not; then the client must do with the text of the error.
    for (const [name, value] of Object.entries(trailers))
      if (/^[\x20-\x7e]*$/.test(value)) this.metadata.set(name, value);
  }
}

export function streamDeleted(streamName: string): GrpcRefusal {
  return new GrpcRefusal(status.FAILED_PRECONDITION, `Event stream '${streamName}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': streamName,
  });
}

/** Revisions as decimal numbers; `actual` -1 when the stream has no events. */
export function wrongExpectedVersion(streamName: string, expected: string, actual: number): GrpcRefusal {
  return new GrpcRefusal(
    status.FAILED_PRECONDITION,
    `Append failed due to WrongExpectedVersion. Stream: ${streamName}, Expected version: ${expected}, Actual version: ${actual}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': streamName,
      'expected-version': expected,
      'actual-version': String(actual),
    },
  );
}

export function maximumAppendSizeExceeded(maxBytes: number): GrpcRefusal {
  return new GrpcRefusal(status.INVALID_ARGUMENT, `Maximum Append Size of ${maxBytes} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(maxBytes),
  });
}

export function requiredMetadataPropertyMissing(property: string): GrpcRefusal {
  return new GrpcRefusal(status.INVALID_ARGUMENT, `Required Metadata Property '${property}' is missing`, {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': property,
  });
}

export function invalidArgument(details: string): GrpcRefusal {
  return new GrpcRefusal(status.INVALID_ARGUMENT, details);
}

/** What a failure is for the client: a refusal as it is, a disk that takes nothing as UNAVAILABLE, the rest as UNKNOWN. */
export function asRefusal(error: unknown): GrpcRefusal {
  if (error instanceof GrpcRefusal) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new GrpcRefusal(error instanceof RecordFileWriteError ? status.UNAVAILABLE : status.UNKNOWN, message);
}
