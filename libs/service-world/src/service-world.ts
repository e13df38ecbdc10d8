import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
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
import { type CloudEvent, decodeCloudEvent, encodeCloudEvent, InProcessBus } from '@alliance/event-bus';
import {
  type Clock,
  type DomainEvent,
  type EventCatalogue,
  type RecordedEvent,
  systemClock,
} from '@alliance/event-sourcing';
import { EventStore } from '@alliance/event-store';
import { migrate } from '@alliance/read-models';
import {
  createLog,
  DevelopmentIssuer,
  migrationsOf,
  type Role,
  type RunningService,
  type ServiceDefinition,
  startService,
} from '@alliance/service-host';
import { type ContractData, organisationAdmittedV1, type Publication, topics } from '@alliance/contracts';
import { plantedEvents } from './planted-events';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // What a reply holds is the specification's to say; bytes, where it is no JSON.
  readonly body: ReturnType<typeof JSON.parse>;
}

/** Somebody who calls the service. */
export interface Caller {
  readonly subject: string;
  readonly role: Role;
  /** In place of the one, where they have several. */
  readonly roles?: readonly Role[];
  readonly organisationId?: string;
}

export const auditor: Caller = { subject: 'auditor-1', role: 'auditor' };

/** A service at work: a real log, a real database, the in-process bus, HTTP on a free port. */
export class ServiceWorld {
  private constructor(
    private readonly name: string,
    private readonly folder: string,
    private readonly eventStore: EmbeddedEventStore,
    readonly database: TestDatabase,
    private readonly service: RunningService,
    private readonly server: Server,
    readonly store: EventStore,
    private readonly bus: InProcessBus,
    private readonly issuer: DevelopmentIssuer,
  ) {}

  /** `environment`: settings of the service beside those that it finds its stores by. */
  static async start(
    definition: ServiceDefinition,
    environment: Readonly<Record<string, string>> = {},
    clock: Clock = systemClock,
    log = createLog(definition.name, 'silent'),
  ): Promise<ServiceWorld> {
    const folder = await mkdtemp(path.join(tmpdir(), `${definition.name} `));
    const eventStore = await startEmbeddedEventStore({ dataDir: folder });
    const database = await createTestDatabase();
    const migrations = migrationsOf(definition);
    await migrate({ url: database.url, migrations });
    const issuer = new DevelopmentIssuer(systemClock);
    const bus = InProcessBus.inMemory(systemClock);
    const settings = {
      EVENTSTORE_URL: eventStore.connectionString,
      DATABASE_URL: database.url,
      SHUTDOWN_GRACE_MS: '5000',
      ...environment,
    };
    const service = startService(definition, settings, { bus, tokens: issuer, clock, log });
    const server = createServer(service.handleRequest);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await service.started;
    const store = EventStore.connect({ connectionString: eventStore.connectionString });
    return new ServiceWorld(definition.name, folder, eventStore, database, service, server, store, bus, issuer);
  }

  async stop(): Promise<void> {
    await this.service.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.store.close();
    await this.bus.close();
    await this.eventStore.stop();
    await this.database.drop();
    await rm(this.folder, { recursive: true });
  }

  get(path: string, caller: Caller | undefined, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.call('GET', path, caller, headers);
  }

  /** An object goes as JSON, a text or bytes as a CSV file. */
  post(
    path: string,
    body: object | string | undefined,
    caller: Caller | undefined,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    if (body === undefined) return this.call('POST', path, caller, headers);
    if (typeof body === 'string' || Buffer.isBuffer(body)) {
      return this.call('POST', path, caller, { 'content-type': 'text/csv', ...headers }, body);
    }
    return this.call('POST', path, caller, { 'content-type': 'application/json', ...headers }, JSON.stringify(body));
  }

  /** Reads what the answer to a command has brought about. */
  getAfter(command: Answer, path: string, caller: Caller): Promise<Answer> {
    return this.get(path, caller, { 'min-position': command.headers.get('alliance-position') ?? '' });
  }

  put(path: string, body: object, caller: Caller | undefined): Promise<Answer> {
    return this.call('PUT', path, caller, { 'content-type': 'application/json' }, JSON.stringify(body));
  }

  delete(path: string, caller: Caller | undefined): Promise<Answer> {
    return this.call('DELETE', path, caller, {});
  }

  /** Begins a stream with these events, as if somebody had brought them about an hour ago; gives the Min-Position of the last. */
  async plant(catalogue: EventCatalogue, id: string, events: readonly DomainEvent[]): Promise<string> {
    const occurredAt = new Date(systemClock.now().getTime() - 3_600_000).toISOString();
    const written = plantedEvents(catalogue, events, occurredAt);
    const { position } = await this.store.append(catalogue.category.streamName(id), catalogue, written, 'no-stream');
    return `${position.commit}/${position.prepare}`;
  }

  /** The registry admits an organisation, and the service has heard of it: one that keeps known organisations. */
  async admit(organisationId: string, facts: Partial<ContractData<typeof organisationAdmittedV1>> = {}): Promise<void> {
    const data = {
      organisationId,
      name: `Organisation ${organisationId}`,
      kind: 'civil-society',
      regionKey: '09162000',
      identifiers: [],
      fieldKeys: [],
      admittedAt: '2025-01-01T00:00:00.000Z',
      ...facts,
    };
    await this.receive({ contract: organisationAdmittedV1, data }, organisationId, 0n);
    while ((await this.get(`/known-organisations/${organisationId}`, auditor)).status === 404) await sleep(20);
  }

  async events(catalogue: EventCatalogue, id: string): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const event of this.store.readStream(catalogue.category.streamName(id), catalogue)) events.push(event);
    return events;
  }

  /** Puts on the bus what another service would publish about the stream. */
  async receive({ contract, data }: Publication, subject: string, streamRevision: bigint): Promise<void> {
    const event: CloudEvent = {
      id: randomUUID(),
      source: `/${contract.type.split('.', 1)[0]}`,
      type: contract.type,
      subject,
      time: systemClock.now().toISOString(),
      streamRevision,
      logPosition: { commit: streamRevision, prepare: streamRevision },
      correlationId: 'spec',
      data,
    };
    await this.bus.publish([encodeCloudEvent(contract.topic, event)]);
  }

  /** What was published, as soon as there is so much of it. */
  async published(type: string, atLeast: number): Promise<readonly CloudEvent[]> {
    const found: CloudEvent[] = [];
    const enough = new Promise<void>((resolve) => {
      void this.bus.subscribe({
        group: `spec ${Math.random()}`,
        topics: topics.map(({ name }) => name),
        handle: async (messages, control) => {
          for (const message of messages) {
            const event = decodeCloudEvent(message);
            if (event.type === type) found.push(event);
            control.markHandled(message);
          }
          if (found.length >= atLeast) resolve();
        },
      });
    });
    await enough;
    return found;
  }

  private async call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    caller: Caller | undefined,
    headers: Readonly<Record<string, string>>,
    body?: string | Buffer,
  ): Promise<Answer> {
    const { port } = this.server.address() as AddressInfo;
    const { role, ...claims } = caller ?? {};
    const token = caller && role && (await this.issuer.issue({ roles: [role], ...claims, subject: caller.subject }));
    const response = await fetch(`http://127.0.0.1:${port}/${this.name}${url}`, {
      method,
      headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers },
      ...(body !== undefined && { body: Buffer.from(body) }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const isJson = bytes.length > 0 && /[/+]json\b/.test(response.headers.get('content-type') ?? '');
    const other = bytes.length === 0 ? undefined : bytes;
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(bytes.toString()) : other) as unknown,
    };
  }
}
