import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent, type JSONEventData, type ResolvedEvent } from '@eventstore/db-client';
import { startEmbeddedEventStore } from './embedded-event-store';

/** The server that a file of the conformance suite speaks to. */
export interface ConformanceServer {
  /** `host:port` */
  readonly address: string;
  readonly client: EventStoreDBClient;
  stop(): Promise<void>;
}

/** An embedded server of its own, or the one that EVENTSTORE_URL names. */
export async function startConformanceServer(): Promise<ConformanceServer> {
  const url = process.env.EVENTSTORE_URL;
  if (url !== undefined && url !== '') {
    const client = EventStoreDBClient.connectionString(url);
    return { address: new URL(url).host, client, stop: () => client.dispose() };
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'event store '));
  const store = await startEmbeddedEventStore({ dataDir });
  const client = EventStoreDBClient.connectionString(store.connectionString);
  return {
    address: `127.0.0.1:${store.port}`,
    client,
    stop: async () => {
      await client.dispose();
      await store.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** A stream that no other test uses, on whatever server. */
export function newStreamName(): string {
  return `conformance-${randomUUID()}`;
}

/** Numbered events, so that an order can be seen. */
export function numbered(count: number, first = 0): JSONEventData[] {
  return Array.from({ length: count }, (_, i) => jsonEvent({ type: 'Numbered', data: { number: first + i } }));
}

/** The numbers of events made by `numbered`. */
export async function numbersOf(events: AsyncIterable<ResolvedEvent>): Promise<unknown[]> {
  const numbers: unknown[] = [];
  for await (const { event } of events) numbers.push((event?.data as { number?: number } | undefined)?.number);
  return numbers;
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
