/** A message as it travels: bytes with a key. Messages of one key keep their order; others need not. */
export interface BusMessage {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer;
}

/** A message as a consumer gets it. */
export interface DeliveredMessage extends BusMessage {
  readonly partition: number;
  /** Place in its partition. */
  readonly offset: bigint;
}

/** What a consumer group can do while it handles a batch. */
export interface BatchControl {
  /** Aborts when the group loses the partition or the bus closes: stop before the next message. */
  readonly signal: AbortSignal;
  /** Says "handled up to and including this message"; to be called after its effect is durable. */
  markHandled(message: DeliveredMessage): void;
  /** To be called now and then in long work, so that the group does not lose the partition. */
  heartbeat(): Promise<void>;
}

export interface BusSubscription {
  /** Finishes the message under way, commits what was handled, leaves the group. */
  stop(): Promise<void>;
  /** Messages not yet handled, by topic; `undefined` while unknown. For the lag metric. */
  lag(): Promise<ReadonlyMap<string, bigint> | undefined>;
}

/**
 * The bus, as relay and consumer see it: at least once, ordered per key. Adapters: Kafka and in-process; one contract
 * suite runs over both.
 */
export interface Bus {
  /** Resolves when every message is durable on the bus; rejects with `BusUnavailable` when that is not known. */
  publish(messages: readonly BusMessage[]): Promise<void>;
  /**
   * Joins the group and hands over batches, each of one topic and partition, one at a time per partition, from the
   * group's committed place (a new group: from the beginning). An error thrown by `handle` makes the rest of the batch
   * come again after a pause; it never ends the subscription.
   */
  subscribe(options: {
    readonly group: string;
    readonly topics: readonly string[];
    readonly handle: (messages: readonly DeliveredMessage[], control: BatchControl) => Promise<void>;
  }): Promise<BusSubscription>;
  /** Resolves when the broker answers; rejects with `BusUnavailable`. For the readiness probe. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** The broker cannot be reached or did not confirm in time; whoever called may try again. */
export class BusUnavailable extends Error {
  override readonly name = 'BusUnavailable';
}
