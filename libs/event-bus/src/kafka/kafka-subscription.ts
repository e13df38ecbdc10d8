import { setImmediate as tick, setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '@alliance/event-sourcing';
import type { Consumer, EachBatchPayload, IHeaders, KafkaMessage } from 'kafkajs';
import type { Bus, BusSubscription, DeliveredMessage } from '../bus';
import { settled } from './deadline';
import { type KafkaAddress, type KafkaClient, openClient } from './kafka-client';
import { groupLag } from './group-lag';

/** What the adapter tells about its troubles, for logs and metrics. It goes on by itself after each. */
export type KafkaReport =
  /** The consumer ended with this error; another one takes its place. */
  | { readonly kind: 'subscription-lost'; readonly group: string; readonly error: unknown }
  /** The handler threw; what it has not marked comes again after a pause. */
  | {
      readonly kind: 'handler-failed';
      readonly group: string;
      readonly topic: string;
      readonly partition: number;
      readonly error: unknown;
    };

/** A member that is gone without a word is replaced after this time. */
const SESSION_MS = 10_000;
/** How long a rebalance waits for a member: longer than any of ours is deaf, see `DEAF_AT_MOST_MS`. */
const REBALANCE_MS = 5_000;
const HEARTBEAT_MS = 1_000;
/** How long a broker holds back an empty answer; also the longest delay of a partition that was paused. */
const FETCH_WAIT_MS = 250;
/** kafkajs neither fetches nor sends heartbeats while a batch is handled: one that takes longer is set aside. */
const DEAF_AT_MOST_MS = 500;
const PARTITIONS_AT_A_TIME = 8;
const REQUEST_TIMEOUT_MS = 10_000;
const GOODBYE_WITHIN_MS = 5_000;

type Options = Parameters<Bus['subscribe']>[0] & {
  readonly address: KafkaAddress;
  /** How long a question for the lag may take. */
  readonly timeoutMs: number;
  readonly observe: (report: KafkaReport) => void;
};

/** The time between two rebalances, in which the assignment of partitions stands. */
interface Generation {
  readonly lost: AbortController;
  /** Aborts when the generation is lost or the subscription stops. */
  readonly signal: AbortSignal;
}

/**
 * A member of a consumer group that never ends by itself. kafkajs' own recovery is not relied on: it gives up on some
 * errors and retries others for ever, so each of its crashes leads to a fresh consumer here, and no error of the handler
 * gets as far as kafkajs.
 */
export class KafkaSubscription implements BusSubscription {
  private readonly stopping = new AbortController();
  /** The batch under way of each partition, `topic/partition`, until it is handled and committed. */
  private readonly underWay = new Map<string, Promise<boolean>>();
  private readonly failuresInARow = new Map<string, number>();
  private generation = this.newGeneration();
  private readonly ended: Promise<void>;

  constructor(private readonly options: Options) {
    this.ended = this.consumeUntilStopped();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.ended;
  }

  lag(): Promise<ReadonlyMap<string, bigint> | undefined> {
    const { address, group, topics, timeoutMs } = this.options;
    return groupLag(address, group, topics, timeoutMs).catch(() => undefined);
  }

  private async consumeUntilStopped(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 1; !signal.aborted; failures += 1) {
      const client = openClient(this.options.address, REQUEST_TIMEOUT_MS);
      try {
        await this.consumeUntilCrash(client, () => (failures = 0));
      } catch (error) {
        if (!signal.aborted) this.options.observe({ kind: 'subscription-lost', group: this.options.group, error });
      } finally {
        this.generation.lost.abort();
        client.abandon();
      }
      if (!signal.aborted) await pause(backoffMs(Math.max(1, failures), Math), signal);
    }
    await Promise.all(this.underWay.values());
  }

  private async consumeUntilCrash(client: KafkaClient, onJoin: () => void): Promise<void> {
    const { group, topics } = this.options;
    const consumer = client.kafka.consumer({
      groupId: group,
      sessionTimeout: SESSION_MS,
      rebalanceTimeout: REBALANCE_MS,
      heartbeatInterval: HEARTBEAT_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      allowAutoTopicCreation: false,
      retry: { restartOnFailure: () => Promise.resolve(false) },
    });
    let joined = false;
    const crashed = new Promise<never>((_, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    });
    consumer.on(consumer.events.REBALANCING, () => this.generation.lost.abort());
    consumer.on(consumer.events.GROUP_JOIN, () => {
      this.generation.lost.abort();
      this.generation = this.newGeneration();
      joined = true;
      onJoin();
    });

    const stopped = new Promise<void>((resolve) => {
      if (this.stopping.signal.aborted) resolve();
      this.stopping.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    const consuming = async (): Promise<void> => {
      await consumer.connect();
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: PARTITIONS_AT_A_TIME,
        eachBatch: (payload) => this.onBatch(payload, consumer),
      });
      await stopped;
    };
    await Promise.race([consuming(), crashed, stopped]);
    await Promise.all(this.underWay.values());
    if (joined) await settled(consumer.disconnect(), GOODBYE_WITHIN_MS);
  }

  /** Never throws. Returns in time for the next heartbeat; a batch that needs longer goes on with its partition paused. */
  private async onBatch(payload: EachBatchPayload, consumer: Consumer): Promise<void> {
    const { topic, partition } = payload.batch;
    const lane = `${topic}/${partition}`;
    const previous = this.underWay.get(lane);
    if (previous === undefined && !this.generation.signal.aborted) {
      const handled = this.handle(payload, consumer).finally(() => this.underWay.delete(lane));
      this.underWay.set(lane, handled);
    }
    // Another one under way is of a generation that was lost; the partition has come back before it was done.
    const handled = previous ?? this.underWay.get(lane) ?? Promise.resolve(false);
    const { generation } = this;
    if ((await settled(handled, DEAF_AT_MOST_MS)) === true && previous === undefined) return;
    const resume = payload.pause();
    void handled.then(async (all) => {
      if (!all) await pause(backoffMs(this.failuresInARow.get(lane) ?? 1, Math), generation.signal);
      if (!this.stopping.signal.aborted) resume();
    });
  }

  /** Whether all of the batch is handled. What was marked as handled is committed in any case. */
  private async handle({ batch, resolveOffset }: EachBatchPayload, consumer: Consumer): Promise<boolean> {
    const { topic, partition } = batch;
    const { group, handle, observe } = this.options;
    const lane = `${topic}/${partition}`;
    const { lost, signal } = this.generation;
    const messages = batch.messages.map((message) => delivered(topic, partition, message));
    let next = messages[0]?.offset ?? 0n;
    try {
      await handle(messages, {
        signal,
        markHandled: ({ offset }) => {
          if (offset < next || lost.signal.aborted) return;
          next = offset + 1n;
          resolveOffset(String(offset));
        },
        // The group hears of us meanwhile, if only this thread gives way to its timers and sockets.
        heartbeat: () => tick(),
      });
    } catch (error) {
      observe({ kind: 'handler-failed', group, topic, partition, error });
    }
    const some = next > (messages[0]?.offset ?? 0n);
    const all = next > (messages.at(-1)?.offset ?? -1n);
    if (all) this.failuresInARow.delete(lane);
    else this.failuresInARow.set(lane, some ? 1 : (this.failuresInARow.get(lane) ?? 0) + 1);
    if (some && !lost.signal.aborted) {
      // A commit that fails is made good by the next; until then the messages would merely come again.
      await consumer.commitOffsets([{ topic, partition, offset: String(next) }]).catch(() => undefined);
    }
    return all;
  }

  private newGeneration(): Generation {
    const lost = new AbortController();
    return { lost, signal: AbortSignal.any([lost.signal, this.stopping.signal]) };
  }
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return sleep(durationMs, undefined, { signal }).catch(() => undefined);
}

function delivered(topic: string, partition: number, { key, headers, value, offset }: KafkaMessage): DeliveredMessage {
  return {
    topic,
    partition,
    offset: BigInt(offset),
    key: key?.toString() ?? '',
    headers: headers === undefined ? {} : texts(headers),
    value: value ?? Buffer.alloc(0),
  };
}

function texts(headers: IHeaders): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    // Kafka allows a name more than once; nothing of ours says a thing twice, so the first is taken.
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) result[name] = first.toString();
  }
  return result;
}
