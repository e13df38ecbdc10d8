import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { answers } from './kafka-answers';
import type { ServerSecurity } from '../server-security';
import { kafkaJars, whatKafkaLacks } from './kafka-jars';
import { securedListener } from './secured-listener';

/** A Kafka of one node, broker and controller in one process. */
export interface RunningKafka {
  /** `['127.0.0.1:port']` */
  readonly brokers: readonly string[];
  /** The same broker behind TLS and SASL; none when no security was asked for. */
  readonly securedBrokers: readonly string[];
  /** Resolves with its last words when the broker has ended, whoever ended it. */
  readonly ended: Promise<string>;
  /** Shuts it down in order; its data stay in the folder. */
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const STOPPED_WITHIN_S = 15;
const START_ATTEMPTS = 4;

/**
 * Starts Apache Kafka (KRaft) as a child process on 127.0.0.1, with its data in the folder, and resolves when producers
 * and consumer groups are served. It goes down with this process, however that ends. Ports that are not given are free
 * ones. Rejects with one clear sentence when Java or Maven is missing, a given port is taken, or another Kafka holds
 * the folder.
 */
export async function startKafka(options: {
  readonly dataDir: string;
  readonly port?: number;
  readonly controllerPort?: number;
  /** Adds a listener that asks for it. A folder keeps the users of its first start. */
  readonly security?: ServerSecurity;
  readonly log?: (line: string) => void;
}): Promise<RunningKafka> {
  const log = options.log ?? (() => undefined);
  const lack = whatKafkaLacks();
  if (lack !== undefined) throw new Error(lack);
  const jars = await kafkaJars(log);
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true });

  for (const port of [options.port, options.controllerPort]) {
    if (port && !(await isFree(port))) throw new Error(portTaken(port));
  }

  for (let attempt = 1; ; attempt += 1) {
    const port = options.port || (await freePort());
    const controllerPort = options.controllerPort || (await freePort());
    const properties = join(dataDir, 'server.properties');
    const securedPort = options.security && (await freePort());
    const secured = options.security && securedListener(options.security, securedPort ?? 0);
    await writeFile(properties, serverProperties(dataDir, port, controllerPort, secured));
    const clusterId =
      (await clusterIdOf(dataDir)) ?? (await format(jars, dataDir, properties, secured?.formatArguments ?? [], log));
    log(`Starting Kafka on 127.0.0.1:${port} …`);
    const broker = runJava(jars, ['-Xmx512m', '-XX:+UseSerialGC'], ['kafka.Kafka', properties]);
    const brokers = [`127.0.0.1:${port}`];
    const gone = new AbortController();
    const failure = await Promise.race([
      broker.ended,
      answers({ brokers, clusterId, withinMs: READY_WITHIN_MS, signal: gone.signal }),
    ]);
    const securedBrokers = securedPort === undefined ? [] : [`127.0.0.1:${securedPort}`];
    if (failure === undefined) return { brokers, securedBrokers, ended: broker.ended, stop: broker.stop };
    gone.abort();
    await broker.stop();

    const portLost = /BindException|Address already in use|Failed to bind/.test(failure);
    // The lock is the operating system's: it is never stale, but the broker of a killed process needs a moment to go.
    const folderHeld = /Failed to acquire lock/.test(failure);
    if (!portLost && !folderHeld) throw new Error(`Kafka did not start.\n${failure}`);
    if (attempt === START_ATTEMPTS) {
      throw new Error(folderHeld ? `Another Kafka is running on the folder ${dataDir}.` : portTaken(port));
    }
    log(
      folderHeld ? 'Another Kafka holds the folder, trying again …' : 'The port was taken meanwhile, taking another …',
    );
    await sleep(500);
  }
}

function portTaken(port: number): string {
  return `Port ${port} for Kafka is taken by another process.`;
}

function serverProperties(
  dataDir: string,
  port: number,
  controllerPort: number,
  secured: ReturnType<typeof securedListener> | undefined,
): string {
  const plain = `PLAINTEXT://127.0.0.1:${port}`;
  const more = secured ? `,${secured.listener}` : '';
  return `${Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `${plain}${more},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `${plain}${more}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_SSL',
    'log.dirs': escapeProperty(join(dataDir, 'log')),
    'auto.create.topics.enable': false,
    'offsets.topic.num.partitions': 4,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    // Each segment reserves its index files at this size; the default of 10 MB is meant for large brokers.
    'log.index.size.max.bytes': 1_048_576,
    ...secured?.properties,
  })
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`;
}

/** In a Java properties file a backslash escapes, and all that is not Latin-1 is written as its code. */
function escapeProperty(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

async function clusterIdOf(dataDir: string): Promise<string | undefined> {
  const metadata = await readFile(join(dataDir, 'log', 'meta.properties'), 'utf8').catch(() => '');
  return /^cluster\.id=(.+)$/m.exec(metadata)?.[1];
}

async function format(
  jars: string,
  dataDir: string,
  properties: string,
  more: readonly string[],
  log: (line: string) => void,
): Promise<string> {
  log('Formatting its data folder …');
  const clusterId = randomBytes(16).toString('base64url');
  const words = await runJava(
    jars,
    ['-Xmx128m'],
    ['kafka.tools.StorageTool', 'format', '--ignore-formatted', `--cluster-id=${clusterId}`, '-c', properties, ...more],
  ).ended;
  if ((await clusterIdOf(dataDir)) !== clusterId) throw new Error(`Kafka cannot format ${dataDir}.\n${words}`);
  return clusterId;
}

interface JavaProcess {
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

// The pipe on descriptor 3 is closed by `stop` or, when this process is killed, by the operating system; either way the
// guard reads its end and ends Java. A signal that no handler sees (SIGKILL) is thereby covered too.
const GUARD = `
"$@" </dev/null 3<&- & java=$!
( cat <&3 >/dev/null 2>&1
  kill $java 2>/dev/null
  for second in ${Array.from({ length: STOPPED_WITHIN_S }, (_, second) => second).join(' ')}; do
    kill -0 $java 2>/dev/null || exit 0
    sleep 1
  done
  kill -9 $java 2>/dev/null ) >/dev/null 2>&1 & guard=$!
exec 3<&-
wait $java
code=$?
kill $guard 2>/dev/null
exit $code
`;

function runJava(jars: string, jvmOptions: readonly string[], program: readonly string[]): JavaProcess {
  const java = [
    'java',
    '-XX:TieredStopAtLevel=1',
    ...jvmOptions,
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
    '-cp',
    join(jars, '*'),
    ...program,
  ];
  // A process group of its own, so that a Ctrl-C in the terminal reaches only this process, which then stops it in order.
  const child = spawn('sh', ['-c', GUARD, 'sh', ...java], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // Java reads file names in the locale's encoding; in a bare environment that would be ASCII.
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  const words: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      words.push(text);
      if (words.length > 200) words.shift();
    });
  }
  const guarded = child.stdio[3] as Writable;
  guarded.on('error', () => undefined);
  // `close` comes when the pipes are closed as well, this one is ours to close.
  child.once('exit', () => guarded.destroy());
  const ended = new Promise<string>((done) => {
    child.once('error', (error) => done(error.message));
    child.once('close', () => {
      const lines = words.join('').split('\n');
      done(
        lines
          .filter((line) => line.trim() !== '' && !/^\s+at /.test(line))
          .slice(-20)
          .join('\n'),
      );
    });
  });
  return {
    ended,
    async stop() {
      guarded.destroy();
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  const listening = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.close();
  return listening;
}
