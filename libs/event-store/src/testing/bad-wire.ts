import { EventStore } from '../event-store';
import { paidIn } from './ledger';
import { eventRead, type MisbehavingStore, startMisbehavingStore } from './misbehaving-store';

/** Short, for calls that are to fail; a busy machine still answers the others within it. */
export const DEADLINE_MS = 600;

const toStop: (() => unknown)[] = [];

/** What a test has started, newest first; to be called after each test. */
export async function stopAll(): Promise<void> {
  await Promise.all(toStop.splice(0).map((stop) => stop()));
}

export function stopAfterTest(stop: () => unknown): void {
  toStop.unshift(stop);
}

export async function misbehaving(behaviour: Parameters<typeof startMisbehavingStore>[0]): Promise<MisbehavingStore> {
  const server = await startMisbehavingStore(behaviour);
  stopAfterTest(() => server.stop());
  return server;
}

export function connectTo(
  { connectionString }: { readonly connectionString: string },
  deadlineMs = DEADLINE_MS,
): EventStore {
  const store = EventStore.connect({ connectionString, deadlineMs });
  stopAfterTest(() => store.close());
  return store;
}

/** An event of a ledger, as a server gives it. */
export function stored(
  streamName: string,
  revision: number,
  position = { commit: revision * 10, prepare: revision * 10 },
) {
  const { type, data, metadata } = paidIn(revision + 1);
  return eventRead({ streamName, id: metadata.eventId, type, data, metadata, revision, position });
}
