import type { KafkaAddress } from './kafka-client';
import { withAdmin } from './with-admin';

/** Messages that the group has not committed yet, by topic. Rejects with `BusUnavailable`. */
export function groupLag(
  address: KafkaAddress,
  group: string,
  topics: readonly string[],
  timeoutMs: number,
): Promise<ReadonlyMap<string, bigint>> {
  return withAdmin('The lag is unknown', address, timeoutMs, async (admin) => {
    const committed = await admin.fetchOffsets({ groupId: group, topics: [...topics] });
    const lag = new Map<string, bigint>();
    for (const { topic, partitions } of committed) {
      const next = new Map(partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
      let behind = 0n;
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
        // -1: nothing is committed yet; less than `low`: the topic has let go of what was not read.
        const from = next.get(partition) ?? -1n;
        behind += BigInt(high) - (from > BigInt(low) ? from : BigInt(low));
      }
      lag.set(topic, behind);
    }
    return lag;
  });
}
