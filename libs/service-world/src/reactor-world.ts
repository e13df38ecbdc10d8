import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createTestDatabase,
  type EmbeddedEventStore,
  startEmbeddedEventStore,
  type TestDatabase,
} from '@alliance/embedded';
import { type Reaction, runReactor } from '@alliance/event-bus';
import { type Clock, type DomainEvent, type EventCatalogue, systemClock } from '@alliance/event-sourcing';
import { EventStore } from '@alliance/event-store';
import { connectDatabase, migrate, PostgresRows } from '@alliance/read-models';
import { CommandHandler, Metrics, migrationsOf, type Reactor, type ServiceDefinition } from '@alliance/service-host';
import type { DataSource } from 'typeorm';
import { plantedEvents } from './planted-events';

/** How long what a reactor brings about may take on a busy machine, and how long it has to stay so. */
const [PATIENCE_MS, STAYS_MS] = [15_000, 100];

/** What is thrown in a process that is no more. */
export class Killed extends Error {}

/**
 * One reactor of a service, over a real log and a real database, as processes that can be killed between any two steps. A
 * reactor that asks a projection does not run here: there is none.
 */
export class ReactorWorld<Wanted extends Reaction> {
  private constructor(
    private readonly service: string,
    private readonly reactor: Reactor<Wanted>,
    private readonly folder: string,
    private readonly server: EmbeddedEventStore,
    private readonly testDatabase: TestDatabase,
    readonly store: EventStore,
    readonly database: DataSource,
    readonly commands: CommandHandler,
    private readonly clock: Clock,
  ) {}

  static async start<Wanted extends Reaction>(
    definition: ServiceDefinition,
    reactor: Reactor<Wanted>,
    clock: Clock = systemClock,
  ): Promise<ReactorWorld<Wanted>> {
    const { name } = definition;
    const folder = await mkdtemp(path.join(tmpdir(), `${name} ${reactor.name} `));
    const server = await startEmbeddedEventStore({ dataDir: folder });
    const testDatabase = await createTestDatabase();
    await migrate({ url: testDatabase.url, migrations: migrationsOf(definition) });
    const database = await connectDatabase({ url: testDatabase.url, entities: [...definition.entities] });
    const store = EventStore.connect({ connectionString: server.connectionString });
    const commands = new CommandHandler(store, new Metrics(name));
    return new ReactorWorld(name, reactor, folder, server, testDatabase, store, database, commands, clock);
  }

  async stop(): Promise<void> {
    await this.database.destroy();
    await this.testDatabase.drop();
    await this.store.close();
    await this.server.stop();
    await rm(this.folder, { recursive: true });
  }

  /** Begins a stream with these events, or goes on with it `after` a revision. */
  async append(
    catalogue: EventCatalogue,
    id: string,
    events: readonly DomainEvent[],
    after: bigint | 'no-stream' = 'no-stream',
  ): Promise<void> {
    const written = plantedEvents(catalogue, events, this.clock.now().toISOString());
    await this.store.append(catalogue.category.streamName(id), catalogue, written, after);
  }

  /** What a stream tells, by the types of its events. */
  async typesOf(catalogue: EventCatalogue, id: string): Promise<readonly string[]> {
    const types: string[] = [];
    for await (const { type } of this.store.readStream(catalogue.category.streamName(id), catalogue)) types.push(type);
    return types;
  }

  /** The commands of a process that is killed as soon as these aggregates have answered so many of them. */
  commandsUntil(answers: number, ids: readonly string[], kill: () => void = () => undefined): CommandHandler {
    let left = answers;
    const die = () => {
      kill();
      throw new Killed();
    };
    const decide = async (...args: Parameters<CommandHandler['decide']>) => {
      const isCounted = ids.includes(args[1]);
      if (isCounted && left === 0) die();
      const answer = await this.commands.decide(...args);
      if (isCounted) left -= 1;
      if (isCounted && left === 0) die();
      return answer;
    };
    return Object.assign(Object.create(this.commands) as CommandHandler, { decide });
  }

  /** The reactor's process, until these aggregates have answered so many of its commands: then it is killed. */
  async diesAfter(answers: number, ids: readonly string[]): Promise<void> {
    const stop = new AbortController();
    await this.run(
      this.commandsUntil(answers, ids, () => stop.abort()),
      stop.signal,
    );
  }

  /** A new process of the reactor; it ends when what `check` expects is so, and does not stop being so. */
  async runsUntil(check: () => Promise<void>): Promise<void> {
    const stop = new AbortController();
    const running = this.run(this.commands, stop.signal);
    try {
      for (const deadline = Date.now() + PATIENCE_MS; ;) {
        try {
          await check();
          break;
        } catch (error) {
          if (Date.now() > deadline) throw error;
          await sleep(20);
        }
      }
      await sleep(STAYS_MS);
      await check();
    } finally {
      stop.abort();
      await running;
    }
  }

  /** As the service runs it: from its checkpoint in the database on. */
  private async run(commands: CommandHandler, signal: AbortSignal): Promise<void> {
    const { name, catalogues, policy } = this.reactor;
    const waitForPosition = () => Promise.reject(new Error(`There is no projection that ${name} could ask.`));
    const own = { progress: { waitForPosition }, settings: {} };
    await runReactor({
      ...{ name, catalogues, policy, signal, clock: this.clock },
      actor: { subject: `${this.service}.${name}`, roles: [] },
      log: this.store.log(catalogues),
      rows: new PostgresRows(this.database),
      execute: (wish, cause) => this.reactor.execute(wish, cause, commands, this.database, own),
    });
  }
}
