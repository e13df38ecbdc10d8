import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel, Partitioners } from 'kafkajs';

/**
 * Waits until this very cluster serves consumer groups and producers: a broker listens seconds before it can do either,
 * and what listens could be another one that took the port. Resolves with `undefined` when it does, and with the last
 * failure when the time is over or the signal aborts.
 */
export async function answers(options: {
  readonly brokers: readonly string[];
  readonly clusterId: string;
  readonly withinMs: number;
  readonly signal: AbortSignal;
}): Promise<string | undefined> {
  const kafka = new Kafka({ brokers: [...options.brokers], logLevel: logLevel.NOTHING, retry: { retries: 1 } });
  const deadline = Date.now() + options.withinMs;
  for (;;) {
    const admin = kafka.admin();
    const producer = kafka.producer({ idempotent: true, createPartitioner: Partitioners.DefaultPartitioner });
    try {
      await admin.connect();
      const { clusterId } = await admin.describeCluster();
      if (clusterId !== options.clusterId) return 'Address already in use by another Kafka.';
      await admin.describeGroups(['any']);
      await producer.connect();
      return undefined;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (options.signal.aborted || Date.now() > deadline) return `It does not answer: ${reason}`;
      await sleep(100);
    } finally {
      await Promise.allSettled([admin.disconnect(), producer.disconnect()]);
    }
  }
}
