import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventStoreDBClient } from '@eventstore/db-client';
import { StreamsClient, StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import type { ClientReadableStream } from '@grpc/grpc-js';
import { batchesOf } from './batches';
import { StoreUnavailable } from './errors';
import { decodeReadAnswer, type ReadAnswer } from './read-answer';

const { path, requestSerialize } = StreamsService.read;

/** What has been read of a call. */
export interface AnswerBatch {
  readonly answers: readonly ReadAnswer[];
  /** More has arrived already. */
  readonly more: boolean;
}

/**
 * Reads and subscriptions, over the protocol's `Read`.
 *
 * The client's own are not used: they turn each answer into a tree of message objects, that into an event with much
 * that nobody asks for, and pass it through a second stream; all that this lib and its users do with an event takes less
 * time than that. So the call is made here, and an answer is read from its bytes in one go. Channel, credentials,
 * cluster discovery and reconnecting remain the client's.
 */
export class ReadChannel {
  readonly #client: EventStoreDBClient;
  readonly #deadlineMs: number;

  constructor(client: EventStoreDBClient, deadlineMs: number) {
    this.#client = client;
    this.#deadlineMs = deadlineMs;
  }

  /**
   * What the server answers, in its order, until it ends the call or the signal aborts; leaving the loop cancels the
   * call. Each answer must come within the deadline; of a subscription only the first, for then silence is no news.
   *
   * Throws what went wrong on the wire (see `toStoreError`), after what came before it.
   */
  async *read(
    request: ReadReq,
    options: { readonly maxSize: number; readonly signal: AbortSignal },
  ): AsyncGenerator<AnswerBatch, void> {
    const call = await this.#open(request, options.signal);
    const cancel = async () => {
      // Cancelled in the turn in which it was opened, a call would never end.
      await nextTurn();
      call.cancel();
    };
    const endless = request.getOptions()?.hasSubscription();
    const batches = batchesOf<ReadAnswer>(call, cancel, { ...options, idleMs: this.#deadlineMs, endless });
    for await (const answers of batches) yield { answers, more: call.readableLength > 0 };
  }

  /** Opening may itself take long, or for ever: a cluster has to be asked for its leader. */
  async #open(request: ReadReq, signal: AbortSignal): Promise<ClientReadableStream<ReadAnswer>> {
    const opening = this.#client['GRPCStreamCreator'](StreamsClient, 'read', (streams) =>
      streams.makeServerStreamRequest(
        path,
        requestSerialize,
        decodeReadAnswer,
        request,
        // The client keeps these two for its own calls (protected); they carry its channel, credentials and reconnecting.
        ...this.#client['callArguments']({}, { deadline: Infinity }),
      ),
    )();
    let giveUp = () => undefined as void;
    const givenUp = new Promise<never>((_, reject) => {
      giveUp = () => reject(new StoreUnavailable(`No way to the event store within ${this.#deadlineMs} ms.`));
    });
    const timer = setTimeout(giveUp, this.#deadlineMs);
    signal.addEventListener('abort', giveUp);
    try {
      return await Promise.race([opening, givenUp]);
    } catch (error) {
      opening.then(
        (late) => late.cancel(),
        () => undefined,
      );
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    }
  }
}
