import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres, startKafka } from '@alliance/embedded';
import { ApiClient } from '@alliance/standalone';
import { freePort } from './free-port';
import { type Issuer, startIssuer } from './issuer';
import { NodeProcess } from './node-process';

export type ServiceName = 'registry' | 'capacity-matching' | 'fund' | 'working-groups' | 'public-sector-liaison';

/** A server that can be stopped and started again on the same port and data. */
export interface Server {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** One deployed service: a process that keeps its port over restarts. */
export interface Deployed {
  readonly url: string;
  readonly process: NodeProcess;
  /** Starts a new process after the last one ended, and waits until it is ready. */
  restart(): Promise<void>;
  /** Ends its process, if one has been started. */
  stop(): Promise<unknown>;
  /** Runs one of the service's commands, such as `['migrate']`, with its settings and these instead of some of them. */
  command(
    args: readonly string[],
    settings?: Readonly<Record<string, string>>,
  ): Promise<{ readonly exit: number | string; readonly output: readonly string[] }>;
}

/** Services as separate processes on an event store, a Postgres and a real Kafka of their own. */
export interface Alliance {
  /** Holds the folders `eventstore`, `postgres` and, of a broker of its own, `kafka`: all that they write. */
  readonly folder: string;
  readonly issuer: Issuer;
  readonly eventStore: Server & { readonly url: string; process(): NodeProcess };
  readonly postgres: Server & { url(database: string): string };
  readonly kafka: Server & { readonly brokers: string };
  service(name: ServiceName): Deployed;
  /** A user of one service. */
  client(
    name: ServiceName,
    user: { subject: string; roles: readonly string[]; organisationId?: string },
  ): Promise<ApiClient>;
  stop(): Promise<void>;
}

export interface AllianceOptions {
  /** Of every service, besides those that tell where the infrastructure is. */
  readonly settings?: Readonly<Record<string, string>>;
  /** A Kafka that runs already; without it one is started. */
  readonly kafkaBrokers?: string;
}

/** Brings up the infrastructure, migrates, makes the topics, and starts the services; resolves when all are ready. */
export async function startAlliance(names: readonly ServiceName[], options: AllianceOptions = {}): Promise<Alliance> {
  const cleanUp: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const step of cleanUp.splice(0).reverse()) await step();
  };
  try {
    return { ...(await start(names, options, cleanUp)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  names: readonly ServiceName[],
  options: AllianceOptions,
  cleanUp: (() => Promise<unknown>)[],
): Promise<Omit<Alliance, 'stop'>> {
  /** Notes at once how to stop what has started: what starts beside it may fail. */
  const stopped = <Started extends { stop(): Promise<unknown> }>(started: Started): Started => {
    cleanUp.push(() => started.stop());
    return started;
  };
  const folder = await mkdtemp(join(tmpdir(), 'alliance-journey-'));
  cleanUp.push(() => rm(folder, { recursive: true, force: true }));
  const issuer = stopped(await startIssuer());
  const { kafkaBrokers } = options;
  const infrastructure = [
    startEventStoreProcess(join(folder, 'eventstore')).then(stopped),
    postgresServer(join(folder, 'postgres'), names).then(stopped),
    kafkaBrokers === undefined ? kafkaServer(join(folder, 'kafka')).then(stopped) : givenKafka(kafkaBrokers),
  ] as const;
  // When one fails, the others are to be stopped, so they have to have started.
  await Promise.allSettled(infrastructure);
  const [eventStore, postgres, kafka] = await Promise.all(infrastructure);

  const deployed = names.map(async (name) => {
    const settings = {
      // As in the image of the services.
      NODE_OPTIONS: '--max-semi-space-size=32',
      EVENTSTORE_URL: eventStore.url,
      DATABASE_URL: postgres.url(name),
      KAFKA_BROKERS: kafka.brokers,
      OIDC_ISSUER: issuer.url,
      OIDC_AUDIENCE: issuer.audience,
      HOST: '127.0.0.1',
      PORT: String(await freePort()),
      ...options.settings,
    };
    return [name, await deploy(name, settings)] as const;
  });
  // When one fails, no process of another may be left behind.
  await Promise.allSettled(deployed);
  const services = new Map<ServiceName, Deployed>(await Promise.all(deployed));
  cleanUp.push(() => Promise.all([...services.values()].map((deployed) => deployed.stop())));
  await Promise.all([...services.values()].map((service) => service.restart()));

  const service = (name: ServiceName) => {
    const found = services.get(name);
    if (found === undefined) throw new Error(`This journey does not run ${name}.`);
    return found;
  };
  const client: Alliance['client'] = async (name, user) => new ApiClient(service(name).url, await issuer.token(user));
  return { folder, issuer, eventStore, postgres, kafka, service, client };
}

async function deploy(name: ServiceName, settings: Readonly<Record<string, string>>): Promise<Deployed> {
  const entry = `apps/${name}/src/main.ts`;
  const url = `http://127.0.0.1:${settings['PORT']}`;
  let running: NodeProcess | undefined;
  const command = async (args: readonly string[], others: Readonly<Record<string, string>> = {}) => {
    const process = NodeProcess.start(entry, args, { ...settings, ...others });
    return { exit: await process.exit(), output: process.output };
  };
  const steps = ['migrate', 'topics'];
  const ends = await Promise.all(steps.map((step) => command([step])));
  ends.forEach(({ exit, output }, at) => {
    if (exit !== 0) throw new Error(`${name} ${steps[at]} ended with ${exit}:\n${output.join('\n')}`);
  });
  return {
    url,
    get process() {
      if (running === undefined) throw new Error(`${name} has not been started.`);
      return running;
    },
    async restart() {
      running = NodeProcess.start(entry, [], settings);
      await running.answers(`${url}/health/ready`);
    },
    stop: () => running?.stop() ?? Promise.resolve(),
    command,
  };
}

/** The embedded event store as a process of its own, on a port that it keeps. */
export async function startEventStoreProcess(dataDir: string) {
  const settings = { EVENTSTORE_DATA_DIR: dataDir, EVENTSTORE_PORT: String(await freePort()) };
  const url = `esdb://127.0.0.1:${settings.EVENTSTORE_PORT}?tls=false`;
  let running: NodeProcess;
  const server = {
    url,
    process: () => running,
    async start() {
      running = NodeProcess.start('libs/embedded/src/event-store/main.ts', [], settings);
      await running.line(/esdb:\/\//);
    },
    async stop() {
      await running.stop();
    },
  };
  await server.start();
  return server;
}

async function postgresServer(dataDir: string, databases: readonly string[]) {
  const port = await freePort();
  let running = await startEmbeddedPostgres({ dataDir, port });
  for (const database of databases) await running.createDatabase(database);
  return {
    url: (database: string) => running.url(database),
    async start() {
      running = await startEmbeddedPostgres({ dataDir, port });
    },
    stop: () => running.stop(),
  };
}

async function kafkaServer(dataDir: string) {
  const port = await freePort();
  let running = await startKafka({ dataDir, port });
  return {
    brokers: `127.0.0.1:${port}`,
    async start() {
      running = await startKafka({ dataDir, port });
    },
    stop: () => running.stop(),
  };
}

/** Somebody else's: it is neither started nor stopped from here. */
function givenKafka(brokers: string) {
  return Promise.resolve({ brokers, start: () => Promise.resolve(), stop: () => Promise.resolve() });
}
