import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { BusMessage } from '@alliance/event-bus';
import { CompressionTypes, Kafka, logLevel } from 'kafkajs';
import { type Side, timed } from './measure';

const MESSAGES_A_REQUEST = 1000;

/**
 * The kafkajs that relays are compared with. It runs in a thread of its own, where nobody has touched it: the bus mends
 * the one that it loads itself. The thread is kept from round to round, so that it is as warm as ours.
 */
export class BareProducer {
  private readonly worker: Worker;

  constructor(
    brokers: readonly string[],
    private readonly messages: readonly BusMessage[],
  ) {
    this.worker = new Worker(__filename, { workerData: { brokers, messages } satisfies Work });
  }

  readonly send: Side = async () => {
    this.worker.postMessage('send');
    const [seconds] = (await once(this.worker, 'message')) as [number];
    return { seconds, units: this.messages.length };
  };

  async stop(): Promise<void> {
    await this.worker.terminate();
  }
}

interface Work {
  readonly brokers: readonly string[];
  readonly messages: readonly BusMessage[];
}

if (!isMainThread) {
  const { brokers, messages } = workerData as Work;
  // Between threads a buffer becomes a plain array of bytes.
  const own = messages.map((message) => ({ ...message, value: Buffer.from(message.value) }));
  parentPort?.on('message', () => {
    void sendAll(brokers, own).then((seconds) => parentPort?.postMessage(seconds));
  });
}

/** Seconds from the first request to the last confirmation. */
async function sendAll(brokers: readonly string[], messages: readonly BusMessage[]): Promise<number> {
  const kafka = new Kafka({ clientId: 'bare', brokers: [...brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const seconds = await timed(async () => {
    for (let from = 0; from < messages.length; from += MESSAGES_A_REQUEST) {
      const byTopic = new Map<string, BusMessage[]>();
      for (const message of messages.slice(from, from + MESSAGES_A_REQUEST)) {
        const batch = byTopic.get(message.topic);
        if (batch) batch.push(message);
        else byTopic.set(message.topic, [message]);
      }
      await producer.sendBatch({
        acks: -1,
        compression: CompressionTypes.None,
        topicMessages: [...byTopic].map(([topic, batch]) => ({
          topic,
          messages: batch.map(({ key, headers, value }) => ({ key, headers: { ...headers }, value })),
        })),
      });
    }
  });
  await producer.disconnect();
  return seconds;
}
