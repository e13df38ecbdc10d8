import { setMaxListeners } from 'node:events';
import {
  type Clock,
  comparePositions,
  type DomainEvent,
  type EventCatalogue,
  type EventLog,
  type LogPosition,
  type LogStretches,
  type RecordedEvent,
  systemClock,
} from '@alliance/event-sourcing';
import { EventStoreDBClient } from '@eventstore/db-client';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import type { Appended } from './append-answer';
import { AppendChannel } from './append-channel';
import { StoreUnavailable, type StreamRevision, toStoreError } from './errors';
import { codecOf, type NewEvent } from './event-codec';
import { LogFollower, type LogWatch } from './log-follower';
import type { ReadAnswer } from './read-answer';
import { ReadChannel } from './read-channel';
import { readLastRequest, readNextRequest, readStreamRequest } from './read-request';

/** Longer than a leader election takes, shorter than a user waits. */
const DEADLINE_MS = 10_000;

/** Events a read holds ready while the fold is busy. */
const READ_AHEAD = 256;

/**
 * The event log, as the services see it. Every call has a deadline, every error is one of this lib's, every event is
 * checked by its schema on the way in and on the way out. Needs EventStoreDB 23.10 or newer (caught-up messages,
 * positions in stream reads) or a server that speaks its protocol.
 */
export class EventStore implements LogStretches {
  readonly #client: EventStoreDBClient;
  readonly #appends: AppendChannel;
  readonly #reads: ReadChannel;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  #connected = false;

  private constructor(client: EventStoreDBClient, deadlineMs: number, clock: Clock) {
    this.#client = client;
    this.#appends = new AppendChannel(client, deadlineMs);
    this.#reads = new ReadChannel(client, deadlineMs);
    this.#clock = clock;
    // Every read that is under way listens to it; many at a time are no leak.
    setMaxListeners(0, this.#closing.signal);
  }

  /**
   * Does not wait for the server; the first call does. `esdb://…` as the client knows it. `deadlineMs` bounds each
   * append, and in a read the time until the next events come.
   */
  static connect(options: {
    readonly connectionString: string;
    readonly deadlineMs?: number;
    readonly clock?: Clock;
  }): EventStore {
    const client = EventStoreDBClient.connectionString(options.connectionString);
    return new EventStore(client, options.deadlineMs ?? DEADLINE_MS, options.clock ?? systemClock);
  }

  /**
   * `expectedRevision: 'no-stream'` for a stream that must be empty. Durable when it resolves; all of the events or
   * none. Throws `EventRejected`, `RevisionConflict`, `StreamDeleted`, `StoreUnavailable`.
   */
  async append(
    streamName: string,
    catalogue: EventCatalogue,
    events: readonly NewEvent[],
    expectedRevision: StreamRevision,
  ): Promise<Appended> {
    const codec = codecOf(catalogue);
    const encoded = events.map((event) => codec.encode(streamName, event));
    this.#touch();
    return this.#appends.append(streamName, encoded, expectedRevision);
  }

  /**
   * In order, upcast and validated; an absent stream has no events. Throws `EventUnreadable`, `StreamDeleted`,
   * `StoreUnavailable`.
   */
  async *readStream<Event extends DomainEvent>(
    streamName: string,
    catalogue: EventCatalogue,
    options: { readonly fromRevision?: bigint } = {},
  ): AsyncGenerator<RecordedEvent<Event>, void> {
    const codec = codecOf(catalogue);
    this.#touch();
    const request = readStreamRequest(streamName, options.fromRevision);
    for await (const answers of this.#read(streamName, request)) {
      for (const answer of answers) if (answer.kind === 'event') yield codec.decode<Event>(answer);
    }
  }

  /** The log for followers: events of these catalogues are upcast and validated; those of others are passed over. */
  log(catalogues: readonly EventCatalogue[], watch: LogWatch = {}): EventLog {
    this.#touch();
    return new LogFollower({
      reads: this.#reads,
      codecs: catalogues.map(codecOf),
      clock: this.#clock,
      closing: this.#closing.signal,
      watch,
    });
  }

  /** See `LogStretches`. Throws `StoreUnavailable`. */
  async isEmptyStretch({
    streamPrefixes,
    after,
    upTo,
  }: Parameters<LogStretches['isEmptyStretch']>[0]): Promise<boolean> {
    this.#touch();
    // First: once the log reaches so far, nothing can come to lie before.
    const [last] = await this.#positions(readLastRequest());
    if (last === undefined || comparePositions(last, upTo) < 0) return false;
    const next = await this.#positions(readNextRequest(streamPrefixes, after));
    const isWithin = (position: LogPosition) =>
      (after === undefined || comparePositions(position, after) > 0) && comparePositions(position, upTo) <= 0;
    return !next.some(isWithin);
  }

  /** Resolves when the server answers; rejects with `StoreUnavailable`. For the readiness probe. */
  async check(): Promise<void> {
    this.#touch();
    for await (const _ of this.#read('$all', readLastRequest()));
  }

  /** Ends all loops and calls, and the connection. What is asked afterwards is refused with `StoreUnavailable`. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    if (!this.#connected) return;
    await this.#client.dispose();
    // Without this the connection would stay open until the process ends; the client keeps its channel protected.
    const channel = await this.#client['getChannel']().catch(() => undefined);
    channel?.close();
  }

  #touch(): void {
    if (this.#closing.signal.aborted) throw new StoreUnavailable('This connection to the event store was closed.');
    this.#connected = true;
  }

  /** Of the events of the whole log that a request asks for. */
  async #positions(request: ReadReq): Promise<LogPosition[]> {
    const positions: LogPosition[] = [];
    for await (const answers of this.#read('$all', request)) {
      for (const answer of answers) if (answer.kind === 'event') positions.push(answer.position);
    }
    return positions;
  }

  /** An absent stream is answered with `stream-not-found`. */
  async *#read(streamName: string, request: ReadReq): AsyncGenerator<readonly ReadAnswer[], void> {
    const signal = this.#closing.signal;
    try {
      for await (const { answers } of this.#reads.read(request, { maxSize: READ_AHEAD, signal })) yield answers;
    } catch (error) {
      throw toStoreError(error, streamName);
    }
    if (signal.aborted) throw new StoreUnavailable('The connection was closed during a read.');
  }
}
