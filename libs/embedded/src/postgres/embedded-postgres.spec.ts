import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startEmbeddedPostgres } from './embedded-postgres';

const workspace = resolve(__dirname, '../../../..');
const folder = mkdtempSync(join(tmpdir(), 'embedded postgres '));
/** A complete cluster that tests copy, as making one takes a second. */
const model = join(folder, 'model');
const built = join(folder, relative(workspace, __dirname));
let folders = 0;

beforeAll(async () => {
  await (await startEmbeddedPostgres({ dataDir: model })).stop();
  const from = relative(workspace, __dirname);
  const args = [from, '--out-dir', folder, '--config-file', '.swcrc', '--quiet'];
  execFileSync('node_modules/.bin/swc', args, { cwd: workspace });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function newDataDir(): string {
  const dataDir = join(folder, `data ${(folders += 1)}`);
  execFileSync('cp', ['-a', model, dataDir]);
  return dataDir;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** Another process that starts a server on the folder; prints the server's URL. */
function spawnOwner(dataDir: string, persistent: boolean): ChildProcess & { stdout: Readable } {
  const program = `require(${JSON.stringify(built)} + '/embedded-postgres')
    .startEmbeddedPostgres(${JSON.stringify({ dataDir, persistent })})
    .then((postgres) => console.log(postgres.url('postgres')));`;
  return spawn(process.execPath, ['-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_PATH: join(workspace, 'node_modules') },
  });
}

async function startOwner(dataDir: string, persistent = true): Promise<{ owner: ChildProcess; url: string }> {
  const owner = spawnOwner(dataDir, persistent);
  const [line] = (await once(owner.stdout, 'data')) as [Buffer];
  return { owner, url: line.toString().trim() };
}

async function kill(process: ChildProcess): Promise<void> {
  process.kill('SIGKILL');
  await once(process, 'exit');
}

function serverPid(dataDir: string): number {
  return Number.parseInt(readFileSync(join(dataDir, 'cluster/postmaster.pid'), 'utf8'), 10);
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The test's own time limit ends the waiting. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

it('what was committed is there after stop and start, and stop leaves no process', async () => {
  const dataDir = newDataDir();
  const first = await startEmbeddedPostgres({ dataDir });
  await first.createDatabase('fund');
  await first.createDatabase('fund');
  await query(first.url('fund'), "CREATE TABLE grants AS SELECT 'a' AS name");
  const pid = serverPid(dataDir);
  await first.stop();
  expect(lives(pid)).toBe(false);

  const second = await startEmbeddedPostgres({ dataDir });
  expect(await query(second.url('fund'), 'SELECT name FROM grants')).toEqual([{ name: 'a' }]);
  await second.stop();
});

it('stop breaks off open connections', async () => {
  const postgres = await startEmbeddedPostgres({ dataDir: newDataDir() });
  const client = new Client({ connectionString: postgres.url('postgres') });
  await client.connect();
  const broken = new Promise((settle) => client.on('error', settle));
  await postgres.stop();
  expect(await broken).toBeInstanceOf(Error);
});

it('the server ends by itself when its owner is killed, and keeps what was committed', async () => {
  const dataDir = newDataDir();
  const { owner, url } = await startOwner(dataDir);
  await query(url, "CREATE TABLE kept AS SELECT 'a' AS name");
  const pid = serverPid(dataDir);
  await kill(owner);
  await until(() => !lives(pid));

  const next = await startEmbeddedPostgres({ dataDir });
  expect(await query(next.url('postgres'), 'SELECT name FROM kept')).toEqual([{ name: 'a' }]);
  await next.stop();
});

it('a start right after the kill of the owner does not trip over the old server', async () => {
  const dataDir = newDataDir();
  const { owner } = await startOwner(dataDir);
  await kill(owner);
  const next = await startEmbeddedPostgres({ dataDir });
  expect(await query(next.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await next.stop();
});

it('a server orphaned together with its watcher is stopped by the next start', async () => {
  const dataDir = newDataDir();
  const { owner } = await startOwner(dataDir);
  const pid = serverPid(dataDir);
  const shells = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,command='], { encoding: 'utf8' });
  const watcher = Number(new RegExp(`^\\s*(\\d+) sh -c .* ${dataDir}/cluster`, 'm').exec(shells)?.[1]);
  process.kill(watcher, 'SIGKILL');
  await kill(owner);
  expect(lives(pid)).toBe(true);

  const next = await startEmbeddedPostgres({ dataDir });
  await until(() => !lives(pid));
  await next.stop();
});

it('a server that was killed alone is followed by a new one, with all that was committed', async () => {
  const dataDir = newDataDir();
  const first = await startEmbeddedPostgres({ dataDir });
  await query(first.url('postgres'), "CREATE TABLE kept AS SELECT 'a' AS name");
  const pid = serverPid(dataDir);
  process.kill(pid, 'SIGKILL');
  await first.ended;

  const next = await startEmbeddedPostgres({ dataDir });
  expect(await query(next.url('postgres'), 'SELECT name FROM kept')).toEqual([{ name: 'a' }]);
  await next.stop();
});

it('a folder whose server has a living owner is refused, and that server goes on', async () => {
  const dataDir = newDataDir();
  const first = await startEmbeddedPostgres({ dataDir });
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(`in use by process ${process.pid}`);
  expect(await query(first.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await first.stop();
});

it('a lock file left behind that names the process of a stranger does not keep the server from starting', async () => {
  const dataDir = newDataDir();
  const lockFile = join(dataDir, 'cluster/postmaster.pid');
  const first = await startEmbeddedPostgres({ dataDir });
  const lock = readFileSync(lockFile, 'utf8');
  await first.stop();
  const stranger = spawn('sleep', ['60']);
  writeFileSync(lockFile, lock.replace(/^\d+/, String(stranger.pid)));

  const next = await startEmbeddedPostgres({ dataDir });
  expect(lives(Number(stranger.pid))).toBe(true);
  await next.stop();
  await kill(stranger);
});

it('a cluster whose making was interrupted is made anew', async () => {
  const dataDir = join(folder, 'interrupted');
  mkdirSync(join(dataDir, 'cluster.unfinished-1/base'), { recursive: true });
  writeFileSync(join(dataDir, 'password'), '');
  const postgres = await startEmbeddedPostgres({ dataDir });
  expect(await query(postgres.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await postgres.stop();
  expect(readdirSync(dataDir).sort()).toEqual(['cluster', 'password']);
});

it('an owner that is killed while it makes a throw-away cluster leaves nothing', async () => {
  const dataDir = join(folder, 'killed early');
  const owner = spawnOwner(dataDir, false);
  await until(() => existsSync(dataDir) && readdirSync(dataDir).includes('password'));
  await until(() => readdirSync(dataDir).some((name) => existsSync(join(dataDir, name, 'PG_VERSION'))));
  await kill(owner);
  await until(() => !existsSync(dataDir));
});

it('the folder of a throw-away server is gone after stop', async () => {
  const dataDir = newDataDir();
  const postgres = await startEmbeddedPostgres({ dataDir, persistent: false });
  await postgres.stop();
  expect(existsSync(dataDir)).toBe(false);
});

it('the folder of a throw-away server is gone after its owner was killed', async () => {
  const dataDir = newDataDir();
  const { owner } = await startOwner(dataDir, false);
  await kill(owner);
  await until(() => !existsSync(dataDir));
});

it('a taken port is named in the error', async () => {
  const first = await startEmbeddedPostgres({ dataDir: newDataDir() });
  const second = startEmbeddedPostgres({ dataDir: newDataDir(), port: first.port });
  await expect(second).rejects.toThrow(`could not bind IPv4 address "127.0.0.1"`);
  await first.stop();
});

it('a database name of any letters works', async () => {
  const postgres = await startEmbeddedPostgres({ dataDir: newDataDir() });
  await postgres.createDatabase('working-groups "ä" %');
  expect(await query(postgres.url('working-groups "ä" %'), 'SELECT current_database() AS name')).toEqual([
    { name: 'working-groups "ä" %' },
  ]);
  await postgres.stop();
});
