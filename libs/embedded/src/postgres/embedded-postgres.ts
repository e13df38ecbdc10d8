import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, escapeIdentifier } from 'pg';
import { findPostgresBinaries, type PostgresBinaries } from './binaries';
import { lastServer, ownerSetting, PATIENCE_MS, stopOrphan } from './running-server';
import { serverUser, type ServerUser } from './server-user';

export interface EmbeddedPostgresOptions {
  /** Folder of the server's own; made when missing. */
  readonly dataDir: string;
  /** 0 or nothing takes a free one. */
  readonly port?: number;
  /**
   * True (as if absent): what is committed survives a power cut, and the folder stays. False: for tests; nothing is
   * flushed to the disk, and the folder is removed when the server ends, however this process ends.
   */
  readonly persistent?: boolean;
  /** Takes the server's own log, line by line. */
  readonly log?: (line: string) => void;
}

/** A running server of this process's own, on the loopback interface only. */
export interface EmbeddedPostgres {
  readonly port: number;
  /** Resolves when the server has ended, through `stop` or by itself. */
  readonly ended: Promise<unknown>;
  /** `postgres://…` with user and password, for any database name. */
  url(database: string): string;
  /** Makes the database unless it exists. */
  createDatabase(name: string): Promise<void>;
  /** Breaks off open connections and resolves when no process is left. */
  stop(): Promise<void>;
}

const USER = 'alliance';
const START_ATTEMPTS = 20;

/** Lean for one machine: five services of about ten connections each, small rows, no replication. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  lc_messages: 'C',
  max_connections: '120',
  shared_buffers: '32MB',
  // The whole cache is small, and huge pages or separate I/O processes would only cost memory.
  huge_pages: 'off',
  io_method: 'sync',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '256MB',
  // So that little is left to write when it stops, and little to read again when it starts after a kill.
  checkpoint_timeout: '30s',
  ...(process.platform === 'linux' && { recovery_init_sync_method: 'syncfs' }),
  max_parallel_workers: '0',
  max_logical_replication_workers: '0',
  autovacuum_max_workers: '1',
  jit: 'off',
  log_checkpoints: 'off',
};

const THROW_AWAY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * `exec` makes the shell's own process the server. A watcher left behind waits on a pipe from us: a line means that the
 * server has ended; the end of the pipe without a line means that we are gone, even by kill -9, and so it stops the
 * server (SIGINT: at once, but in order) and then removes the folder of a throw-away cluster. It is no child of the
 * server (hence the two pairs of brackets), which takes the death of a child for a crash.
 */
const SERVE_AS_LONG_AS_WE_LIVE = `
dir=$1; shift
( (
  read -r _ <&3 && exit
  kill -INT $$
  [ -n "$dir" ] || exit
  while kill -0 $$; do sleep 0.1; done
  rm -rf "$dir"
) >/dev/null 2>&1 & )
exec "$@" 3<&-
`;

/**
 * Starts a Postgres server on the folder; makes a cluster at first. The server's life is tied to this process. What an
 * earlier process left running on the folder is stopped first; one that a living process uses is an error.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const cluster = join(dataDir, 'cluster');
  await mkdir(dataDir, { recursive: true });
  const binaries = await findPostgresBinaries();
  const user = await serverUser(cluster, [cluster, binaries.postgres]);

  const flags = options.persistent === false ? ['--no-sync'] : [];
  if (!existsSync(cluster)) await createCluster(dataDir, cluster, binaries, user, flags);
  const stalePid = await endLastServer(cluster);
  const password = (await readFile(join(dataDir, 'password'), 'utf8')).trim();

  for (let attempt = 1; ; attempt += 1) {
    const port = options.port || (await freePort());
    const server = await tryToServe({ options, dataDir, cluster, binaries, user, port, stalePid });
    if ('ready' in server) return handle(server.ready, port, password, options);
    const portWasTaken = !options.port && server.failure.includes('could not bind');
    // The workers of a server that was killed alone need a moment to notice.
    const workersAreLeft = server.failure.includes('shared memory block');
    if ((!portWasTaken && !workersAreLeft) || attempt === START_ATTEMPTS) {
      throw new Error(`Postgres did not start on ${dataDir}:\n${server.failure}`);
    }
    await sleep(100);
  }
}

async function createCluster(
  dataDir: string,
  cluster: string,
  binaries: PostgresBinaries,
  user: ServerUser,
  flags: readonly string[],
): Promise<void> {
  // Beside, and renamed when complete, so that a half-made cluster is never mistaken for one.
  const unfinished = `${cluster}.unfinished`;
  const passwordFile = join(dataDir, 'password');
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  await writeFile(passwordFile, randomBytes(18).toString('base64url'), { mode: 0o600 });
  await Promise.all([user.own(unfinished), user.own(passwordFile)]);
  // The same order and case rules on every machine, whatever its locales.
  const locale = [
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    `--locale=${libcLocale()}`,
  ];
  const access = [`--username=${USER}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const [command = '', ...args] = [
    ...user.prefix,
    binaries.initdb,
    `--pgdata=${unfinished}`,
    ...access,
    ...locale,
    ...flags,
  ];
  const initdb = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const output = collect(initdb);
  const { code } = await ended(initdb);
  if (code !== 0) throw new Error(`Postgres could not make a cluster in ${dataDir}:\n${output()}`);
  await rename(unfinished, cluster);
}

/** Where the builtin provider is silent, as for full-text and trigrams. */
function libcLocale(): string {
  return process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
}

/** Resolves to the id of a server that is gone for certain although the cluster's lock file still names it. */
async function endLastServer(cluster: string): Promise<number | undefined> {
  const { running, stalePid } = await lastServer(cluster);
  if (running) await stopOrphan(running, cluster);
  return stalePid;
}

interface Attempt {
  readonly options: EmbeddedPostgresOptions;
  readonly dataDir: string;
  readonly cluster: string;
  readonly binaries: PostgresBinaries;
  readonly user: ServerUser;
  readonly port: number;
  readonly stalePid: number | undefined;
}

async function tryToServe(attempt: Attempt): Promise<{ ready: ChildProcess } | { failure: string }> {
  const { options, dataDir, cluster, binaries, user, port, stalePid } = attempt;
  const throwAway = options.persistent === false;
  const settings = Object.entries({ ...SETTINGS, ...(throwAway ? THROW_AWAY : {}), ...ownerSetting(), port });
  const server = spawn(
    'sh',
    [
      ...['-c', SERVE_AS_LONG_AS_WE_LIVE, 'sh', throwAway ? dataDir : '', ...user.prefix],
      ...[binaries.postgres, '-D', cluster, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      // In a session of its own, Ctrl-C reaches us alone: the services finish their work before the server goes.
      detached: true,
      // Tells Postgres not to take the stranger who now has this id for its rival.
      env: { ...process.env, ...(stalePid && { PG_GRANDPARENT_PID: String(stalePid) }) },
    },
  );
  const pipe = server.stdio[3] as Duplex;
  pipe.on('error', () => undefined);
  server.once('exit', () => pipe.end('ended\n'));
  return new Promise((settle, fail) => {
    const output = collect(server, (line) => {
      options.log?.(line);
      if (line.includes('ready to accept connections')) settle({ ready: server });
    });
    ended(server).then(() => settle({ failure: output() }), fail);
  });
}

function handle(
  server: ChildProcess,
  port: number,
  password: string,
  options: EmbeddedPostgresOptions,
): EmbeddedPostgres {
  const url = (database: string): string =>
    `postgres://${USER}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  return {
    port,
    ended: ended(server),
    url,
    async createDatabase(name) {
      const client = new Client({ connectionString: url('postgres') });
      await client.connect();
      try {
        const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
        if (rowCount === 0) await client.query(`CREATE DATABASE ${escapeIdentifier(name)}`);
      } finally {
        await client.end();
      }
    },
    async stop() {
      const impatience = setTimeout(() => server.kill('SIGQUIT'), PATIENCE_MS);
      server.kill('SIGINT');
      await ended(server);
      clearTimeout(impatience);
      if (options.persistent === false) await rm(options.dataDir, { recursive: true, force: true });
    },
  };
}

/** Passes on the lines of the program's standard error and keeps the newest for an error message. */
function collect(program: ChildProcess, onLine?: (line: string) => void): () => string {
  let newest: string[] = [];
  if (program.stderr) {
    createInterface(program.stderr).on('line', (line) => {
      newest = [...newest.slice(-30), line];
      onLine?.(line);
    });
  }
  return () => newest.join('\n');
}

async function ended(program: ChildProcess): Promise<{ code: number | null }> {
  if (program.exitCode !== null || program.signalCode !== null) return { code: program.exitCode };
  return new Promise((settle, fail) => {
    program.once('close', (code) => settle({ code }));
    program.once('error', fail);
  });
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((listening) => probe.listen(0, '127.0.0.1', listening));
  const { port } = probe.address() as AddressInfo;
  await new Promise((closed) => probe.close(closed));
  return port;
}
