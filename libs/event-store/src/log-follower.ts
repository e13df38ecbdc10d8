import {
  backoffMs,
  type Clock,
  comparePositions,
  type EventLog,
  type LogBatch,
  type LogPosition,
  type RecordedEvent,
} from '@alliance/event-sourcing';
import {
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type EventStoreDBClient,
  type RecordedEvent as StoredEvent,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { batchesOf } from './batches';
import { EventUnreadable, StoreUnavailable, toStoreError } from './errors';
import type { EventCodec } from './event-codec';

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

/** What comes over a subscription, in one order: events and what the server says of the way it has come. */
type Item = AllStreamResolvedEvent | { readonly checkpoint: LogPosition } | { readonly live: boolean };

/** How far a subscription has come, and whether the server knew of nothing newer. */
interface Place {
  readonly position: LogPosition;
  readonly live: boolean;
}

type FollowOptions = Parameters<EventLog['follow']>[0];

/** The log of an EventStoreDB: filtered by the server, resumed by itself, given in batches. */
export class LogFollower implements EventLog {
  readonly #client: EventStoreDBClient;
  readonly #codecs: readonly EventCodec[];
  readonly #deadlineMs: number;
  readonly #clock: Clock;
  readonly #closing: AbortSignal;
  readonly #watch: LogWatch;

  constructor(options: {
    readonly client: EventStoreDBClient;
    readonly codecs: readonly EventCodec[];
    readonly deadlineMs: number;
    readonly clock: Clock;
    /** Ends every loop. */
    readonly closing: AbortSignal;
    readonly watch: LogWatch;
  }) {
    this.#client = options.client;
    // The longest prefix first: `fund.grant-` must not take the streams of `fund.grant-plan-`.
    this.#codecs = [...options.codecs].sort((a, b) => b.prefix.length - a.prefix.length);
    this.#deadlineMs = options.deadlineMs;
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
    const subscription = this.#client.subscribeToAll(
      {
        fromPosition: comparePositions(position, BEGINNING) > 0 ? position : START,
        filter: streamNameFilter({
          prefixes: [...streamPrefixes],
          maxSearchWindow: CHECKPOINT_WINDOW,
          checkpointReached: (_, checkpoint) => enqueue(subscription, { checkpoint }),
        }),
      },
      { highWaterMark: maxBatchSize },
    );
    subscription.on('caughtUp', () => enqueue(subscription, { live: true }));
    subscription.on('fellBehind', () => enqueue(subscription, { live: false }));
    const unconfirmed = setTimeout(() => {
      subscription.destroy(new StoreUnavailable(`No subscription within ${this.#deadlineMs} ms.`));
    }, this.#deadlineMs);
    subscription.once('confirmation', () => clearTimeout(unconfirmed));

    try {
      const cancel = () => subscription.unsubscribe();
      for await (const items of batchesOf<Item>(subscription, cancel, { maxSize: maxBatchSize, signal })) {
        const before = place;
        const { events, reached, fault } = this.#collect(items, before);
        place = reached;
        const moved = place.position !== before.position;
        if (moved) this.#watch.seen?.(place.position, this.#clock.now());
        const caughtUp = place.live && !fault && subscription.readableLength === 0;
        if (moved || (caughtUp && !before.live)) yield { events, position: place.position, caughtUp };
        if (fault) throw fault;
      }
    } finally {
      clearTimeout(unconfirmed);
    }
  }

  /** The events among the items, and the place that they lead to; up to an event that cannot be read. */
  #collect(items: readonly Item[], from: Place): { events: RecordedEvent[]; reached: Place; fault?: EventUnreadable } {
    const events: RecordedEvent[] = [];
    let { position, live } = from;
    for (const item of items) {
      if ('checkpoint' in item) position = item.checkpoint;
      else if ('live' in item) live = item.live;
      else if (item.event) {
        try {
          const event = this.#decode(item.event);
          if (event) events.push(event);
        } catch (error) {
          if (error instanceof EventUnreadable) return { events, reached: { position, live }, fault: error };
          throw error;
        }
        position = item.event.position ?? position;
      }
    }
    return { events, reached: { position, live } };
  }

  /** `undefined` for an event that is none of ours: of a stream without catalogue, or the server's own. */
  #decode(stored: StoredEvent): RecordedEvent | undefined {
    if (stored.type.startsWith('$')) return undefined;
    return this.#codecs.find((codec) => stored.streamId.startsWith(codec.prefix))?.decode(stored);
  }
}

/** Puts a word of the server between the events it stands between. */
function enqueue(subscription: AllStreamSubscription, item: Item): void {
  subscription.push(item);
}
