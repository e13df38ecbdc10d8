import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const POLL_MS = 20;
const STOP_WITHIN_MS = 20_000;

/** How long a server may take to stop in order before it must stop at once (and mend itself at the next start). */
export const PATIENCE_MS = 2_000;

/** A server process that runs on a cluster. */
export interface ServerProcess {
  readonly pid: number;
  readonly parentPid: number;
  /** The process that started it; another parent than this means that it has been orphaned. */
  readonly ownerPid: number;
}

/** A setting that lets everyone read from a server's command line whose server it is. */
export function ownerSetting(): { cluster_name: string } {
  return { cluster_name: `owner-${process.pid}` };
}

/**
 * Reads from the cluster's `postmaster.pid` what became of the last server: still `running`, or the `stalePid` of a
 * server that is gone (by now perhaps the id of a stranger).
 */
export async function lastServer(cluster: string): Promise<{ running?: ServerProcess; stalePid?: number }> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  if (!(pid > 0)) return {};
  const running = await serverProcess(pid, cluster);
  return running ? { running } : { stalePid: pid };
}

/** Stops a server that has lost its owner and resolves when it is gone. Throws when its owner lives. */
export async function stopOrphan(server: ServerProcess, cluster: string): Promise<void> {
  if (server.parentPid === server.ownerPid) {
    throw new Error(`${cluster} is in use by process ${server.ownerPid}. Stop that one first, or take another folder.`);
  }
  for (let waitedMs = 0; await serverProcess(server.pid, cluster); waitedMs += POLL_MS) {
    if (waitedMs > STOP_WITHIN_MS) throw new Error(`The Postgres server ${server.pid} on ${cluster} does not stop.`);
    if (waitedMs === 0) process.kill(server.pid, 'SIGINT');
    if (waitedMs === PATIENCE_MS) process.kill(server.pid, 'SIGQUIT');
    await sleep(POLL_MS);
  }
}

async function serverProcess(pid: number, cluster: string): Promise<ServerProcess | undefined> {
  const found = process.platform === 'linux' ? await fromProc(pid) : await fromPs(pid);
  if (!found?.command.includes(cluster)) return undefined;
  return { pid, parentPid: found.parentPid, ownerPid: Number(/cluster_name=owner-(\d+)/.exec(found.command)?.[1]) };
}

interface Found {
  readonly parentPid: number;
  readonly command: string;
}

async function fromProc(pid: number): Promise<Found | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    return { parentPid: Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]), command };
  } catch {
    return undefined;
  }
}

async function fromPs(pid: number): Promise<Found | undefined> {
  const result = await run('ps', ['-ww', '-o', 'ppid=,command=', '-p', String(pid)]).catch(() => undefined);
  const [, parentPid, command] = /^\s*(\d+)\s+(.*)$/m.exec(result?.stdout ?? '') ?? [];
  return command === undefined ? undefined : { parentPid: Number(parentPid), command };
}
