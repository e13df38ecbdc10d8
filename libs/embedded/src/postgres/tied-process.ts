import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';

/**
 * `exec` makes the shell's own process the program. A watcher left behind waits on a pipe from us: a line means that the
 * program has ended; the end of the pipe without a line means that we are gone, even by kill -9, and so it stops the
 * program (SIGINT, to Postgres: at once, but in order) and then removes the folder. It is no child of the program (hence
 * the two pairs of brackets), as Postgres takes the death of a child for a crash.
 */
const RUN_AS_LONG_AS_WE_LIVE = `
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

export interface TiedProcess {
  readonly ended: Promise<{ readonly code: number | null }>;
  kill(signal: NodeJS.Signals): void;
  /** The newest lines of its standard error. */
  output(): string;
}

/** Runs a program that ends when this process ends, however that comes about, and then removes the folder if one is given. */
export function spawnTied(
  command: readonly string[],
  options: {
    readonly removeAfterUs?: string;
    readonly env?: NodeJS.ProcessEnv;
    /** Takes its standard error, line by line. */
    readonly onLine?: (line: string) => void;
  },
): TiedProcess {
  const child = spawn('sh', ['-c', RUN_AS_LONG_AS_WE_LIVE, 'sh', options.removeAfterUs ?? '', ...command], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    // In a session of its own, Ctrl-C reaches us alone: the services finish their work before the server goes.
    detached: true,
    env: { ...process.env, ...options.env },
  });
  const pipe = child.stdio[3] as Duplex;
  pipe.on('error', () => undefined);
  child.once('exit', () => pipe.end('ended\n'));

  const newest: string[] = [];
  if (child.stderr) {
    createInterface(child.stderr).on('line', (line) => {
      newest.push(line);
      if (newest.length > 30) newest.shift();
      options.onLine?.(line);
    });
  }
  return { ended: endOf(child), kill: (signal) => child.kill(signal), output: () => newest.join('\n') };
}

async function endOf(child: ChildProcess): Promise<{ code: number | null }> {
  return new Promise((settle, fail) => {
    child.once('close', (code) => settle({ code }));
    child.once('error', fail);
  });
}
