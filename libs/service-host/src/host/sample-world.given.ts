import { createServer, type Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createTestDatabase,
  type EmbeddedEventStore,
  startEmbeddedEventStore,
  type TestDatabase,
} from '@alliance/embedded';
import { type Bus, InProcessBus } from '@alliance/event-bus';
import { systemClock } from '@alliance/event-sourcing';
import { migrate } from '@alliance/read-models';
import { Client } from 'pg';
import { DevelopmentIssuer } from '../identity/development-issuer';
import { createLog } from '../observation/log';
import type { ServiceDefinition } from '../service-definition';
import { sample } from './sample-service.given';
import type { Infrastructure } from './service-parts';
import { migrationsOf } from './service-parts';
import { type RunningService, startService } from './start-service';

const issuer = new DevelopmentIssuer(systemClock);
const token = issuer.issue({ roles: ['coordinator'], subject: 'c-1' });

/** What a service gets besides its bus; its log goes nowhere. */
export const infrastructure: Omit<Infrastructure, 'bus'> = {
  tokens: issuer,
  clock: systemClock,
  log: createLog('sample', 'silent'),
};

/** An event store in a folder of its own, which goes with it. */
export async function startStore(): Promise<EmbeddedEventStore> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'service host '));
  const store = await startEmbeddedEventStore({ dataDir });
  return {
    ...store,
    async stop() {
      await store.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** A service behind a server of its own, on a database of its own. */
export class World {
  private constructor(
    readonly database: TestDatabase,
    readonly service: RunningService,
    readonly bus: Bus,
    private readonly server: Server,
  ) {}

  static async start(
    eventStore: EmbeddedEventStore,
    changes: {
      readonly environment?: Record<string, string>;
      readonly bus?: Bus;
      readonly migrated?: boolean;
      readonly definition?: ServiceDefinition;
    } = {},
  ): Promise<World> {
    const database = await createTestDatabase();
    if (changes.migrated ?? true) await migrate({ url: database.url, migrations: migrationsOf(sample) });
    const bus = changes.bus ?? InProcessBus.inMemory(systemClock);
    const environment = {
      EVENTSTORE_URL: eventStore.connectionString,
      DATABASE_URL: database.url,
      SHUTDOWN_GRACE_MS: '5000',
      ...changes.environment,
    };
    const service = startService(changes.definition ?? sample, environment, { bus, ...infrastructure });
    const server = createServer(service.handleRequest);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new World(database, service, bus, server);
  }

  async call(
    method: 'GET' | 'POST',
    url: string,
    headers: Record<string, string> = {},
    body?: object,
  ): Promise<Answer> {
    const { port } = this.server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}${url}`, {
      method,
      headers: {
        authorization: `Bearer ${await token}`,
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: text.startsWith('{') ? (JSON.parse(text) as object) : {},
    };
  }

  open(name: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.call('POST', '/sample/counters', headers, { name });
  }

  async rows<Row extends object>(statement: string): Promise<Row[]> {
    const client = new Client({ connectionString: this.database.url });
    await client.connect();
    try {
      return (await client.query<Row>(statement)).rows;
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    await this.service.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.bus.close();
    await this.database.drop();
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: object;
}

/** Asks again and again until the answer passes the check; fails as the check does after 15 seconds. */
export async function eventually<T>(ask: () => Promise<T>, check: (answer: T) => void): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const answer = await ask();
    try {
      return check(answer);
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}
