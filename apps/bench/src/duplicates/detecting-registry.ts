import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InProcessBus } from '@alliance/event-bus';
import { type EventOf, systemClock } from '@alliance/event-sourcing';
import { EventStore } from '@alliance/event-store';
import { duplicateCandidateEvents, registry } from '@alliance/registry';
import { createLog, DevelopmentIssuer, startService } from '@alliance/service-host';
import { ApiClient } from '@alliance/standalone';
import { Client } from 'pg';

/** A registry that finds duplicates in a log, and answers a coordinator. */
export interface DetectingRegistry {
  readonly coordinator: ApiClient;
  /** Resolves when every application up to this place in the log has been looked at. */
  detected(upTo: bigint): Promise<void>;
  /** The pairs it has recorded in the log, by the ids of their organisations. */
  pairs(): Promise<readonly (readonly string[])[]>;
  stop(): Promise<void>;
}

const POLL_MS = 50;

/** Starts it in this process, in these roles; the database is migrated already. */
export async function startDetectingRegistry(
  eventStoreUrl: string,
  databaseUrl: string,
  roles = 'http,projector,reactor',
): Promise<DetectingRegistry> {
  const bus = InProcessBus.inMemory(systemClock);
  const issuer = new DevelopmentIssuer(systemClock);
  const settings = { EVENTSTORE_URL: eventStoreUrl, DATABASE_URL: databaseUrl, ROLES: roles };
  const infrastructure = { bus, tokens: issuer, clock: systemClock, log: createLog('registry', 'silent') };
  const service = startService(registry, settings, infrastructure);
  const server = createServer(service.handleRequest);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await service.started;
  const database = new Client({ connectionString: databaseUrl });
  database.on('error', () => undefined);
  await database.connect();
  const { port } = server.address() as AddressInfo;
  const token = await issuer.issue({ roles: ['coordinator'], subject: 'coordinator-1' });
  return {
    coordinator: new ApiClient(`http://127.0.0.1:${port}`, token),
    async detected(upTo) {
      const query = `SELECT FROM checkpoint WHERE follower = 'reactor duplicate-detection' AND commit >= $1`;
      while ((await database.query(query, [String(upTo)])).rowCount === 0) {
        await new Promise((wake) => setTimeout(wake, POLL_MS));
      }
    },
    pairs: () => pairsIn(eventStoreUrl),
    async stop() {
      await database.end();
      await service.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await bus.close();
    },
  };
}

async function pairsIn(eventStoreUrl: string): Promise<readonly (readonly string[])[]> {
  const store = EventStore.connect({ connectionString: eventStoreUrl });
  const pairs: (readonly string[])[] = [];
  const batches = store.log([duplicateCandidateEvents]).follow({
    streamPrefixes: [duplicateCandidateEvents.category.prefix],
    after: undefined,
    maxBatchSize: 1000,
    signal: new AbortController().signal,
  });
  for await (const { events, caughtUp } of batches) {
    for (const { type, data } of events as readonly EventOf<typeof duplicateCandidateEvents>[]) {
      if (type === 'DuplicateSuspected') pairs.push(data.organisationIds);
    }
    if (caughtUp) break;
  }
  await store.close();
  return pairs;
}
