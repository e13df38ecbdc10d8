import {
  backoffMs,
  type Clock,
  comparePositions,
  type EventLog,
  type LogBatch,
  type LogPosition,
  type RecordedEvent,
} from '@alliance/event-sourcing';
import { EventUnreadable, StoreUnavailable, toStoreError } from './errors';
import type { EventCodec } from './event-codec';
import type { ReadAnswer, StoredEvent } from './read-answer';
import type { ReadChannel } from './read-channel';
import { followRequest } from './read-request';

/** What operators want to know of a follower: that it lives, and why it does not. */
export interface LogWatch {
  /** Each time an event or a checkpoint arrived, before it is handled. */
  seen?(position: LogPosition, at: Date): void;
  /** The subscription broke and will be resumed after the time. */
  interrupted?(error: Error, resumesInMs: number): void;
}

/** Before every event of ours: where a follower stands that has seen an empty log. */
const BEGINNING: LogPosition = { commit: 0n, prepare: 0n };

/** Events that the server passes over between two checkpoints: what a restart has to look through again, at most. */
const CHECKPOINT_WINDOW = 128;

/** How far a subscription has come, and whether the server knew of nothing newer. */
interface Place {
  readonly position: LogPosition;
  readonly live: boolean;
}

type FollowOptions = Parameters<EventLog['follow']>[0];

/** The log of an EventStoreDB: filtered by the server, resumed by itself, given in batches. */
export class LogFollower implements EventLog {
  readonly #reads: ReadChannel;
  readonly #codecs: readonly EventCodec[];
  readonly #clock: Clock;
  readonly #closing: AbortSignal;
  readonly #watch: LogWatch;

  constructor(options: {
    readonly reads: ReadChannel;
    readonly codecs: readonly EventCodec[];
    readonly clock: Clock;
    /** Ends every loop. */
    readonly closing: AbortSignal;
    readonly watch: LogWatch;
  }) {
    this.#reads = options.reads;
    // The longest prefix first: `fund.grant-` must not take the streams of `fund.grant-plan-`.
    this.#codecs = [...options.codecs].sort((a, b) => b.prefix.length - a.prefix.length);
    this.#clock = options.clock;
    this.#closing = options.closing;
    this.#watch = options.watch;
  }

  /**
   * Throws `EventUnreadable` at an event that this code does not understand, after all that came before it was given;
   * following again from there throws again. Everything else that fails is tried anew, later and later.
   */
  async *follow(options: FollowOptions): AsyncGenerator<LogBatch, void> {
    if (options.streamPrefixes.length === 0) throw new Error('Following the log needs at least one stream prefix.');
    const signal = AbortSignal.any([options.signal, this.#closing]);
    let after = options.after;
    let failures = 0;
    while (!signal.aborted) {
      try {
        for await (const batch of this.#subscribe({ ...options, after, signal })) {
          failures = 0;
          after = batch.position;
          yield batch;
        }
        if (signal.aborted) return;
        throw new StoreUnavailable('The event store ended the subscription.');
      } catch (error) {
        if (error instanceof EventUnreadable) throw error;
        failures += 1;
        const resumesInMs = backoffMs(failures, this.#clock);
        this.#watch.interrupted?.(toStoreError(error, '$all'), resumesInMs);
        await this.#clock.sleep(resumesInMs, signal);
      }
    }
  }

  async *#subscribe({ streamPrefixes, after, maxBatchSize, signal }: FollowOptions): AsyncGenerator<LogBatch, void> {
    const position = after ?? BEGINNING;
    let place: Place = { position, live: false };
    const from = comparePositions(position, BEGINNING) > 0 ? position : undefined;
    const request = followRequest(streamPrefixes, from, CHECKPOINT_WINDOW);
    for await (const { answers, more } of this.#reads.read(request, { maxSize: maxBatchSize, signal })) {
      const before = place;
      const { events, reached, fault } = this.#collect(answers, before);
      place = reached;
      const moved = place.position !== before.position;
      if (moved) this.#watch.seen?.(place.position, this.#clock.now());
      const caughtUp = place.live && !fault && !more;
      if (moved || (caughtUp && !before.live)) yield { events, position: place.position, caughtUp };
      if (fault) throw fault;
    }
  }

  /** The events among the answers, and the place that they lead to; up to an event that cannot be read. */
  #collect(
    answers: readonly ReadAnswer[],
    from: Place,
  ): { events: RecordedEvent[]; reached: Place; fault?: EventUnreadable } {
    const events: RecordedEvent[] = [];
    let { position, live } = from;
    for (const answer of answers) {
      if (answer.kind === 'event') {
        try {
          const event = this.#decode(answer);
          if (event) events.push(event);
        } catch (error) {
          if (error instanceof EventUnreadable) return { events, reached: { position, live }, fault: error };
          throw error;
        }
        position = answer.position;
      } else if (answer.kind === 'checkpoint') position = answer.position;
      else if (answer.kind === 'caught-up') live = true;
      else if (answer.kind === 'fell-behind') live = false;
    }
    return { events, reached: { position, live } };
  }

  /** `undefined` for an event that is none of ours: of a stream without catalogue, or the server's own. */
  #decode(stored: StoredEvent): RecordedEvent | undefined {
    if (stored.type.startsWith('$')) return undefined;
    return this.#codecs.find((codec) => stored.streamName.startsWith(codec.prefix))?.decode(stored);
  }
}
