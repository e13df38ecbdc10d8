import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const workspace = join(__dirname, '../../../..');

/** The server as a process of its own, built from the sources for the tests that kill it. */
export interface BuiltServer {
  /** Starts it on the folder; resolves when it is ready. `shell` lines run before it, in the same process. */
  start(dataDir: string, shell?: string): Promise<ServerProcess>;
  /** Removes what was built, and kills what a failed test has left. */
  remove(): void;
}

export interface ServerProcess {
  readonly process: ChildProcess;
  readonly connectionString: string;
  /** What it has written to its error output. */
  stderr(): string;
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export function buildServer(): BuiltServer {
  const built = mkdtempSync(join(tmpdir(), 'event store built '));
  const swc = join(dirname(require.resolve('@swc/cli/package.json')), 'bin/swc.js');
  const options = ['--config-file', '.swcrc', '--strip-leading-paths', '--quiet', '--out-dir', built];
  execFileSync(process.execPath, [swc, 'libs/embedded/src/event-store', ...options], { cwd: workspace });
  const main = join(built, 'embedded/src/event-store/main.js');
  const started: ServerProcess[] = [];
  return {
    start: async (dataDir, shell) => {
      const server = await start(main, dataDir, shell);
      started.push(server);
      return server;
    },
    remove: () => {
      for (const { process } of started) process.kill('SIGKILL');
      rmSync(built, { recursive: true });
    },
  };
}

async function start(main: string, dataDir: string, shell = ':'): Promise<ServerProcess> {
  const child = spawn('sh', ['-c', `${shell}; exec "$0" "$1"`, process.execPath, main], {
    env: {
      ...process.env,
      EVENTSTORE_DATA_DIR: dataDir,
      EVENTSTORE_PORT: '0',
      NODE_PATH: join(workspace, 'node_modules'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const ready = once(child.stdout, 'data') as Promise<[Buffer]>;
  const first = await Promise.race([ready, exited.then(() => undefined)]);
  if (first === undefined) throw new Error(stderr);
  return {
    process: child,
    connectionString: first[0].toString().trim(),
    stderr: () => stderr,
    end: async (signal) => {
      child.kill(signal);
      return (await exited)[0];
    },
  };
}
