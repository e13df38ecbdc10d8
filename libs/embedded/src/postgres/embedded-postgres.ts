import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, escapeIdentifier } from 'pg';
import { findPostgresBinaries, type PostgresBinaries } from './binaries';
import { lastServer, ownerSetting, PATIENCE_MS, stopOrphan } from './running-server';
import { serverUser, type ServerUser } from './server-user';
import { spawnTied, type TiedProcess } from './tied-process';

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
 * Starts a Postgres server on the folder; makes a cluster at first. The server's life is tied to this process. What an
 * earlier process left running on the folder is stopped first; one that a living process uses is an error.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const cluster = join(dataDir, 'cluster');
  await mkdir(dataDir, { recursive: true });
  const binaries = await findPostgresBinaries();
  const user = await serverUser(cluster, [cluster, binaries.postgres]);

  const throwAway = options.persistent === false;
  if (!existsSync(cluster)) await createCluster({ dataDir, cluster, binaries, user, throwAway });
  const stalePid = await endLastServer(cluster);
  const password = (await readFile(join(dataDir, 'password'), 'utf8')).trim();

  for (let attempt = 1; ; attempt += 1) {
    const port = options.port || (await freePort());
    const server = await tryToServe({ dataDir, cluster, binaries, user, throwAway }, port, stalePid, options.log);
    if ('ready' in server) return handle(server.ready, port, password, throwAway ? dataDir : undefined);
    const portWasTaken = !options.port && server.failure.includes('could not bind');
    // The workers of a server that was killed alone need a moment to notice.
    const workersAreLeft = server.failure.includes('shared memory block');
    if ((!portWasTaken && !workersAreLeft) || attempt === START_ATTEMPTS) {
      throw new Error(`Postgres did not start on ${dataDir}:\n${server.failure}`);
    }
    await sleep(100);
  }
}

interface Place {
  readonly dataDir: string;
  readonly cluster: string;
  readonly binaries: PostgresBinaries;
  readonly user: ServerUser;
  readonly throwAway: boolean;
}

async function createCluster({ dataDir, cluster, binaries, user, throwAway }: Place): Promise<void> {
  // Beside, and renamed when complete, so that a half-made cluster is never mistaken for one.
  const unfinished = `${cluster}.unfinished-`;
  for (const name of await readdir(dataDir)) {
    if (join(dataDir, name).startsWith(unfinished)) await rm(join(dataDir, name), { recursive: true, force: true });
  }
  const folder = await mkdtemp(unfinished);
  const passwordFile = join(dataDir, 'password');
  await writeFile(passwordFile, randomBytes(18).toString('base64url'), { mode: 0o600 });
  await Promise.all([user.own(folder), user.own(passwordFile)]);
  const flags = [
    ...[`--pgdata=${folder}`, `--username=${USER}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
    // The same order and case rules on every machine, whatever its locales.
    ...['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', `--locale=${libcLocale()}`],
    ...(throwAway ? ['--no-sync'] : []),
  ];
  const initdb = spawnTied([...user.prefix, binaries.initdb, ...flags], {
    removeAfterUs: throwAway ? dataDir : undefined,
  });
  const { code } = await initdb.ended;
  if (code !== 0) throw new Error(`Postgres could not make a cluster in ${dataDir}:\n${initdb.output()}`);
  await rename(folder, cluster);
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

async function tryToServe(
  { dataDir, cluster, binaries, user, throwAway }: Place,
  port: number,
  stalePid: number | undefined,
  log: EmbeddedPostgresOptions['log'],
): Promise<{ ready: TiedProcess } | { failure: string }> {
  const settings = Object.entries({ ...SETTINGS, ...(throwAway && THROW_AWAY), ...ownerSetting(), port });
  const flags = ['-D', cluster, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  return new Promise((settle, fail) => {
    const server = spawnTied([...user.prefix, binaries.postgres, ...flags], {
      // Tells Postgres not to take the stranger who now has this id for its rival.
      env: stalePid === undefined ? {} : { PG_GRANDPARENT_PID: String(stalePid) },
      removeAfterUs: throwAway ? dataDir : undefined,
      onLine(line) {
        log?.(line);
        if (line.includes('ready to accept connections')) settle({ ready: server });
      },
    });
    server.ended.then(() => settle({ failure: server.output() }), fail);
  });
}

function handle(
  server: TiedProcess,
  port: number,
  password: string,
  removeAfterwards: string | undefined,
): EmbeddedPostgres {
  const url = (database: string): string =>
    `postgres://${USER}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  return {
    port,
    ended: server.ended,
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
      await server.ended;
      clearTimeout(impatience);
      if (removeAfterwards !== undefined) await rm(removeAfterwards, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((listening) => probe.listen(0, '127.0.0.1', listening));
  const { port } = probe.address() as AddressInfo;
  await new Promise((closed) => probe.close(closed));
  return port;
}
