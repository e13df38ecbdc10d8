import { startEmbeddedEventStore } from './embedded-event-store';

/**
 * The event store as a process of its own. EVENTSTORE_DATA_DIR says where its events lie, EVENTSTORE_PORT on which port it
 * listens (a free one when not given). It prints its connection string when it is ready, and stops on SIGTERM and SIGINT.
 */
async function main(): Promise<void> {
  const { EVENTSTORE_DATA_DIR: dataDir, EVENTSTORE_PORT: port = '0' } = process.env;
  if (dataDir === undefined || dataDir === '') throw new Error('EVENTSTORE_DATA_DIR must name a folder');
  if (!/^\d{1,5}$/.test(port)) throw new Error('EVENTSTORE_PORT must be a port number');
  const logger = (line: string): void => console.warn(line);
  const store = await startEmbeddedEventStore({ dataDir, port: Number(port), logger });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void store.stop());
  console.log(store.connectionString);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
