import { setImmediate as tick } from 'node:timers/promises';
import type { Producer, TopicMessages } from 'kafkajs';
import { type BusMessage, BusUnavailable } from '../bus';
import { confirmed } from './deadline';
import { type KafkaAddress, type KafkaClient, openClient } from './kafka-client';
import { byKey } from './partition-of-key';

interface Publication {
  readonly messages: readonly BusMessage[];
  resolve(): void;
  reject(error: unknown): void;
}

/** A request holds at most one batch per partition, and a broker takes batches of up to 1 MiB. */
const REQUEST_BYTES = 900_000;
/** What the format adds to a message, generously. */
const MESSAGE_OVERHEAD_BYTES = 100;

/**
 * Publishes with an idempotent producer, everything that was asked for in one tick in one request, and one request at
 * a time. Both for speed and for safety: kafkajs takes its sequence numbers back when a request fails, so that another
 * request could go out under the numbers of one that the broker has in truth stored, and the broker would take the new
 * messages for repeated ones and drop them while confirming. Hence one at a time, and a producer that failed is not
 * used again.
 */
export class KafkaPublisher {
  private readonly waiting: Publication[] = [];
  private working: Promise<void> | undefined;
  private connected: { readonly client: KafkaClient; readonly producer: Producer } | undefined;
  private closed = false;

  constructor(
    private readonly address: KafkaAddress,
    private readonly timeoutMs: number,
  ) {}

  publish(messages: readonly BusMessage[]): Promise<void> {
    if (this.closed) return Promise.reject(new BusUnavailable('The bus is closed.'));
    if (messages.length === 0) return Promise.resolve();
    const large = messages.find((message) => sizeOf(message) > REQUEST_BYTES);
    if (large !== undefined) {
      return Promise.reject(
        new RangeError(`A message of ${large.key} is too large for the bus: ${sizeOf(large)} bytes.`),
      );
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ messages, resolve, reject });
      this.working ??= this.work();
    });
  }

  /** Sends what was asked for so far, then disconnects. */
  async close(): Promise<void> {
    this.closed = true;
    await this.working;
    const { connected } = this;
    this.connected = undefined;
    if (connected === undefined) return;
    await confirmed('Disconnecting', connected.producer.disconnect(), this.timeoutMs).catch(() => undefined);
    connected.client.abandon();
  }

  private async work(): Promise<void> {
    await tick();
    while (this.waiting.length > 0) {
      const together = this.takeTogether();
      try {
        for (const part of parts(together.flatMap(({ messages }) => messages))) await this.send(part);
        for (const publication of together) publication.resolve();
      } catch (error) {
        this.connected?.client.abandon();
        this.connected = undefined;
        // What waits behind a failure fails with it: sent after it, it could overtake what comes again.
        const behind = new BusUnavailable('What was to be published before it could not be published.');
        for (const publication of together) publication.reject(error);
        for (const publication of this.waiting.splice(0)) publication.reject(behind);
      }
    }
    this.working = undefined;
  }

  private takeTogether(): readonly Publication[] {
    let bytes = 0;
    const end = this.waiting.findIndex(({ messages }, index) => {
      bytes += messages.reduce((sum, message) => sum + sizeOf(message), 0);
      return index > 0 && bytes > REQUEST_BYTES;
    });
    return this.waiting.splice(0, end === -1 ? this.waiting.length : end);
  }

  private async send(messages: readonly BusMessage[]): Promise<void> {
    const producer = await this.connect();
    const sent = producer.sendBatch({ acks: -1, timeout: this.timeoutMs, topicMessages: byTopic(messages) });
    await confirmed('Kafka did not confirm', sent, this.timeoutMs);
  }

  private async connect(): Promise<Producer> {
    if (this.connected !== undefined) return this.connected.producer;
    const client = openClient(this.address, this.timeoutMs);
    const producer = client.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: byKey,
    });
    this.connected = { client, producer };
    await confirmed('Kafka cannot be reached', producer.connect(), this.timeoutMs);
    return producer;
  }
}

/** Splits so that no part is larger than a broker takes. */
function parts(messages: readonly BusMessage[]): BusMessage[][] {
  const result: BusMessage[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    bytes += sizeOf(message);
    if (bytes > REQUEST_BYTES) {
      result.push([]);
      bytes = sizeOf(message);
    }
    result.at(-1)?.push(message);
  }
  return result;
}

function sizeOf({ key, headers, value }: BusMessage): number {
  let bytes = MESSAGE_OVERHEAD_BYTES + Buffer.byteLength(key) + value.length;
  for (const name in headers) bytes += name.length + Buffer.byteLength(headers[name] ?? '');
  return bytes;
}

function byTopic(messages: readonly BusMessage[]): TopicMessages[] {
  const topics = new Map<string, TopicMessages>();
  for (const message of messages) {
    const { topic } = message;
    let ofTopic = topics.get(topic);
    if (ofTopic === undefined) topics.set(topic, (ofTopic = { topic, messages: [] }));
    ofTopic.messages.push(message);
  }
  return [...topics.values()];
}
