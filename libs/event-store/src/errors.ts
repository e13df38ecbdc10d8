import {
  convertToCommandError,
  isCommandError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';

/** Where a stream stands: the revision of its last event, or that it has none. */
export type StreamRevision = bigint | 'no-stream';

/** One fault of an event: the field as a JSON pointer (`/data/name`, empty for the event as a whole) and what is wrong. */
export interface EventFault {
  readonly field: string;
  readonly reason: string;
}

/**
 * The store did not answer in time, refused the connection or could not do its work. Whether an append took effect is
 * then unknown: the same command sent again finds out, and changes nothing if it did.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** The stream does not stand where the writer thought. */
export class RevisionConflict extends Error {
  override readonly name = 'RevisionConflict';

  constructor(
    readonly streamName: string,
    readonly expected: StreamRevision,
    readonly actual: StreamRevision,
  ) {
    super(`${streamName} stands at ${actual}, not at ${expected}.`);
  }
}

/** The stream does not stand where the client saw it (`If-Match`). */
export class RevisionMismatch extends Error {
  override readonly name = 'RevisionMismatch';

  constructor(
    readonly streamName: string,
    readonly expected: bigint,
    readonly actual: StreamRevision,
  ) {
    super(`${streamName} stands at ${actual}, but the client knows revision ${expected}.`);
  }
}

/** Others wrote to the stream each time between read and append; nothing was written. */
export class TooMuchContention extends Error {
  override readonly name = 'TooMuchContention';

  constructor(
    readonly streamName: string,
    readonly attempts: number,
  ) {
    super(`${streamName} was written to by others during each of ${attempts} attempts.`);
  }
}

/** Another command was sent under the id of one that is in the log already; nothing was written. */
export class CommandIdReused extends Error {
  override readonly name = 'CommandIdReused';

  constructor(
    readonly streamName: string,
    readonly commandId: string,
  ) {
    super(`${streamName} holds what another command with the id ${commandId} has decided.`);
  }
}

/** An event that must not enter the log; nothing of its append was written. */
export class EventRejected extends Error {
  override readonly name = 'EventRejected';

  constructor(
    readonly streamName: string,
    readonly eventType: string,
    readonly faults: readonly EventFault[],
  ) {
    super(`${eventType} may not be written to ${streamName}: ${describe(faults)}`);
  }
}

/** An event in the log that this version of the code cannot understand. */
export class EventUnreadable extends Error {
  override readonly name = 'EventUnreadable';

  constructor(
    readonly streamName: string,
    readonly revision: bigint,
    readonly eventType: string,
    readonly faults: readonly EventFault[],
    options?: ErrorOptions,
  ) {
    super(`${eventType} at ${streamName}@${revision} cannot be read: ${describe(faults)}`, options);
  }
}

/** The stream was tombstoned: nothing can ever be written to it or read from it again. */
export class StreamDeleted extends Error {
  override readonly name = 'StreamDeleted';

  constructor(readonly streamName: string) {
    super(`${streamName} was deleted for good.`);
  }
}

function describe(faults: readonly EventFault[]): string {
  return faults.map(({ field, reason }) => (field ? `${field}: ${reason}` : reason)).join('; ');
}

/**
 * What went wrong on the wire, in the terms of this lib. All that is not an answer about the stream or the events
 * counts as unavailable: a busy server, for one, shows only as an unknown error.
 */
export function toStoreError(cause: unknown, streamName: string): Error {
  const error = cause instanceof Error ? convertToCommandError(cause) : cause;
  if (error instanceof WrongExpectedVersionError) {
    return new RevisionConflict(streamName, toRevision(error.expectedVersion), toRevision(error.actualVersion));
  }
  if (error instanceof StreamDeletedError) return new StreamDeleted(streamName);
  if (error instanceof MaxAppendSizeExceededError) {
    const reason = `the events of one append may have ${error.maxAppendSize} bytes at most`;
    return new EventRejected(streamName, 'An append', [{ field: '', reason }]);
  }
  if (error instanceof StoreUnavailable) return error;
  const kind = error instanceof Error && isCommandError(error) ? `${error.type}: ` : '';
  return new StoreUnavailable(`The event store did not serve ${streamName}: ${kind}${messageOf(error)}`, {
    cause,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function toRevision(version: unknown): StreamRevision {
  return typeof version === 'bigint' && version >= 0n ? version : 'no-stream';
}
