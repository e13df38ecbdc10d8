import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RecordFile, startEmbeddedEventStore, startEmbeddedPostgres } from '@alliance/embedded';
import { InProcessBus } from '@alliance/event-bus';
import { systemClock } from '@alliance/event-sourcing';
import { migrate } from '@alliance/read-models';
import { createLog, DevelopmentIssuer, migrationsOf, type RunningService, startService } from '@alliance/service-host';
import { openFrontDoor } from './front-door';
import { services } from './services';

export interface StandaloneOptions {
  /** Where everything lies that must survive. */
  readonly dataDir: string;
  /** 0: a free one. */
  readonly port: number;
  /** Throw away what lies in the folder, and begin anew. */
  readonly fresh?: boolean;
  readonly logLevel?: string;
  /** What is being done, one line at a time. */
  readonly progress?: (line: string) => void;
}

export interface Standalone {
  readonly url: string;
  readonly eventStoreUrl: string;
  /** For whoever wants to look at the read models: `postgres://…` of one service's database. */
  databaseUrl(service: string): string;
  /** Finishes what is under way and leaves no process. */
  stop(): Promise<void>;
}

/** What has to be undone, in the reverse order of its making. */
type Undo = () => Promise<unknown>;

/**
 * All services in this process, on an embedded event store, an embedded Postgres and the in-process bus, behind one
 * port on the loopback interface. Rejects in one sentence when another one uses the folder or the port.
 */
export async function startStandalone(options: StandaloneOptions): Promise<Standalone> {
  const undo: Undo[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return { ...(await start(options, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(options: StandaloneOptions, undo: Undo[]): Promise<Omit<Standalone, 'stop'>> {
  const { dataDir, logLevel = 'warn', progress = () => undefined } = options;
  const log = createLog('standalone', logLevel);
  const warn = (line: string) => log.warn(line);

  await mkdir(dataDir, { recursive: true });
  // Held before anything is thrown away: the data may be another's who runs.
  const own = await RecordFile.open(join(dataDir, 'standalone.lock'));
  undo.push(() => own.close());
  const folders = {
    eventStore: join(dataDir, 'eventstore'),
    bus: join(dataDir, 'bus'),
    postgres: join(dataDir, 'postgres'),
  };
  if (options.fresh) {
    progress('throwing away what was there');
    await Promise.all(Object.values(folders).map((folder) => rm(folder, { recursive: true, force: true })));
  }

  progress('starting the event store, Postgres and the bus');
  await mkdir(folders.bus, { recursive: true });
  const starting = [
    startEmbeddedEventStore({ dataDir: folders.eventStore, logger: warn }).then(undone(undo, (made) => made.stop())),
    startEmbeddedPostgres({ dataDir: folders.postgres }).then(undone(undo, (made) => made.stop())),
    InProcessBus.open({
      clock: systemClock,
      openJournal: (onRecord) => RecordFile.open(join(folders.bus, 'bus.log'), { onRecord, warn }),
    }).then(undone(undo, (made) => made.close())),
  ] as const;
  // When one fails, the others are to be stopped, so they have to have started.
  await Promise.allSettled(starting);
  const [eventStore, postgres, bus] = await Promise.all(starting);

  progress('bringing the databases up to date');
  await Promise.all(
    services.map(async (definition) => {
      await postgres.createDatabase(definition.name);
      await migrate({ url: postgres.url(definition.name), migrations: migrationsOf(definition) });
    }),
  );

  progress(`starting ${services.map(({ name }) => name).join(', ')}`);
  const tokens = new DevelopmentIssuer(systemClock);
  const running = services.map((definition): RunningService => {
    const settings = {
      EVENTSTORE_URL: eventStore.connectionString,
      DATABASE_URL: postgres.url(definition.name),
      LOG_LEVEL: logLevel,
    };
    const infrastructure = { bus, tokens, clock: systemClock, log: createLog(definition.name, logLevel) };
    return startService(definition, settings, infrastructure);
  });
  undo.push(() => Promise.all(running.map((service) => service.close())));
  await Promise.all(running.map((service) => service.started));

  const door = await openFrontDoor({ port: options.port, services: running, issuer: tokens });
  undo.push(() => door.close());
  return { url: door.url, eventStoreUrl: eventStore.connectionString, databaseUrl: (service) => postgres.url(service) };
}

/** Notes how to undo what was made, as soon as it is made: what is made beside it may fail. */
function undone<Made>(undo: Undo[], how: (made: Made) => Promise<unknown>): (made: Made) => Made {
  return (made) => {
    undo.push(() => how(made));
    return made;
  };
}
