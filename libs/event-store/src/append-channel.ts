import { randomUUID } from 'node:crypto';
import {
  AccessDeniedError,
  type EventStoreDBClient,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { MaximumAppendSizeExceeded, WrongExpectedVersion } from '@eventstore/db-client/generated/shared_pb';
import type { Status } from '@eventstore/db-client/generated/status_pb';
import { StreamsClient, StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { type AppendAnswer, type Appended, decodeAppendAnswer } from './append-answer';
import { encodeBatchAppend } from './batch-append-request';
import { StoreUnavailable, type StreamRevision, toStoreError } from './errors';
import type { EncodedEvent } from './event-codec';

type BatchStream = ClientDuplexStream<Buffer, AppendAnswer>;

/**
 * Appends over one long-lived `BatchAppend` stream.
 *
 * The client's own `appendToStream` is not used: its batch append keeps the pending calls of the whole process in one
 * table, so that one broken stream rejects the appends of every other client and a late reply then kills the process;
 * it has no time limit either, and neither has the question about the server's features that comes before it. Its
 * unary append has none of this but reaches only about 0.4 of the throughput. So the stream is driven here: a table of
 * pending calls for each stream, a deadline for each call, and no question beforehand (every server since 21.10 has
 * batch append). Channel, credentials, cluster discovery and reconnecting remain the client's.
 */
export class AppendChannel {
  readonly #client: EventStoreDBClient;
  readonly #deadlineMs: number;
  #current: Promise<PendingAppends> | undefined;

  constructor(client: EventStoreDBClient, deadlineMs: number) {
    this.#client = client;
    this.#deadlineMs = deadlineMs;
  }

  /** Throws `RevisionConflict`, `StreamDeleted`, `EventRejected` (too large), `StoreUnavailable`. */
  append(streamName: string, events: readonly EncodedEvent[], expected: StreamRevision): Promise<Appended> {
    return new Promise((resolve, reject) => {
      const id = randomUUID();
      const startedAtMs = Date.now();
      const fail = (error: unknown) => {
        clearTimeout(timer);
        reject(toStoreError(error, streamName));
      };
      let stream: PendingAppends | undefined;
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        stream?.abandon(id, startedAtMs);
        fail(new StoreUnavailable(`No answer to an append to ${streamName} within ${this.#deadlineMs} ms.`));
      }, this.#deadlineMs);

      this.#stream().then((opened) => {
        if (late) return;
        stream = opened;
        const succeed = (appended: Appended) => {
          clearTimeout(timer);
          resolve(appended);
        };
        const deadlineAtMs = startedAtMs + this.#deadlineMs;
        const request = encodeBatchAppend({ id, streamName, events, expected, deadlineAtMs });
        stream.send(request, { id, streamName, succeed, fail });
      }, fail);
    });
  }

  #stream(): Promise<PendingAppends> {
    if (this.#current) return this.#current;
    const opening: Promise<PendingAppends> = this.#open(() => {
      if (this.#current === opening) this.#current = undefined;
    });
    this.#current = opening;
    return opening;
  }

  async #open(onOver: () => void): Promise<PendingAppends> {
    try {
      // The client keeps these two for its own calls (protected); they carry its channel, credentials and reconnecting.
      const call = await this.#client['GRPCStreamCreator'](StreamsClient, 'batchAppend', (streams) => {
        const { path } = StreamsService.batchAppend;
        const [metadata, options] = this.#client['callArguments']({}, { deadline: Infinity });
        return streams.makeBidiStreamRequest(path, (request: Buffer) => request, decodeAppendAnswer, metadata, options);
      })();
      return new PendingAppends(call, onOver);
    } catch (error) {
      onOver();
      throw error;
    }
  }
}

interface Pending {
  readonly id: string;
  readonly streamName: string;
  succeed(appended: Appended): void;
  fail(error: unknown): void;
}

/** One batch append stream and the calls that wait for their reply on it, and on no other. */
class PendingAppends {
  readonly #call: BatchStream;
  readonly #pending = new Map<string, Pending>();
  readonly #onOver: () => void;
  #heardAtMs = 0;

  constructor(call: BatchStream, onOver: () => void) {
    this.#call = call;
    this.#onOver = onOver;
    call.on('data', (answer: AppendAnswer) => this.#settle(answer));
    call.on('error', (error) => this.#over(error));
    call.on('end', () => {
      call.end();
      this.#over(new StoreUnavailable('The event store ended the append stream.'));
    });
  }

  send(request: Buffer, pending: Pending): void {
    this.#pending.set(pending.id, pending);
    this.#call.write(request);
  }

  /** Forgets a call that waited in vain; a stream on which nothing was heard in all that time is given up. */
  abandon(id: string, sinceMs: number): void {
    this.#pending.delete(id);
    if (this.#heardAtMs >= sinceMs) return;
    this.#over(new StoreUnavailable('The append stream fell silent.'));
    this.#call.cancel();
  }

  #settle({ id, appended, error }: AppendAnswer): void {
    this.#heardAtMs = Date.now();
    const pending = this.#pending.get(id);
    // The reply to a call whose deadline has passed.
    if (!pending) return;
    this.#pending.delete(id);
    if (error) pending.fail(toClientError(error, pending.streamName));
    else if (appended) pending.succeed(appended);
    else pending.fail(new StoreUnavailable('The event store confirmed an append without its position.'));
  }

  #over(error: unknown): void {
    this.#onOver();
    const failed = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of failed) pending.fail(error);
  }
}

/** The error that the client itself would have made of this reply. */
function toClientError(status: Status, streamName: string): Error {
  const details = status.getDetails();
  switch (details?.getTypeName()) {
    case 'event_store.client.WrongExpectedVersion':
      return WrongExpectedVersionError.fromWrongExpectedVersion(
        WrongExpectedVersion.deserializeBinary(details.getValue_asU8()),
        streamName,
      );
    case 'event_store.client.StreamDeleted':
      return StreamDeletedError.fromStreamName(streamName);
    case 'event_store.client.AccessDenied':
      return new AccessDeniedError();
    case 'event_store.client.MaximumAppendSizeExceeded':
      return MaxAppendSizeExceededError.fromMaxAppendSize(
        MaximumAppendSizeExceeded.deserializeBinary(details.getValue_asU8()).getMaxappendsize(),
      );
    default:
      return new StoreUnavailable(`The event store could not append to ${streamName}: ${status.getMessage()}`);
  }
}
