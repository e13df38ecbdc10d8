import { EventStoreDBClient } from '@eventstore/db-client';

/** The client that the figures are compared with, as its manual says. */
export function bareClient(url: string): EventStoreDBClient {
  return EventStoreDBClient.connectionString(url);
}

/** After batch appends its own `dispose` waits for ever for a stream that has ended, so nobody waits for it. */
export function abandon(client: EventStoreDBClient): void {
  void client.dispose();
}
