import type { Admin } from 'kafkajs';
import { confirmed } from './deadline';
import { type KafkaAddress, openClient } from './kafka-client';

/**
 * Does some work with an administrator's connection that lives no longer than the work. Rejects with `BusUnavailable`
 * when it fails or takes longer than the time.
 */
export async function withAdmin<Result>(
  what: string,
  address: KafkaAddress,
  timeoutMs: number,
  work: (admin: Admin) => Promise<Result>,
): Promise<Result> {
  const client = openClient(address, timeoutMs);
  try {
    const admin = client.kafka.admin();
    return await confirmed(
      what,
      admin.connect().then(() => work(admin)),
      timeoutMs,
    );
  } finally {
    client.abandon();
  }
}
