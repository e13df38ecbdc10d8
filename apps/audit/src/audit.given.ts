import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type EmbeddedEventStore, startEmbeddedEventStore } from '@alliance/embedded';
import { currentSchemaVersion, type DomainEvent, type EventCatalogue, formatPosition } from '@alliance/event-sourcing';
import { EventStore } from '@alliance/event-store';
import { audit } from './audit';

/** An event to be planted, and by whom; `key` names it within its tale. */
export interface Planted {
  readonly key: string;
  readonly catalogue: EventCatalogue;
  readonly id: string;
  readonly event: DomainEvent;
  readonly by: string;
  readonly roles: readonly string[];
  /** That they act for. */
  readonly organisationId?: string;
  readonly eventId: string;
  /** Of the event that led to it; without it a command of whoever did it. */
  readonly causedBy?: string;
  readonly at: string;
}

/** A log of its own, and the tool on it. */
export class AuditWorld {
  readonly #revisions = new Map<string, bigint>();

  private constructor(
    private readonly folder: string,
    private readonly eventStore: EmbeddedEventStore,
    readonly store: EventStore,
  ) {}

  static async start(): Promise<AuditWorld> {
    const folder = await mkdtemp(path.join(tmpdir(), 'audit '));
    const eventStore = await startEmbeddedEventStore({ dataDir: folder });
    return new AuditWorld(folder, eventStore, EventStore.connect({ connectionString: eventStore.connectionString }));
  }

  async stop(): Promise<void> {
    await this.store.close();
    await this.eventStore.stop();
    await rm(this.folder, { recursive: true });
  }

  /** Straight into the log, past every decider; gives the positions by key. */
  async plant(tale: readonly Planted[]): Promise<ReadonlyMap<string, string>> {
    const positions = new Map<string, string>();
    for (const { key, catalogue, id, event, by, roles, organisationId, eventId, causedBy, at } of tale) {
      const streamName = catalogue.category.streamName(id);
      const commandId = randomUUID();
      const definition = catalogue.definitions[event.type];
      const metadata = {
        ...{ eventId, commandId, correlationId: commandId, causationId: causedBy ?? commandId },
        ...{ actor: { subject: by, roles: [...roles], organisationId }, occurredAt: at },
        schemaVersion: definition === undefined ? 1 : currentSchemaVersion(definition),
      };
      const expected = this.#revisions.get(streamName) ?? 'no-stream';
      const { revision, position } = await this.store.append(streamName, catalogue, [{ ...event, metadata }], expected);
      this.#revisions.set(streamName, revision);
      positions.set(key, formatPosition(position));
    }
    return positions;
  }

  /** Runs the tool as a terminal would; `url` in place of the log's. */
  async run(args: readonly string[], url = this.eventStore.connectionString) {
    const lines: string[] = [];
    const faults: string[] = [];
    const exitCode = await audit(
      args,
      { EVENTSTORE_URL: url },
      {
        print: (line) => lines.push(line),
        printError: (line) => faults.push(line),
        showProgress: () => undefined,
        alarm: (text) => text,
      },
    );
    return { exitCode, lines, faults };
  }

  async json(args: readonly string[]): Promise<ReturnType<typeof JSON.parse>> {
    const { lines } = await this.run([...args, '--json']);
    return JSON.parse(lines.join('\n'));
  }
}
