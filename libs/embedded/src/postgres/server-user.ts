import { execFile } from 'node:child_process';
import { chown, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whom the server runs as, and the words to put before its command line so that it does. */
export interface ServerUser {
  readonly prefix: readonly string[];
  /** Gives a file or folder to the user. */
  own(path: string): Promise<void>;
}

/** An ordinary user runs the server as itself. */
const OURSELVES: ServerUser = { prefix: [], own: async () => undefined };

/**
 * Postgres refuses to run as root, so root runs it as the owner of the cluster, at first `postgres` or else `nobody`.
 * A project in a folder that is closed to others (`/root`, most temporary folders) stays readable for the server: it
 * then keeps root's right to pass through folders, on Linux, and no other.
 *
 * @param cluster folder of the cluster; need not exist.
 * @param paths all that the server must reach.
 */
export async function serverUser(cluster: string, paths: readonly string[]): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return OURSELVES;
  const { uid, gid } = (await ownerOf(cluster)) ?? (await firstUser(['postgres', 'nobody']));
  const closed = (await Promise.all(paths.map((path) => firstClosedFolder(path, uid)))).find(Boolean);
  // The security bit is for access(2), which would otherwise ask what the user may do without the right.
  const pass = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup'];
  const rights = closed ? pass : [];
  const prefix = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...rights];
  await run('setpriv', [...prefix.slice(1), 'true']).catch((error: unknown) => {
    throw new Error(
      `Started as root, but Postgres cannot be run as user ${uid}${closed ? `, who may not enter ${closed}` : ''}. ` +
        'Start as an ordinary user.',
      { cause: error },
    );
  });
  return { prefix, own: (path) => chown(path, uid, gid) };
}

interface Ids {
  readonly uid: number;
  readonly gid: number;
}

async function ownerOf(path: string): Promise<Ids | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && found.uid !== 0 ? found : undefined;
}

async function firstUser(names: readonly string[]): Promise<Ids> {
  for (const name of names) {
    const ids = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]).catch(() => undefined);
    if (ids) return { uid: Number(ids[0].stdout), gid: Number(ids[1].stdout) };
  }
  throw new Error(`Postgres does not run as root, and there is no user ${names.join(' or ')} to run it as.`);
}

async function firstClosedFolder(path: string, uid: number): Promise<string | undefined> {
  const OTHERS_MAY_ENTER = 0o001;
  const parent = dirname(path);
  if (parent === path) return undefined;
  const found = await stat(parent);
  if (found.uid !== uid && (found.mode & OTHERS_MAY_ENTER) === 0) return parent;
  return firstClosedFolder(parent, uid);
}
